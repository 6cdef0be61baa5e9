//! What a person uses, kept on this desk: a small file an account, plain, for it holds codes only. Losing it costs an
//! order of candidates; a damaged or foreign one is as good as none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::cache::sum;
use crate::domain::account::AccountName;

/// What was kept for `account` at `realm` in the folder `dir`; empty if there is nothing.
pub fn read(dir: &Path, realm: &str, account: &AccountName) -> Vec<u8> {
    fs::read(path(dir, realm, account)).unwrap_or_default()
}

/// Keeps it; a reader sees the old one or the new one, never half of one.
pub fn keep(dir: &Path, realm: &str, account: &AccountName, bytes: &[u8]) -> io::Result<()> {
    let path = path(dir, realm, account);
    let aside = path.with_extension("new");
    fs::write(&aside, bytes)?;
    fs::rename(aside, path)
}

/// A name is no file name; its digest is.
fn path(dir: &Path, realm: &str, account: &AccountName) -> PathBuf {
    dir.join(format!("uses-{}.json", &sum(format!("{account} {realm}").as_bytes())[..16]))
}
