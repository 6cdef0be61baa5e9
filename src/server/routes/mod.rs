//! One file a resource; `router.rs` says which route leads to which function, and who may come.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod batch;
pub(crate) mod callers;
pub(crate) mod cases;
pub(crate) mod discards;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod like;
pub(crate) mod presence;
pub(crate) mod profile;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod stations;
pub(crate) mod suggest;
pub(crate) mod topics;
pub(crate) mod work;
