//! Which shape a filing or an act has: `Huiyin-Format`. The server takes the current one and the one before.
//!
//! Format 1 is what desks sent before there was a number: bodies without `sent`, and no header. Format 2 may carry
//! `sent` (`sent.rs`). A change that an older server would refuse or misread takes the next number; what waits in an
//! outbox keeps the number it was made with, so the server may drop a format only one release after the next came.

/// The header that names the format; absent in format 1.
pub const FORMAT: &str = "huiyin-format";
/// The format before the current one, still taken.
pub const PREVIOUS: u32 = 1;
/// The format that this version sends.
pub const CURRENT: u32 = 2;

/// The header of every answer that names the store's epoch (`domain/epoch.rs`).
pub const EPOCH: &str = "huiyin-epoch";

/// The header of an answer to a change that tells a place in the feed behind it, and of a request that tells the greatest
/// one its sender has heard of: lists may then be read from a copy of the store that has come so far.
pub const PLACE: &str = "huiyin-place";
