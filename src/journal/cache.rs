//! What can be fetched again: the city profile, by the entity tag it came with. Plain; losing it costs a request.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A body and the tag by which the server knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cached {
    /// The entity tag.
    pub etag: String,
    /// The JSON as it came.
    pub body: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    etag: String,
    sum: String,
}

/// The profile kept for `realm` in the folder `dir`; none if there is none that is whole.
pub fn profile(dir: &Path, realm: &str) -> Option<Cached> {
    let bytes = fs::read(path(dir, realm)).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    let body = bytes[end + 1..].to_vec();
    (sum(&body) == head.sum).then_some(Cached { etag: head.etag, body })
}

/// Keeps the profile of `realm`; a reader sees the old one or the new one, never half of one.
pub fn keep_profile(dir: &Path, realm: &str, cached: &Cached) -> io::Result<()> {
    let path = path(dir, realm);
    let aside = path.with_extension("new");
    let head = Head { etag: cached.etag.clone(), sum: sum(&cached.body) };
    let mut file = fs::File::create(&aside)?;
    serde_json::to_writer(&mut file, &head)?;
    file.write_all(b"\n")?;
    file.write_all(&cached.body)?;
    fs::rename(aside, path)
}

/// An address is no file name; its digest is.
fn path(dir: &Path, realm: &str) -> PathBuf {
    dir.join(format!("profile-{}.json", &sum(realm.as_bytes())[..16]))
}

pub(super) fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_file_is_as_good_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let cached = Cached { etag: "\"a\"".into(), body: b"{\"city\":1}".to_vec() };
        assert_eq!(profile(dir.path(), "embedded"), None);
        keep_profile(dir.path(), "embedded", &cached).unwrap();
        assert_eq!(profile(dir.path(), "embedded"), Some(cached));
        assert_eq!(profile(dir.path(), "https://other"), None);
        let file = path(dir.path(), "embedded");
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(profile(dir.path(), "embedded"), None);
    }
}
