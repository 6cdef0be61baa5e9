//! The weights: for each bucket a short row of the nodes that it speaks for or against.
//!
//! A row holds [`ROW`] nodes at the most and forgets the faintest for a new one, so the whole is bounded by
//! `BUCKETS × ROW` entries of six bytes, whatever is learned. Weights are whole numbers, so that what is stored is what
//! was learned, to the last bit.

use super::grams::BUCKETS;
use super::stored::take;

/// How many nodes a bucket can speak for or against.
pub(super) const ROW: usize = 16;
/// How many steps a weight of one has.
const STEPS: f32 = 8192.0;
/// How many steps a variance of one has.
const VARIANCE_STEPS: f32 = 65_535.0;
/// A weight stays as unsure as this, so that a city that is organised anew is learned anew.
const LEAST_VARIANCE: f32 = 0.02;

/// A weight and how unsure it still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    node: u16,
    weight: i16,
    variance: u16,
}

/// A vector: buckets with their values.
pub(super) type Vector = [(u16, f32)];

/// The weights of all nodes.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Weights {
    /// Empty until something is learned.
    rows: Vec<Vec<Entry>>,
}

impl Weights {
    fn row(&self, bucket: u16) -> &[Entry] {
        self.rows.get(usize::from(bucket)).map_or(&[], Vec::as_slice)
    }

    /// Adds to the scores of all nodes what a vector says.
    pub(super) fn score(&self, vector: &Vector, scores: &mut [f32]) {
        for (bucket, value) in vector {
            for entry in self.row(*bucket) {
                if let Some(score) = scores.get_mut(usize::from(entry.node)) {
                    *score += f32::from(entry.weight) / STEPS * value;
                }
            }
        }
    }

    /// The weight of a node in a bucket.
    pub(super) fn weight(&self, bucket: u16, node: u16) -> f32 {
        let entry = self.row(bucket).iter().find(|entry| entry.node == node);
        entry.map_or(0.0, |entry| f32::from(entry.weight) / STEPS)
    }

    /// What each bucket of a vector says for some nodes together, for at most eight such groups of `among` nodes.
    pub(super) fn shares(&self, vector: &Vector, groups: &[&[u16]], among: usize) -> Vec<Vec<f32>> {
        let mut of = vec![0_u8; among];
        for (bit, nodes) in (0..8).zip(groups) {
            nodes.iter().for_each(|node| of[usize::from(*node)] |= 1 << bit);
        }
        let mut shares = vec![vec![0.0; vector.len()]; groups.len()];
        for (at, (bucket, value)) in vector.iter().enumerate() {
            for entry in self.row(*bucket) {
                let groups = of.get(usize::from(entry.node)).copied().unwrap_or_default();
                for (bit, shares) in shares.iter_mut().enumerate().filter(|_| groups != 0) {
                    if groups & 1 << bit != 0 {
                        shares[at] += f32::from(entry.weight) / STEPS * value;
                    }
                }
            }
        }
        shares
    }

    /// How unsure the score of a node for a vector is.
    pub(super) fn unsure(&self, vector: &Vector, node: u16) -> f32 {
        vector.iter().map(|(bucket, value)| value * value * self.variance(*bucket, node)).sum()
    }

    fn variance(&self, bucket: u16, node: u16) -> f32 {
        let entry = self.row(bucket).iter().find(|entry| entry.node == node);
        entry.map_or(1.0, |entry| f32::from(entry.variance) / VARIANCE_STEPS)
    }

    /// Moves a node by `step` along a vector, each weight by how unsure it is, and makes it surer by `surer`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and bounded before")]
    pub(super) fn learn(&mut self, vector: &Vector, node: u16, step: f32, surer: f32) {
        if self.rows.is_empty() {
            self.rows = vec![Vec::new(); BUCKETS];
        }
        for (bucket, value) in vector {
            let row = &mut self.rows[usize::from(*bucket)];
            let at = row.iter().position(|entry| entry.node == node);
            let was = at.map_or(Entry { node, weight: 0, variance: u16::MAX }, |at| row[at]);
            let variance = f32::from(was.variance) / VARIANCE_STEPS;
            let weight = f32::from(was.weight) + step * variance * value * STEPS;
            let left = (variance - surer * (variance * value).powi(2)).clamp(LEAST_VARIANCE, 1.0);
            let now = Entry {
                node,
                weight: weight.round().clamp(-32_767.0, 32_767.0) as i16,
                variance: (left * VARIANCE_STEPS).round() as u16,
            };
            match at {
                Some(at) => row[at] = now,
                None if now.weight == 0 => {}
                None if row.len() < ROW => row.push(now),
                None => {
                    let faintest = row.iter_mut().min_by_key(|entry| entry.weight.unsigned_abs());
                    if let Some(faintest) = faintest
                        && faintest.weight.unsigned_abs() < now.weight.unsigned_abs()
                    {
                        *faintest = now;
                    }
                }
            }
        }
    }

    /// Writes all rows: for each the number of its entries, and these.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        for bucket in 0..BUCKETS {
            let row = self.rows.get(bucket).map_or(&[][..], Vec::as_slice);
            bytes.push(u8::try_from(row.len()).unwrap_or(u8::MAX));
            for Entry { node, weight, variance } in row {
                bytes.extend(node.to_le_bytes());
                bytes.extend(weight.to_le_bytes());
                bytes.extend(variance.to_le_bytes());
            }
        }
    }

    /// Reads what was written.
    pub(super) fn read(rest: &mut &[u8]) -> Option<Self> {
        let mut rows = Vec::with_capacity(BUCKETS);
        for _ in 0..BUCKETS {
            let [n] = take(rest)?;
            if usize::from(n) > ROW {
                return None;
            }
            let mut row = Vec::with_capacity(usize::from(n));
            for _ in 0..n {
                row.push(Entry {
                    node: u16::from_le_bytes(take(rest)?),
                    weight: i16::from_le_bytes(take(rest)?),
                    variance: u16::from_le_bytes(take(rest)?),
                });
            }
            rows.push(row);
        }
        Some(Self { rows })
    }
}
