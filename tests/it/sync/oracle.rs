//! What must hold whatever happened: I1 to I8 of the sync.

use std::collections::{BTreeMap, BTreeSet};

use huiyin::domain::account::AccountName;
use huiyin::domain::act::Act;
use huiyin::domain::case::{Case, Intake};
use huiyin::domain::event::{CaseEvent, EventBody};
use huiyin::domain::id::CaseId;
use huiyin::domain::number::CaseNumber;
use huiyin::domain::secret::Secret;
use huiyin::journal::outbox::{Item, ItemId, Standing};
use huiyin::journal::{Drafts, Journal};
use huiyin::store::audit::{self, About};
use huiyin::store::{Store, StoreError, cases};

use super::ground::{PASSWORD, PEOPLE, REALM};
use super::seat::Seat;
use super::world::World;

/// The version of a case at the server.
pub(super) fn version(store: &Store, id: CaseId) -> Option<u32> {
    store.read_here(|tx| Ok::<_, StoreError>(cases::find(tx, id)?.map(|case| case.version))).unwrap()
}

/// Its number.
pub(super) fn number(store: &Store, id: CaseId) -> Option<CaseNumber> {
    store.read_here(|tx| Ok::<_, StoreError>(cases::find(tx, id)?.map(|case| case.number))).unwrap()
}

/// I3: what the screen called written or submitted is there after a start.
pub(super) fn after_a_start(
    world: &mut World<'_>,
    who: usize,
    before: &Seat,
    warned: bool,
) -> Result<(), String> {
    let now = &world.seats[who];
    let items = now.journal.outbox().unwrap().items;
    let outbox: BTreeSet<_> = items.iter().map(|item| item.id).collect();
    // Put right, perhaps, while nothing could be written: the person was told so, and is shown it as it was. Where the
    // refusal was not written either, it goes once more as it was.
    let meant = before.journal.outbox().unwrap().items;
    let is_older =
        |item: &Item| meant.iter().any(|meant| meant.id == item.id && meant.parcel.body != item.parcel.body);
    let as_it_was: BTreeSet<_> = items
        .iter()
        .filter(|item| warned && (item.standing.needs_a_person() || is_older(item)))
        .map(|item| item.id)
        .collect();
    for (id, draft) in &before.drafts {
        let said = before.said.get(id).copied().unwrap_or(0);
        let there = now.drafts.get(id).map(|draft| draft.version);
        if there.is_none_or(|there| there < said) && said > 0 {
            return Err(format!("I3: draft {id} was said to be written as {said}, and {there:?} is there"));
        }
        if there != Some(draft.version) && !warned {
            return Err(format!("I3: draft {id} is at {}, and {there:?} is there", draft.version));
        }
    }
    for id in &before.durable {
        if !outbox.contains(id) && !done(&world.ground.store, world, *id) {
            return Err(format!("I3: {id} was submitted durably and is gone"));
        }
    }
    // What was submitted while nothing could be written is in memory only, and the person was told so.
    for (id, filing) in world.filings.iter_mut().filter(|(_, filing)| filing.who == who) {
        filing.discarded &= !outbox.contains(&ItemId::Filing(*id));
        let lost = !outbox.contains(&ItemId::Filing(*id)) && !before.durable.contains(&ItemId::Filing(*id));
        let old = as_it_was.contains(&ItemId::Filing(*id));
        filing.lost_with_warning |= old || warned && lost && !filing.discarded;
    }
    for (id, deed) in world.deeds.iter_mut().filter(|(_, deed)| deed.who == who) {
        deed.discarded &= !outbox.contains(&ItemId::Act(*id));
        let lost = !outbox.contains(&ItemId::Act(*id)) && !before.durable.contains(&ItemId::Act(*id));
        let old = as_it_was.contains(&ItemId::Act(*id));
        deed.lost_with_warning |= old || warned && lost && !deed.discarded;
    }
    Ok(())
}

fn done(store: &Store, world: &World<'_>, id: ItemId) -> bool {
    match id {
        ItemId::Filing(id) => version(store, id).is_some(),
        ItemId::Act(id) => {
            let case = world.deeds[&id].case;
            let events: Vec<CaseEvent> = store.read_here(|tx| cases::timeline(tx, case)).unwrap();
            events.iter().any(|event| event.id == id)
        }
    }
}

