//! Who has been shown the first keys at this desk: an empty file an account. Losing it costs one more showing.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::cache::sum;
use crate::domain::account::AccountName;

/// Notes that `account` of `realm` was shown them, in the folder `dir`; says whether this was the first time.
pub fn greet(dir: &Path, realm: &str, account: &AccountName) -> io::Result<bool> {
    // A name is no file name; its digest is.
    let path = dir.join(format!("greeted-{}", &sum(format!("{account} {realm}").as_bytes())[..16]));
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_greeted_once() {
        let dir = tempfile::tempdir().unwrap();
        let greeted = |name: &str, realm| greet(dir.path(), realm, &name.parse().unwrap()).unwrap();
        assert!(greeted("lin", "here"));
        assert!(!greeted("lin", "here"));
        assert!(greeted("林晓", "here"));
        assert!(greeted("lin", "there"));
    }
}
