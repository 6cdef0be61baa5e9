//! The model as bytes: what was learned without what the profile says, which it is put together with again.

use super::weights::Weights;
use super::{Department, Learned, Matter, grams};

/// Changes with everything that makes other weights of the same lessons, so that an old model is made anew.
const FORMAT: &[u8; 8] = b"HYlearn2";

impl Learned {
    /// As it is stored: some hundred kilobytes to six megabytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = FORMAT.to_vec();
        bytes.extend(self.fingerprint.to_le_bytes());
        bytes.extend(self.texts.to_le_bytes());
        bytes.extend(self.lessons.to_le_bytes());
        for seen in &self.seen {
            bytes.extend(seen.to_le_bytes());
        }
        self.weights.write(&mut bytes);
        bytes.extend(check(&bytes).to_le_bytes());
        bytes
    }

    /// What was stored; none if that is damaged, of another version, or was learned of another profile.
    pub fn from_bytes(bytes: &[u8], matters: &[Matter], departments: &[Department]) -> Option<Self> {
        let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(8)?)?;
        if sum != check(content).to_le_bytes() {
            return None;
        }
        let mut rest = content.strip_prefix(FORMAT)?;
        let fingerprint = u64::from_le_bytes(take(&mut rest)?);
        let mut model = Self::blank(matters, departments);
        if fingerprint != model.fingerprint {
            return None;
        }
        model.texts = u32::from_le_bytes(take(&mut rest)?);
        model.lessons = u32::from_le_bytes(take(&mut rest)?);
        for seen in &mut model.seen {
            *seen = u32::from_le_bytes(take(&mut rest)?);
        }
        model.weights = Weights::read(&mut rest)?;
        rest.is_empty().then_some(model)
    }
}

/// The next bytes.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

/// Of all that a profile says here.
pub(super) fn fingerprint(matters: &[Matter], departments: &[Department]) -> u64 {
    let mut said = Vec::new();
    let mut say = |words: &str| {
        said.extend(words.as_bytes());
        said.push(0);
    };
    for Matter { code, level1, level2, level3, keywords, department } in matters {
        [code.as_str(), level1, level2, level3].into_iter().for_each(&mut say);
        keywords.iter().for_each(|word| say(word));
        say(department.as_ref().map_or("", |code| code.as_str()));
    }
    say("departments");
    for Department { code, name, aliases, duties, keywords, .. } in departments {
        [code.as_str(), name, duties].into_iter().for_each(&mut say);
        aliases.iter().chain(keywords).for_each(|word| say(word));
    }
    check(&said)
}

/// FNV-1a: against accidents, not against anybody.
fn check(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ grams::BUCKETS as u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
