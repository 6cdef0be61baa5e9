//! What a case is and what may be done with it. Pure: no file, no network, no database, no time of day.
//!
//! Everything here takes its inputs as arguments and cannot fail on the outside world.

pub mod account;
pub mod act;
pub mod amendment;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod check;
pub mod code;
pub mod deadline;
pub mod elements;
pub mod epoch;
pub mod event;
pub mod find;
pub mod follow_up;
pub mod id;
pub mod leading;
pub mod learning;
pub mod likeness;
pub mod merge;
pub mod moment;
pub mod normalise;
pub mod number;
pub mod number_hint;
pub mod phone;
pub mod presence;
pub mod progress;
#[cfg(test)]
mod progress_tests;
pub mod query;
pub mod query_date;
mod query_name;
pub mod query_typing;
pub mod receipt;
pub mod relevance;
mod runs;
pub mod safe;
pub mod secret;
pub mod slots;
pub mod stretch;
pub mod suggest;
pub mod terms;
pub mod title;
pub mod topic;
