//! Tokens: random words that stand for somebody. The server keeps their SHA-256 and never the word.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::secret::Secret;

/// SHA-256 of a token: what is stored and looked up in its place.
pub(crate) type Fingerprint = [u8; 32];

/// The length of a token: 256 bits in hexadecimal.
const LENGTH: usize = 64;

/// A new token.
pub fn random_secret() -> Result<Secret, getrandom::Error> {
    let mut bytes = Zeroizing::new([0_u8; LENGTH / 2]);
    getrandom::fill(bytes.as_mut())?;
    Ok(Secret::new(hex(bytes.as_ref())))
}

/// The fingerprint of what may be a token; none for what cannot be one.
pub(crate) fn fingerprint(token: &str) -> Option<Fingerprint> {
    let plausible =
        token.len() == LENGTH && token.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    plausible.then(|| Sha256::digest(token.as_bytes()).into())
}

/// Whether `word` is `secret`, in a time that does not depend on how much of it is right.
pub(crate) fn same(secret: &Secret, word: &str) -> bool {
    let (a, b) = (Sha256::digest(secret.expose().as_bytes()), Sha256::digest(word.as_bytes()));
    a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_token_has_a_fingerprint() {
        let token = random_secret().unwrap();
        let word = token.expose();
        assert!(fingerprint(word).is_some());
        assert_ne!(fingerprint(word), fingerprint(random_secret().unwrap().expose()));
        for not in ["", &word[1..], &word.to_uppercase().replace(char::is_numeric, "A"), &format!("{word}0")]
        {
            assert_eq!(fingerprint(not), None, "{not}");
        }
    }

    #[test]
    fn words_are_compared_whole() {
        let secret = Secret::new("lantern".into());
        assert!(same(&secret, "lantern"));
        assert!(!same(&secret, "lanter") && !same(&secret, "") && !same(&secret, "lanternn"));
    }
}
