//! What may happen next, and the dice that choose it: a day is its seed, and shrinks by leaving turns out.

/// A stream of numbers that a seed gives again.
#[derive(Debug, Clone)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// The next number (`SplitMix64`).
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// A number in 0..1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    pub(super) fn chance(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `list`.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }
}

/// What a person, the line, the server, a disk or a machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A draft is begun, or typed on.
    Type,
    /// A draft is submitted.
    Submit,
    /// Something is done with a case.
    Act,
    /// A case is opened and read.
    Look,
    /// A request reaches the server.
    Arrive,
    /// An answer reaches the desk.
    Return,
    /// A request is lost on its way.
    LoseRequest,
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// A request arrives, and arrives again some other time.
    Repeat,
    /// Something between here and there answers.
    Meddle,
    /// A moment.
    Pass,
    /// Hours.
    Wait,
    /// The cable is out.
    Dark,
    /// It is in again.
    Light,
    /// A session is ended by the server.
    Revoke,
    /// Somebody signs in again.
    SignIn,
    /// What was refused is put right, or asked for again.
    Correct,
    /// What was refused is thrown away.
    Discard,
    /// A desk is killed and started again.
    Kill,
    /// A desk is killed before its journal has written what an answer said.
    KillLate,
    /// The server is stopped where it stands and started again.
    Restart,
    /// The server's store is copied.
    BackUp,
    /// The server is put back to that copy.
    PutBack,
    /// A disk takes nothing more.
    DiskFails,
    /// It does again.
    DiskHeals,
}

/// How often each happens, of all.
const WEIGHTS: &[(What, usize)] = &[
    (What::Type, 14),
    (What::Submit, 12),
    (What::Act, 14),
    (What::Look, 4),
    (What::Arrive, 16),
    (What::Return, 18),
    (What::LoseRequest, 4),
    (What::LoseAnswer, 5),
    (What::Repeat, 4),
    (What::Meddle, 4),
    (What::Pass, 8),
    (What::Wait, 1),
    (What::Dark, 2),
    (What::Light, 3),
    (What::Revoke, 1),
    (What::SignIn, 3),
    (What::Correct, 4),
    (What::Discard, 1),
    (What::Kill, 1),
    (What::KillLate, 1),
    (What::Restart, 1),
    (What::DiskFails, 1),
    (What::DiskHeals, 2),
];

/// One thing that happens, and its luck.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) what: What,
    pub(super) luck: u64,
}

/// The turns of a day.
pub(super) fn day(seed: u64) -> Vec<Turn> {
    let mut dice = Dice(seed);
    let length = 20 + dice.below(60);
    let all: usize = WEIGHTS.iter().map(|(_, weight)| weight).sum();
    let turns = std::iter::repeat_with(|| {
        let mut at = dice.below(all);
        let mut turned = WEIGHTS.iter().filter(|(_, weight)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let what = turned.next().map_or(What::Pass, |(what, _)| *what);
        Turn { what, luck: dice.roll() }
    })
    .take(length);
    let mut turns: Vec<_> = turns.collect();
    // On every other day the server is put back to what it was.
    if seed % 8 > 3 {
        let back = dice.below(length);
        turns.insert(back, Turn { what: What::PutBack, luck: dice.roll() });
        turns.insert(dice.below(back + 1), Turn { what: What::BackUp, luck: dice.roll() });
    }
    turns
}
