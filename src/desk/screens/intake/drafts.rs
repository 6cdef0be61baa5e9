//! The drafts of this shift in the order of their calls, the one in front, and which caller is talked to.

use jiff::Timestamp;

use super::call::{Call, Phase};
use super::{Draft, Receipt, Side};
use crate::desk::msg::Turn;
use crate::domain::id::CaseId;

/// The drafts, one of them in front.
#[derive(Debug)]
pub struct Drafts {
    list: Vec<Draft>,
    front: usize,
    /// Questions are counted over all drafts, so that no answer reaches another one.
    turn: Turn,
    /// Whether calls are counted at all.
    clock: bool,
    /// The call whose case is filed: the caller is told the number, then comes what is to be done after it.
    told: Option<Call>,
    /// How often a text was read after its frame, and more was to be seen then.
    late: u64,
}

impl Drafts {
    /// One empty draft; `clock` says whether calls are counted.
    pub fn new(clock: bool) -> Self {
        Self { list: vec![Draft::new()], front: 0, turn: Turn::default(), clock, told: None, late: 0 }
    }

    /// Whether calls are counted.
    pub fn has_clock(&self) -> bool {
        self.clock
    }

    /// The draft in front.
    pub fn current(&self) -> &Draft {
        &self.list[self.front]
    }

    /// The draft in front, to change.
    pub fn current_mut(&mut self) -> &mut Draft {
        &mut self.list[self.front]
    }

    /// The draft of a case.
    pub fn find_mut(&mut self, id: CaseId) -> Option<&mut Draft> {
        self.list.iter_mut().find(|draft| draft.id == Some(id))
    }

    /// Every draft, in the order of the tabs.
    pub fn all(&self) -> &[Draft] {
        &self.list
    }

    /// Every draft, to change.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Draft> {
        self.list.iter_mut()
    }

    /// The panel that waits for an answer.
    pub fn asked(&mut self, is: impl Fn(&Side) -> bool) -> Option<&mut Side> {
        self.list.iter_mut().map(|draft| &mut draft.side).find(|side| is(side))
    }

    /// The draft whose panel waits for an answer.
    pub(super) fn asked_of(&mut self, is: impl Fn(&Side) -> bool) -> Option<&mut Draft> {
        self.list.iter_mut().find(|draft| is(&draft.side))
    }

    /// The draft in front and the place of its next question.
    pub(super) fn asking(&mut self) -> (&mut Draft, Turn) {
        (&mut self.list[self.front], self.turn.another())
    }

    /// When the next of what was put off is to be done.
    pub fn due_at(&self) -> Option<Timestamp> {
        let saves = self.list.iter().filter_map(|draft| draft.saving.next());
        let unread = self.list.iter().filter_map(|draft| draft.unread);
        saves.chain(unread).chain(self.current().side.like_at).min()
    }

    /// Something is shown otherwise by now than on the frame of the key.
    pub(super) fn read_late(&mut self) {
        self.late += 1;
    }

    /// Counts these moments.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The place of the one in front, from 1.
    pub fn place(&self) -> usize {
        self.front + 1
    }

    /// How many of them have something typed in.
    pub fn begun(&self) -> usize {
        self.list.iter().filter(|draft| !draft.is_untouched()).count()
    }

    /// Puts another empty draft in front; an untouched one is not left behind.
    pub fn open_new(&mut self) {
        if let Some(at) = self.list.iter().position(Draft::is_untouched) {
            self.front = at;
        } else {
            self.list.push(Draft::new());
            self.front = self.list.len() - 1;
        }
    }

    /// Puts a draft in front; an untouched one is not left behind.
    pub fn open(&mut self, draft: Draft) {
        self.open_new();
        *self.current_mut() = draft;
    }

    /// Adds what was found on the disk. All stand in the order of their calls; in front is what was being typed
    /// last, unless something has been typed meanwhile.
    pub fn restore(&mut self, found: Vec<Draft>) {
        let front = self.current().id.or_else(|| found.iter().max_by_key(|draft| draft.changed_at)?.id);
        self.list.extend(found);
        self.list.retain(|draft| !draft.is_untouched() || front.is_none());
        self.list.sort_by_key(|draft| (draft.received_at, draft.id));
        self.front = self.list.iter().position(|draft| draft.id == front).unwrap_or(0);
    }

    /// Adds a draft that comes back from the outbox; what is in front stays there.
    pub fn bring_back(&mut self, draft: Draft) {
        let front = self.current().id;
        if self.current().is_untouched() {
            self.list.insert(self.front, draft);
            self.front += 1;
        } else {
            self.list.push(draft);
            self.list.sort_by_key(|draft| (draft.received_at, draft.id));
            self.front = self.list.iter().position(|draft| draft.id == front).unwrap_or(0);
        }
    }

    /// Puts the next draft in front.
    pub fn show_next(&mut self) {
        self.front = (self.front + 1) % self.list.len();
    }

    /// Puts the draft at a place in front, from 1; says whether there is one.
    pub fn show_at(&mut self, place: usize) -> bool {
        let there = (1..=self.list.len()).contains(&place);
        if there {
            self.front = place - 1;
        }
        there
    }

    /// Puts the draft of a case in front.
    pub fn show(&mut self, id: CaseId) {
        if let Some(at) = self.list.iter().position(|draft| draft.id == Some(id)) {
            self.front = at;
        }
    }

    /// Takes a draft away: it is a case now, or was thrown away. The one in front stays there; if it goes itself,
    /// its neighbour comes.
    pub fn remove(&mut self, id: CaseId) -> Option<Draft> {
        let at = self.list.iter().position(|draft| draft.id == Some(id))?;
        let draft = self.list.remove(at);
        if self.list.is_empty() {
            self.list.push(Draft::new());
        }
        if at < self.front {
            self.front -= 1;
        }
        self.front = self.front.min(self.list.len() - 1);
        Some(draft)
    }

    /// What the draft in front has become, once. The draft goes; in front comes the caller who waits
    /// longest, otherwise an empty form for the next one.
    pub fn take_filed(&mut self) -> Option<Box<Receipt>> {
        let draft = self.current_mut();
        let (case, id) = (draft.filed.take()?, draft.id?);
        self.told = self.remove(id).and_then(|draft| draft.call);
        let waits = self.list.iter().position(|draft| draft.call.is_some_and(Call::is_live));
        match waits {
            Some(at) => self.front = at,
            None => self.open_new(),
        }
        Some(case)
    }

    /// Whether letters go into a text.
    pub fn is_typing(&self) -> bool {
        !self.current().side.has_keys()
    }
}

