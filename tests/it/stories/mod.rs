//! What people do at the desk, told by their keys and what they see.

mod intake;
mod sign_in;
