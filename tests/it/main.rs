//! The stories and the guards, in one binary: the real desk, the real router, a real store.

#![expect(clippy::unwrap_used, reason = "a story that fails says where")]

mod api;
mod backup;
mod bad_input;
mod broken;
mod city;
mod clocks;
#[path = "../cluster/mod.rs"]
mod cluster;
mod clusters;
mod codes;
mod commands;
mod crash;
mod crowd;
mod divisions;
mod docs;
mod doctor;
mod draining;
mod examples;
mod export;
mod faults;
mod formats;
mod gallery;
mod guard;
mod guard_keys;
mod harness;
mod kills;
#[path = "../bench/labelled.rs"]
mod labelled;
mod linear;
mod machine;
mod network;
mod openapi;
#[path = "../cluster/pair.rs"]
mod pair;
mod pictures;
mod power;
mod presence;
mod raw_http;
mod real_data;
mod repeats;
mod roles;
mod served;
mod serving;
mod stations;
mod stories;
mod sweep;
mod sync;
mod terminal;
mod tls;
mod traps;
mod usage;
