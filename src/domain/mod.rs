//! What a case is and what may be done with it. Pure: no file, no network, no database, no time of day.
//!
//! Everything here takes its inputs as arguments and cannot fail on the outside world.

pub mod calendar;
pub mod code;
pub mod deadline;
pub mod normalise;
pub mod number;
pub mod phone;
pub mod query;
pub mod terms;
