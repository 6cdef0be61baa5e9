//! The city profile as the server serves it.
