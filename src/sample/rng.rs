//! A small generator of numbers that is the same on every machine and for ever: `SplitMix64`, whole numbers only.
//!
//! The crate `rand` does not promise the same numbers from one version to the next; a benchmark of last year must
//! still be of the same cases.

/// Where in the stream of numbers we are.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    /// The stream that belongs to `seed` and these two keys, such as a case and a purpose.
    pub(super) fn new(seed: u64, key: u64, purpose: u64) -> Self {
        let mut rng = Self(seed ^ key.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ purpose.rotate_left(48));
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1, all alike; 0 for an `n` of 0.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// 0 to `n` - 1, the first far oftener than the last, about as 1, 1/2, 1/3, … (Zipf).
    pub(super) fn skewed(&mut self, n: u64) -> u64 {
        if n < 2 {
            return 0;
        }
        let octaves = u64::from(n.ilog2()) + 1;
        loop {
            let octave = 1 << self.below(octaves);
            let at = octave - 1 + self.below(octave);
            if at < n {
                return at;
            }
        }
    }

    /// True so many times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of them, all alike.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.index(all.len())]
    }

    /// One of them, the first far oftener than the last.
    pub(super) fn pick_skewed<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.skewed(all.len() as u64);
        &all[usize::try_from(at).unwrap_or(0)]
    }

    /// One of them by shares that add up to 1000.
    pub(super) fn share<T: Copy>(&mut self, shares: &[(u64, T)]) -> T {
        let mut left = self.below(1000);
        for (share, one) in shares {
            if left < *share {
                return *one;
            }
            left -= share;
        }
        shares[shares.len() - 1].1
    }

    /// A place in a list of `len`.
    pub(super) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }
}
