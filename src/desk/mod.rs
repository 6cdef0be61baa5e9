//! The desk: the terminal program, from the terminal's modes up to the screens.
//!
//! `terminal` owns the modes, `backend` paints, `input` reads, `run` is the loop between them; `text` measures.

pub mod backend;
pub mod input;
pub mod keys;
pub mod mailbox;
pub mod run;
pub mod terminal;
pub mod text;
pub mod widgets;
