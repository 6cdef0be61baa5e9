//! Sealing: XChaCha20-Poly1305 for each record, its key wrapped by argon2id of the password.

use argon2::{Algorithm, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::JournalError;
use crate::domain::secret::Secret;
use crate::domain::stretch::stretch;

/// argon2id: 19 MiB, two passes, one lane, the least OWASP allows; 80 ms here.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
/// The most memory (KiB) and passes believed from a file: a damaged one must not take the machine.
const MEMORY_LIMIT: u32 = 1 << 20;
const PASSES_LIMIT: u32 = 64;

const NONCE: usize = 24;

/// The key that seals records.
#[derive(Clone)]
pub(super) struct RecordKey(Zeroizing<[u8; 32]>);

/// Bytes that only a key opens.
pub(super) struct Sealed {
    pub(super) nonce: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

/// A record key as it is kept.
pub(super) struct Wrapped {
    pub(super) salt: Vec<u8>,
    pub(super) memory: u32,
    pub(super) passes: u32,
    pub(super) key: Sealed,
    pub(super) sum: Vec<u8>,
}

/// What a record is, so that one cannot stand for another.
pub(super) fn label(table: &str, id: &str, version: u64, owner: &str) -> Vec<u8> {
    format!("{table}|{id}|{version}|{owner}").into_bytes()
}

impl RecordKey {
    /// A new random key.
    pub(super) fn new() -> Result<Self, JournalError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// Seals `plain` under `label`.
    pub(super) fn seal(&self, plain: &[u8], label: &[u8]) -> Result<Sealed, JournalError> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload { msg: plain, aad: label };
        let bytes = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| JournalError::NoKey)?;
        Ok(Sealed { nonce: nonce.to_vec(), bytes })
    }

    /// Opens what was sealed under the same label; none if one byte differs.
    pub(super) fn open(&self, sealed: &Sealed, label: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce: [u8; NONCE] = sealed.nonce.as_slice().try_into().ok()?;
        let payload = Payload { msg: &sealed.bytes, aad: label };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
    }

    /// Wraps the key by a password.
    pub(super) fn wrap(&self, password: &Secret, owner: &str) -> Result<Wrapped, JournalError> {
        let salt: [u8; 16] = random()?;
        let by = derive(password, &salt, MEMORY, PASSES)?;
        let key = by.seal(self.0.as_slice(), &label("key", "", 1, owner))?;
        let mut wrapped =
            Wrapped { salt: salt.to_vec(), memory: MEMORY, passes: PASSES, key, sum: Vec::new() };
        wrapped.sum = wrapped.digest(owner);
        Ok(wrapped)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

impl Wrapped {
    /// Unwraps the key: a damaged row and a wrong password are two different answers.
    pub(super) fn unwrap_by(&self, password: &Secret, owner: &str) -> Result<RecordKey, JournalError> {
        let sane = (8..=MEMORY_LIMIT).contains(&self.memory) && (1..=PASSES_LIMIT).contains(&self.passes);
        if !sane || self.digest(owner) != self.sum {
            return Err(JournalError::KeyDamaged);
        }
        let by = derive(password, &self.salt, self.memory, self.passes)?;
        let key = by.open(&self.key, &label("key", "", 1, owner)).ok_or(JournalError::WrongPassword)?;
        let bytes = key.as_slice().try_into().map_err(|_| JournalError::KeyDamaged)?;
        Ok(RecordKey(Zeroizing::new(bytes)))
    }

    /// Says whether the row is as it was written. It guards against chance only; the seal guards against people.
    fn digest(&self, owner: &str) -> Vec<u8> {
        let mut digest = Sha256::new();
        for part in [owner.as_bytes(), &self.salt, &self.key.nonce, &self.key.bytes] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.update(self.memory.to_be_bytes());
        digest.update(self.passes.to_be_bytes());
        digest.finalize().to_vec()
    }
}

fn derive(password: &Secret, salt: &[u8], memory: u32, passes: u32) -> Result<RecordKey, JournalError> {
    // The same password typed on another keyboard may come in another form.
    let password: Zeroizing<String> = Zeroizing::new(password.expose().nfc().collect());
    let params = Params::new(memory, passes, 1, Some(32)).map_err(|_| JournalError::KeyDamaged)?;
    let mut key = Zeroizing::new([0; 32]);
    let how = (Algorithm::Argon2id, Version::V0x13, params);
    stretch(how, password.as_bytes(), salt, key.as_mut_slice()).map_err(|_| JournalError::NoKey)?;
    Ok(RecordKey(key))
}

fn random<const N: usize>() -> Result<[u8; N], JournalError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| JournalError::NoKey)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_as_what_it_was_sealed_as() {
        let key = RecordKey::new().unwrap();
        let as_what = label("draft", "a", 1, "li");
        let sealed = key.seal("路灯不亮".as_bytes(), &as_what).unwrap();
        assert_eq!(key.open(&sealed, &as_what).unwrap().as_slice(), "路灯不亮".as_bytes());
        for other in
            [label("draft", "a", 2, "li"), label("draft", "b", 1, "li"), label("draft", "a", 1, "wu")]
        {
            assert!(key.open(&sealed, &other).is_none());
        }
        assert!(RecordKey::new().unwrap().open(&sealed, &as_what).is_none());
        for at in 0..sealed.bytes.len() {
            let mut bytes = sealed.bytes.clone();
            bytes[at] ^= 1;
            assert!(key.open(&Sealed { nonce: sealed.nonce.clone(), bytes }, &as_what).is_none());
        }
    }

    #[test]
    fn a_wrong_password_is_not_damage() {
        let key = RecordKey::new().unwrap();
        let password = Secret::new("cafe\u{301} 春眠".into());
        let mut wrapped = key.wrap(&password, "li").unwrap();
        let composed = Secret::new("café 春眠".into());
        assert_eq!(*wrapped.unwrap_by(&composed, "li").unwrap().0, *key.0);
        let wrong = Secret::new("春眠不觉晓".into());
        assert!(matches!(wrapped.unwrap_by(&wrong, "li"), Err(JournalError::WrongPassword)));
        wrapped.key.bytes[3] ^= 1;
        assert!(matches!(wrapped.unwrap_by(&password, "li"), Err(JournalError::KeyDamaged)));
    }
}
