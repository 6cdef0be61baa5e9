//! Huiyin (回音): a keyboard workstation for the people of a government hotline, and the server behind it.
//!
//! The modules stand in reading order: what a case is, how it crosses the network, where it is kept,
//! who serves it, and who looks at it. `docs/architecture.md` draws the map; a test holds the arrows.

rust_i18n::i18n!("src/i18n/locales", fallback = "zh-CN");

pub mod clock;
pub mod domain;
pub mod i18n;
pub mod profile;
pub mod wire;

#[cfg(feature = "server")]
pub mod sample;
#[cfg(feature = "server")]
pub mod store;

#[cfg(feature = "server")]
pub mod server;

#[cfg(feature = "desk")]
pub mod client;
#[cfg(feature = "desk")]
pub mod journal;
#[cfg(feature = "desk")]
pub mod theme;

#[cfg(feature = "desk")]
pub mod desk;

pub mod config;

pub mod cli;

#[cfg(test)]
#[cfg(feature = "server")]
#[expect(dead_code, reason = "the stories in tests/it need more of it")]
#[path = "../tests/cluster/mod.rs"]
mod cluster;
