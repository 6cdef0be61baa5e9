//! What people do at the desk, told by their keys and what they see.

mod calls;
mod case;
mod drafts;
mod editing;
mod form;
mod hostile;
mod intake;
mod keys;
mod layouts;
mod look;
mod mouse;
mod outbox;
mod password;
mod ready;
mod safety;
mod search;
mod session;
mod sign_in;
mod snippets;
mod strokes;
mod suggest;
mod together;
mod tour;
mod walks;
mod wide;
mod work;
