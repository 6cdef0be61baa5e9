//! Passwords: which are taken, how they are kept, and how many are checked at once.
//!
//! argon2id costs 19 MiB and some 80 ms of a core on purpose, so a shift that signs in together would take the
//! machine. No more are hashed at once than there are cores; who waits longer than two seconds is told to come back.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::problem::Failure;
use crate::domain::check::{Fault, FaultCode};
use crate::domain::secret::Secret;
use crate::domain::stretch::stretch;
use crate::wire::problem::ProblemCode;

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 8;
/// The most characters of a password.
pub const PASSWORD_MAX: usize = 128;

/// The passwords that everybody tries first, lower case, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password in the one form in which it is hashed (NFC), wiped when dropped.
pub(crate) struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed; only too long a text is refused, before anything is spent on it.
    pub(crate) fn typed(text: String) -> Result<Self, Fault> {
        let text = Zeroizing::new(text);
        let too_long = || Fault {
            pointer: "/password".to_owned(),
            code: FaultCode::TooLong,
            limit: Some(PASSWORD_MAX as u64),
        };
        // Nothing composes from more than a handful of characters, so a text this long stays too long.
        if text.len() > PASSWORD_MAX * 16 {
            return Err(too_long());
        }
        let composed: Zeroizing<String> = Zeroizing::new(text.nfc().collect());
        if composed.chars().count() > PASSWORD_MAX { Err(too_long()) } else { Ok(Self(composed)) }
    }

    /// Whether it may be the new password of an account; `context` are words known to anybody here: the name of the
    /// account, of the city, of the hotline.
    pub(crate) fn check(&self, context: &[&str]) -> Result<(), Fault> {
        if self.0.chars().count() < PASSWORD_MIN {
            let limit = Some(PASSWORD_MIN as u64);
            return Err(Fault { pointer: "/password".to_owned(), code: FaultCode::TooShort, limit });
        }
        if is_common(&self.0, context) {
            return Err(Fault::new("/password", FaultCode::TooCommon));
        }
        Ok(())
    }
}

fn is_common(password: &str, context: &[&str]) -> bool {
    let lower = Zeroizing::new(password.to_lowercase());
    let listed = |word: &str| COMMON.lines().any(|line| line == word);
    // What is left when the usual trimmings are off: `Password2026!!` is still `password`.
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let plain =
        core.replace('0', "o").replace('1', "l").replace('3', "e").replace(['4', '@'], "a").replace('$', "s");
    let known = |word: &&str| {
        let word = word.to_lowercase();
        !word.is_empty() && (core == word || *lower == word.repeat(2) || *lower == word)
    };
    listed(&lower) || listed(core) || listed(&plain) || context.iter().any(known) || is_pattern(&lower)
}

/// One character again and again, a run along the alphabet or the digits, or a short piece repeated.
fn is_pattern(text: &str) -> bool {
    let chars: Vec<u32> = text.chars().map(u32::from).collect();
    let step = |by: i64| chars.windows(2).all(|pair| i64::from(pair[1]) - i64::from(pair[0]) == by);
    let digits_run = |order: &str| order.contains(text);
    let repeats = |n: usize| chars.chunks(n).all(|piece| piece == &chars[..piece.len()]);
    step(0)
        || step(1)
        || step(-1)
        || digits_run("12345678901234567890123456789012345678901234567890")
        || digits_run("09876543210987654321098765432109876543210987654321")
        || (1..=6).any(|n| chars.len() >= 2 * n && repeats(n))
}

/// What the password of an account that does not exist is checked against, so that it costs the same. Written down,
/// because to make one at the start would double the time to the first frame of a desk.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$ai7f3oubpAY5x29LusmB6A$P8+m0AjukeM4McPJG1gGVIPl2sa4bQMToZraS7u9MEM";

/// What a look at a password says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is not the one, or there is no such account.
    Wrong,
    /// It is the one.
    Right {
        /// What to keep instead, where it is kept under weaker parameters than today's.
        stronger: Option<String>,
    },
}

/// Hashes and checks passwords, a few at a time.
#[derive(Clone)]
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    wait: Duration,
}

