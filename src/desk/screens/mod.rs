//! The screens: each has its state, what a key does to it (`update`), and how it is painted (`view`).

pub mod case;
pub mod case_row;
pub mod drafts;
pub mod intake;
pub mod overlay;
pub mod pick;
pub mod reader;
pub mod search;
pub mod sign_in;
pub mod work;
