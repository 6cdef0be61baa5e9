//! The files that secrets come from.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::ConfigError;
use crate::domain::secret::Secret;

/// The longest file a secret is read from, in bytes.
const LIMIT: u64 = 64 * 1024;

/// Whether other accounts of this machine can read `path`. A pipe or a device is nobody else's.
pub fn world_readable(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Ok(metadata.is_file() && metadata.permissions().mode() & 0o004 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(false)
    }
}

/// Reads a one-line secret, such as a password; the line's end is not part of it, blanks are.
pub fn read_secret_file(path: &Path) -> Result<Secret, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let mut text = Zeroizing::new(String::new());
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(LIMIT).read_to_string(&mut text).map_err(unreadable)?;
    let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Secret::new(line.to_owned()))
}

/// Reads a file that must be closed to others, such as a private key.
pub fn read_private_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    if world_readable(path).map_err(unreadable)? {
        return Err(ConfigError::NotPrivate { path: path.to_owned() });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    fs::File::open(path).map_err(unreadable)?.take(LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_file_is_its_first_line_without_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        for (file, password) in
            [("春眠不觉晓 \n", "春眠不觉晓 "), ("a b\r\n", "a b"), ("abc", "abc"), ("", "")]
        {
            fs::write(&path, file).unwrap();
            assert_eq!(read_secret_file(&path).unwrap().expose(), password);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_open_to_others_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        fs::write(&path, "key").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(read_private_file(&path), Err(ConfigError::NotPrivate { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_private_file(&path).unwrap().as_slice(), b"key");
    }
}
