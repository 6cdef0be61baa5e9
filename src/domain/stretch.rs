//! Stretching passwords: argon2id, in memory that goes back to the system afterwards.
//!
//! Pure, for the server (which checks passwords) and the journal (which seals with them) alike. glibc's allocator
//! keeps what was freed for the next time, unless it was larger than 32 MiB; so a desk kept 19 MiB for a whole
//! shift for two sign-ins a day. The room asked for here is larger than that, and only as much of it is touched as
//! is needed.

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Memory blocks (1 KiB each) that no allocator keeps: one above the 32 MiB of glibc.
const NEVER_KEPT: usize = 33 * 1024;

/// There is no memory for it, or its arguments are out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password cannot be stretched")]
pub struct NotStretched;

/// Fills `out` with what `password` and `salt` make under these parameters.
pub fn stretch(
    (algorithm, version, params): (Algorithm, Version, Params),
    password: &[u8],
    salt: &[u8],
    out: &mut [u8],
) -> Result<(), NotStretched> {
    let blocks = params.block_count();
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(blocks.max(NEVER_KEPT)).map_err(|_| NotStretched)?;
    memory.resize(blocks, Block::default());
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, out, &mut memory)
        .map_err(|_| NotStretched)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_argon2() {
        let of = |algorithm| (algorithm, Version::V0x13, Params::new(64, 2, 1, Some(32)).unwrap());
        for algorithm in [Algorithm::Argon2id, Algorithm::Argon2i] {
            let (mut ours, mut theirs) = ([0; 32], [0; 32]);
            stretch(of(algorithm), b"Tide-Lamp-47-quay", b"salt of sixteen.", &mut ours).unwrap();
            let (algorithm, version, params) = of(algorithm);
            Argon2::new(algorithm, version, params)
                .hash_password_into(b"Tide-Lamp-47-quay", b"salt of sixteen.", &mut theirs)
                .unwrap();
            assert_eq!(ours, theirs);
        }
        assert_eq!(stretch(of(Algorithm::Argon2id), b"", b"short", &mut [0; 32]), Err(NotStretched));
    }
}
