//! What crosses the network, and nothing else: the JSON bodies of the API, shared by client and server.
//!
//! Requests refuse unknown keys. Answers do not (`lenient.rs`), so that a desk can be older than its server.

pub mod account;
pub mod act;
pub mod case;
pub mod discard;
pub mod event;
pub mod format;
pub mod lenient;
pub mod presence;
pub mod problem;
pub mod profile;
pub mod search;
pub mod sent;
pub mod station;
pub mod suggest;
pub mod topic;