/// The right to hash one password; held while it is done.
pub(crate) struct Turn(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Passwords {
    /// As many at once as `cores`; a turn is waited for no longer than `wait`.
    pub(crate) fn new(cores: usize, wait: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(cores.max(1))), wait }
    }

    /// Waits for a turn; 503 when it does not come.
    pub(crate) async fn turn(&self) -> Result<Turn, Failure> {
        match tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn(permit)),
            _ => Err(Failure::later(ProblemCode::Busy, 2)),
        }
    }

    /// The hash to store, in PHC form.
    pub(crate) async fn hash(&self, turn: Turn, password: Password) -> Result<String, Failure> {
        let work = move || {
            let _turn = turn;
            hash_now(password.0.as_bytes())
        };
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
    }

    /// Whether `password` is the one of `stored`; for `None`, an account that is not there, never, at the same cost.
    /// A password that is right and kept under weaker parameters than today's is hashed anew in the same turn.
    pub(crate) async fn verify(
        &self,
        turn: Turn,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, Failure> {
        let work = move || {
            let _turn = turn;
            let exists = stored.is_some();
            let hash = stored.as_deref().unwrap_or(NOBODY);
            let right = is_right(password.0.as_bytes(), hash) && exists;
            if !right {
                return Ok(Verdict::Wrong);
            }
            let stronger = is_weak(hash).then(|| hash_now(password.0.as_bytes())).transpose()?;
            Ok(Verdict::Right { stronger })
        };
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
    }
}

/// Why a new password is not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It breaks a rule.
    Refused(Fault),
    /// It cannot be hashed: no memory for it.
    NotHashed,
}

/// Checks a new password and hashes it on this thread, for commands at the machine of the store itself; `context`
/// are words known to anybody here. Gives its PHC string.
pub fn hash_new(password: &Secret, context: &[&str]) -> Result<String, NotTaken> {
    let password = Password::typed(password.expose().to_owned()).map_err(NotTaken::Refused)?;
    password.check(context).map_err(NotTaken::Refused)?;
    hash_now(password.0.as_bytes()).map_err(|_| NotTaken::NotHashed)
}

/// KiB of memory: with two passes and one lane, OWASP's least for argon2id.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;

/// Whether a hash that is kept cost its maker less than one of today.
fn is_weak(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let params = Params::try_from(&hash);
    hash.algorithm.as_str() != "argon2id"
        || params.is_ok_and(|params| params.m_cost() < MEMORY || params.t_cost() < PASSES)
}

/// Whether `stored` was made of this password. What cannot be read was made of none.
fn is_right(password: &[u8], stored: &str) -> bool {
    let again = || {
        let hash = PasswordHash::new(stored).ok()?;
        let (salt, kept) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?;
        let mut out = vec![0; kept.as_ref().len()];
        stretch((algorithm, version, Params::try_from(&hash).ok()?), password, salt, &mut out).ok()?;
        // Outputs are compared in constant time.
        Some(Output::new(&out).ok()? == *kept)
    };
    again().unwrap_or(false)
}