/// The calls.
impl Drafts {
    /// Counts every call up to `now`.
    pub fn count_calls(&mut self, now: Timestamp) {
        let calls = self.list.iter_mut().map(|draft| &mut draft.call).chain([&mut self.told]);
        for call in calls.flatten() {
            *call = call.at(now);
        }
        self.told.take_if(|call| !call.counts());
    }

    /// Something was typed into the draft in front: its call begins, or is taken up again. Answers whose calls were
    /// set aside for it.
    pub fn typed(&mut self, begins: bool, now: Timestamp) -> Vec<CaseId> {
        let call = match self.current().call {
            _ if !self.clock => return Vec::new(),
            None if begins => Call::begin(now),
            Some(call) if call.phase() == Phase::Aside => call.resume(now),
            Some(call) => {
                self.current_mut().call = Some(call.touch(now));
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let aside = self.set_others_aside(now);
        self.current_mut().call = Some(call);
        aside
    }

    /// The call that the clock shows, and the keys of hold and end mean: while the receipt is read that of the filed
    /// case, then that of the draft in front, otherwise the one talked on or put on hold last, otherwise what comes
    /// after the filed case.
    /// None if nothing is counted.
    pub fn call_at_hand(&self, now: Timestamp) -> Option<Call> {
        let at = self.draft_at_hand(now).and_then(|at| self.list[at].call);
        self.told
            .filter(|call| call.is_live())
            .or(at)
            .or(self.told)
            .map(|call| call.at(now))
            .filter(|call| call.counts())
    }

    fn draft_at_hand(&self, now: Timestamp) -> Option<usize> {
        let is =
            |at: usize, fits: fn(Call) -> bool| self.list[at].call.is_some_and(|call| fits(call.at(now)));
        let talking = || (0..self.list.len()).find(|at| is(*at, |call| call.phase() == Phase::Talking));
        // With nobody talked to it is the caller who was put on hold last.
        let waiting = || {
            let live = (0..self.list.len()).filter(|at| is(*at, Call::is_live));
            live.min_by_key(|at| self.list[*at].call.map(|call| call.at(now).untouched()))
        };
        if is(self.front, Call::counts) { Some(self.front) } else { talking().or_else(waiting) }
    }

    /// Puts the caller on hold, or ends the hold; any other who was talked to waits. Answers whose calls changed.
    pub fn hold_or_resume(&mut self, now: Timestamp) -> Vec<CaseId> {
        let Some(at) = self.draft_at_hand(now) else { return Vec::new() };
        let Some(call) = self.list[at].call.map(|call| call.at(now)) else { return Vec::new() };
        let mut changed = Vec::new();
        let call = if call.phase() == Phase::Talking {
            call.hold(now)
        } else {
            changed = self.set_others_aside(now);
            call.resume(now)
        };
        self.list[at].call = Some(call);
        changed.extend(self.list[at].id);
        changed
    }

    /// The caller has gone, or the work after it is done. Answers whose call changed.
    pub fn end_call(&mut self, now: Timestamp) -> Option<CaseId> {
        let Some(at) = self.draft_at_hand(now) else {
            self.told = self.told.and_then(|call| self.ended(call, None, now));
            return None;
        };
        let call = self.list[at].call?;
        self.list[at].call = Some(self.ended(call, Some(at), now).unwrap_or_else(|| call.ready(now)));
        self.list[at].id
    }

    /// The caller was told the number, or the draft was thrown away with the caller still there.
    pub fn hang_up(&mut self, thrown_away: Option<Call>, now: Timestamp) {
        let call = thrown_away.or(self.told).map(|call| call.at(now));
        let live = call.filter(|call| call.is_live());
        self.told = live.map_or(call, |call| self.ended(call, None, now));
    }

    /// What a call is when it is ended once more; none if nothing is left of it. Nobody does after-call work for
    /// one caller while talking to another.
    fn ended(&self, call: Call, at: Option<usize>, now: Timestamp) -> Option<Call> {
        let call = call.at(now);
        let mut others = self.list.iter().enumerate().filter(|(index, _)| Some(*index) != at);
        let talks =
            others.any(|(_, draft)| draft.call.is_some_and(|call| call.at(now).phase() == Phase::Talking));
        (call.is_live() && !talks).then(|| call.end(now))
    }

    fn set_others_aside(&mut self, now: Timestamp) -> Vec<CaseId> {
        self.told = None;
        let mut changed = Vec::new();
        for draft in &mut self.list {
            if let Some(call) = draft.call {
                let aside = call.set_aside(now);
                if aside.phase() != call.phase() {
                    changed.extend(draft.id);
                }
                draft.call = Some(aside);
            }
        }
        changed
    }
}