/// At the end of a day, when all is well again.
pub(super) fn at_the_end(world: &World<'_>) -> Result<(), String> {
    let mut standings: [BTreeMap<ItemId, Standing>; 2] = Default::default();
    for (seat, standings) in world.seats.iter().zip(&mut standings) {
        let outbox = seat.journal.outbox().unwrap();
        standings.extend(outbox.items.iter().map(|item| (item.id, item.standing)));
        for (id, standing) in &*standings {
            if standing.needs_a_person() != seat.aside.contains_key(id) {
                return Err(format!("I1: {id} is {standing:?} and the screen does not say so"));
            }
        }
    }
    let mut numbers = BTreeSet::new();
    let mut done = BTreeMap::new();
    for (id, filing) in &world.filings {
        let (case, events) = read(&world.ground.store, *id);
        let seat = &world.seats[filing.who];
        let fate = Fate {
            done: case.is_some(),
            standing: standings[filing.who].get(&ItemId::Filing(*id)).copied(),
            discarded: filing.discarded,
            excused: filing.lost_with_warning || seat.drafts.contains_key(id),
        };
        fate.judge(&format!("case {id}"))?;
        if filing.discarded && !filing.lost_with_warning {
            discarded(world, *id, &id.to_string(), filing.who)?;
        }
        let Some(case) = case else { continue };
        if !numbers.insert(case.number.clone()) {
            return Err(format!("I2: two cases have the number {}", case.number));
        }
        if seat.numbers.get(id).is_some_and(|(told, ..)| *told != case.number.to_string()) {
            return Err(format!("I2: {id} was confirmed under another number than it has"));
        }
        chain(*id, &case, &events)?;
        let submitted = Intake::from(filing.case.intake.clone());
        let EventBody::Registered { intake, .. } = &events[0].body else { unreachable!() };
        if **intake != submitted && !seat.drafts.contains_key(id) && !filing.lost_with_warning {
            return Err(format!("I5: {id} is not what was submitted last"));
        }
        for event in events.iter().filter(|event| world.deeds.contains_key(&event.id)) {
            *done.entry(event.id).or_insert(0_u32) += 1;
        }
        acts(world, *id, &events)?;
        led(world, &case)?;
        audited(world, *id, &events)?;
    }
    for (id, deed) in &world.deeds {
        let times = done.get(id).copied().unwrap_or(0);
        if times > 1 {
            return Err(format!("I2: the act {id} was done {times} times"));
        }
        let fate = Fate {
            done: times == 1,
            standing: standings[deed.who].get(&ItemId::Act(*id)).copied(),
            discarded: deed.discarded,
            // It waits behind its case, where that is shown as it was.
            excused: deed.lost_with_warning
                || world.filings.get(&deed.case).is_some_and(|filing| filing.lost_with_warning),
        };
        fate.judge(&format!("act {id} ({:?})", deed.act.verb()))?;
        if deed.discarded && !deed.lost_with_warning {
            discarded(world, deed.case, &id.to_string(), deed.who)?;
        }
    }
    Ok(())
}

/// I1: what became of something that was submitted.
#[derive(Debug)]
struct Fate {
    done: bool,
    standing: Option<Standing>,
    discarded: bool,
    /// The person was told that it is not kept, or has it before them as a draft.
    excused: bool,
}

impl Fate {
    fn judge(&self, what: &str) -> Result<(), String> {
        let well = match (self.done, self.standing) {
            // After a week the outbox forgets what is confirmed.
            (true, Some(Standing::Accepted) | None) => !self.discarded,
            (true, Some(_)) | (false, Some(Standing::Accepted)) => false,
            // It waits for a person, or behind something that does.
            (false, Some(_)) => !self.discarded,
            (false, None) => self.discarded,
        };
        if well || self.excused { Ok(()) } else { Err(format!("I1: {what} is {self:?}")) }
    }
}

fn read(store: &Store, id: CaseId) -> (Option<Case>, Vec<CaseEvent>) {
    store.read_here(|tx| Ok::<_, StoreError>((cases::find(tx, id)?, cases::timeline(tx, id)?))).unwrap()
}

/// I4: versions without a gap or a fork, and a case that is what its events make of it.
pub(crate) fn chain(id: CaseId, case: &Case, events: &[CaseEvent]) -> Result<(), String> {
    let sequence: Vec<_> = events.iter().map(|event| event.seq).collect();
    let wanted: Vec<_> = (1..=case.version).collect();
    if sequence != wanted {
        return Err(format!(
            "I4: the versions of {id} are {sequence:?}, and the case is at {}",
            case.version
        ));
    }
    if Case::replay(events.iter()).as_ref() != Some(case) {
        return Err(format!("I4: {id} is not what its events make of it"));
    }
    Ok(())
}