fn hash_now(password: &[u8]) -> Result<String, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::internal(anyhow::anyhow!("{error}"));
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|error| failed(&error))?;
    let (mut salt, mut out) = ([0; 16], [0; Params::DEFAULT_OUTPUT_LEN]);
    getrandom::fill(&mut salt).map_err(|error| failed(&error))?;
    let how = (Algorithm::Argon2id, Version::V0x13, params.clone());
    stretch(how, password, &salt, &mut out).map_err(|error| failed(&error))?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| failed(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| failed(&error))?),
        hash: Some(Output::new(&out).map_err(|error| failed(&error))?),
    };
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::{Argon2, PasswordHasher as _};

    use super::*;

    fn refused(text: &str) -> Option<FaultCode> {
        let password = match Password::typed(text.to_owned()) {
            Ok(password) => password,
            Err(fault) => return Some(fault.code),
        };
        password.check(&["chenlu", "鹭港市"]).err().map(|fault| fault.code)
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "12345678",
            "1234567890123",
            "87654321",
            "11111111",
            "abcdefgh",
            "Password123",
            "p@ssw0rd!",
            "1234512345",
            "12345hotline",
            "qwertyuiop",
            "chenlu2026",
            "chenluchenlu",
            "鹭港市鹭港市鹭港市",
            "woaini1314",
            "admin123",
            "abcabcabc",
        ] {
            assert_eq!(refused(common), Some(FaultCode::TooCommon), "{common}");
        }
        for fine in ["海边的第三把椅子", "Tide-Lamp-47-quay", "correct horse battery", "xK9#mm2p"] {
            assert_eq!(refused(fine), None, "{fine}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(refused("七个字的密码哦"), Some(FaultCode::TooShort));
        assert_eq!(refused(""), Some(FaultCode::TooShort));
        let most: String = (0..128).map(|n| char::from_u32(0x4e00 + n * n).unwrap()).collect();
        assert_eq!(refused(&most), None);
        assert_eq!(refused(&format!("{most}z")), Some(FaultCode::TooLong));
        assert_eq!(refused(&"x".repeat(1_000_000)), Some(FaultCode::TooLong));
        assert_eq!(refused("🦀🐙🦑🐚🐬🐳🦈🐡"), None);
    }

    #[tokio::test]
    async fn one_spelling_is_as_good_as_the_other_and_nothing_is_cut_off() {
        let passwords = Passwords::new(1, Duration::from_secs(5));
        let of = |text: &str| Password::typed(text.to_owned()).ok().unwrap();
        // 72 bytes and more: bcrypt would stop reading there.
        let long = format!("caf\u{e9} {}", "x".repeat(90));
        let stored = passwords.hash(passwords.turn().await.ok().unwrap(), of(&long)).await.ok().unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        for (typed, right) in [
            (long.clone(), true),
            (format!("cafe\u{301} {}", "x".repeat(90)), true),
            (format!("caf\u{e9} {}y", "x".repeat(89)), false),
            (format!("{long} "), false),
        ] {
            let turn = passwords.turn().await.ok().unwrap();
            let verdict = passwords.verify(turn, of(&typed), Some(stored.clone())).await.ok().unwrap();
            let expected = if right { Verdict::Right { stronger: None } } else { Verdict::Wrong };
            assert_eq!(verdict, expected, "{typed}");
        }
        // Whoever is nobody is checked at the same price, and is never let in.
        assert_eq!(NOBODY[..31], stored[..31]);
        for (account, verdict) in
            [(Some(NOBODY.to_owned()), Verdict::Right { stronger: None }), (None, Verdict::Wrong)]
        {
            let turn = passwords.turn().await.ok().unwrap();
            let told = passwords.verify(turn, of("nobody has this password"), account).await.ok().unwrap();
            assert_eq!(told, verdict);
        }
    }

    #[tokio::test]
    async fn a_password_under_weaker_parameters_is_hashed_anew() {
        let passwords = Passwords::new(1, Duration::from_secs(5));
        let of = |text: &str| Password::typed(text.to_owned()).ok().unwrap();
        for (algorithm, memory, passes, weak) in [
            (Algorithm::Argon2id, 8 * 1024, 2, true),
            (Algorithm::Argon2id, MEMORY, 1, true),
            (Algorithm::Argon2i, MEMORY, PASSES, true),
            (Algorithm::Argon2id, MEMORY, PASSES + 1, false),
        ] {
            let earlier = Params::new(memory, passes, 1, None).unwrap();
            let earlier = Argon2::new(algorithm, Version::V0x13, earlier);
            let stored = earlier.hash_password(b"Tide-Lamp-47-quay").unwrap().to_string();
            let turn = passwords.turn().await.ok().unwrap();
            let verdict = passwords.verify(turn, of("Tide-Lamp-47-quay"), Some(stored.clone())).await;
            let Ok(Verdict::Right { stronger }) = verdict else { panic!("{stored}") };
            assert_eq!(stronger.is_some(), weak, "{stored}");
            assert!(stronger.is_none_or(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
            let turn = passwords.turn().await.ok().unwrap();
            let verdict = passwords.verify(turn, of("not the password"), Some(stored)).await.ok().unwrap();
            assert_eq!(verdict, Verdict::Wrong);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_told_to_come_back() {
        let passwords = Passwords::new(1, Duration::from_secs(2));
        let held = passwords.turn().await.ok().unwrap();
        assert_eq!(passwords.turn().await.err().map(|failure| failure.status().as_u16()), Some(503));
        drop(held);
        assert!(passwords.turn().await.is_ok());
    }
}
