//! The program: parse the command line, log to a file, dispatch.

fn main() {}
