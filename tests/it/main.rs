//! The stories and the guards, in one binary: the real desk, the real router, a real store.

#![expect(clippy::unwrap_used, reason = "a story that fails says where")]

mod api;
mod guard;
mod harness;
mod openapi;
mod raw_http;
mod roles;
mod served;
mod stories;