/// I4: of a merge both cases know, or neither.
fn led(world: &World<'_>, case: &Case) -> Result<(), String> {
    let store = &world.ground.store;
    let knows = |other: CaseId| read(store, other).0;
    for other in &case.attached {
        let merged = knows(other.id).and_then(|other| other.progress.merged().map(|merged| merged.into));
        if merged != Some(case.id) {
            return Err(format!("I4: {} leads {}, which says {merged:?}", case.id, other.id));
        }
    }
    if let Some(merged) = case.progress.merged() {
        let leader = knows(merged.into);
        let led = leader.iter().flat_map(|leader| &leader.attached).filter(|other| other.id == case.id);
        if led.count() != 1 || !case.attached.is_empty() {
            return Err(format!("I4: {} is merged into {}, which does not lead it", case.id, merged.into));
        }
    }
    Ok(())
}

/// I5: each event is somebody's act, and no amendment goes over one that its author had not seen.
fn acts(world: &World<'_>, id: CaseId, events: &[CaseEvent]) -> Result<(), String> {
    for event in events {
        let EventBody::Amended { changes } = &event.body else { continue };
        let Some(deed) = world.deeds.get(&event.id) else {
            return Err(format!("I5: nobody asked for version {} of {id}", event.seq));
        };
        if deed.act != Act::Amend(changes.clone()) || PEOPLE[deed.who] != event.by.as_str() {
            return Err(format!("I5: version {} of {id} is not what was asked for", event.seq));
        }
        let over = events.iter().filter(|earlier| earlier.seq > deed.base && earlier.seq < event.seq);
        for earlier in over {
            let EventBody::Amended { changes: theirs } = &earlier.body else { continue };
            let same = theirs.fields().iter().any(|field| changes.fields().contains(field));
            if same && earlier.by != event.by {
                return Err(format!(
                    "I5: version {} of {id}, asked for by {} who saw version {}, goes over version {} of {}",
                    event.seq, event.by, deed.base, earlier.seq, earlier.by
                ));
            }
        }
    }
    Ok(())
}

/// I8: an entry in the audit trail for each thing that happened, and none for anything else.
fn audited(world: &World<'_>, id: CaseId, events: &[CaseEvent]) -> Result<(), String> {
    let subject = id.to_string();
    let entries =
        world.ground.store.read_here(|tx| audit::page(tx, About::Subject(&subject), None, 1000)).unwrap();
    let entries = entries.iter().filter(|entry| entry.action.starts_with("case.")).count();
    // The first act of a filing stands in the entry of the filing. A merge has one on either case.
    let of_other = |body: &EventBody| matches!(body, EventBody::Attached { .. } | EventBody::Detached { .. });
    let counted = |event: &&CaseEvent| world.deeds.contains_key(&event.id) || of_other(&event.body);
    let acts = events.iter().filter(counted).count();
    if entries == acts + 1 {
        Ok(())
    } else {
        Err(format!("I8: {acts} acts were done on {id}, and there are {entries} audit entries"))
    }
}

/// What a person threw away stands in the audit trail, once; a server that was put back may have forgotten it.
fn discarded(world: &World<'_>, case: CaseId, id: &str, who: usize) -> Result<(), String> {
    let subject = case.to_string();
    let entries =
        world.ground.store.read_here(|tx| audit::page(tx, About::Subject(&subject), None, 1000)).unwrap();
    let of_this = entries.iter().filter(|entry| {
        let by = entry.actor.as_ref().map(AccountName::as_str);
        entry.action == "outbox.discard" && entry.detail.starts_with(id) && by == Some(PEOPLE[who])
    });
    match of_this.count() {
        1 => Ok(()),
        0 if world.is_put_back => Ok(()),
        n => Err(format!("{id} was thrown away, and that is recorded {n} times")),
    }
}

/// I7: whoever else opens the file finds nothing of anybody.
pub(super) fn is_nobody_elses(seat: &mut Seat) -> Result<(), String> {
    let left = seat.left_behind();
    let clock = huiyin::clock::Clock::default();
    let journal = Journal::open(left.path(), REALM, &clock, |_| {}).unwrap();
    let other = PEOPLE[1 - seat.who].parse().unwrap();
    journal.unlock(&other, &Secret::new(PASSWORD.to_owned())).unwrap();
    if journal.drafts().unwrap() == Drafts::default() && journal.outbox().unwrap().items.is_empty() {
        Ok(())
    } else {
        Err("I7: another account opens what was typed".to_owned())
    }
}
