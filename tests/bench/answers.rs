//! Answers what the desk asks for out of cases invented beforehand; keeps nothing, waits for nothing.

use anyhow::{Context as _, anyhow};
use huiyin::clock::Clock;
use huiyin::desk::Desk;
use huiyin::desk::effects::Effect;
use huiyin::desk::mailbox::Mailbox;
use huiyin::desk::msg::{CaseFile, Msg};
use huiyin::desk::run::Effects;
use huiyin::domain::case::Case;
use huiyin::domain::event::{CaseEvent, EventBody};
use huiyin::domain::id::EventId;
use huiyin::domain::likeness::Likeness;
use huiyin::domain::number::{CaseNumber, StationCode};
use huiyin::journal::courier::Told;
use huiyin::journal::outbox::Item;
use huiyin::profile::Profile;
use huiyin::sample::SampleCase;
use huiyin::wire::case::{CaseRow, CaseView, EventView};
use huiyin::wire::profile::{CalendarBody, ProfileBody};
use huiyin::wire::search::{CallerHistory, CaseHit, LikeCase, LikeCases, SearchPage, Work};

use crate::filled::{id, sample};
use crate::home::NAME;

/// Rows on every list.
const ROWS: usize = 60;

/// Who answers.
pub(crate) struct Answers {
    rows: Vec<CaseRow>,
    file: CaseFile,
    /// Like cases come when the typing pauses, not with every key.
    liked: bool,
}

impl Answers {
    /// Invents the cases.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let firsts: Vec<_> =
            sample(500)?.take(ROWS).map(|case| first(&case)).collect::<Option<_>>().context("no cases")?;
        let cases: Vec<_> = firsts.iter().filter_map(Case::from_first).collect();
        let rows = cases.iter().map(CaseRow::from).collect();
        let case = CaseView::from(cases.first().context("no cases")?);
        let events = firsts.iter().take(12).map(EventView::from).collect();
        Ok(Self { rows, file: CaseFile { case, events, kept: None }, liked: false })
    }
}

impl Effects<Desk> for Answers {
    fn run(&mut self, effect: Effect, mailbox: &Mailbox<Msg>) {
        let some = |n: usize| self.rows.iter().take(n).cloned().collect::<Vec<_>>();
        let msg = match effect {
            Effect::History(turn, _) => {
                Msg::History(turn, Ok(CallerHistory { cases: some(5), total: 5, open: 2, last_word: None }))
            }
            Effect::Like(turn, _) if !self.liked => {
                let like = |row| LikeCase { row, score: 86, because: vec![Likeness::NearText] };
                let cases = some(8).into_iter().map(like).collect();
                self.liked = true;
                Msg::Like(turn, Ok(LikeCases { cases, hot: None }))
            }
            Effect::Search(turn, request) => {
                let hit = |row: CaseRow| CaseHit { excerpt: row.title.clone(), row };
                let cases = some(ROWS).into_iter().map(hit).collect();
                let page = SearchPage { cases, ..SearchPage::default() };
                Msg::Found(turn, request.cursor.is_some(), Ok(page))
            }
            Effect::Preview(turn, _) => Msg::Preview(turn, Ok(Box::new(self.file.clone()))),
            Effect::OpenCase(turn, _) => Msg::Case(turn, Ok(Box::new(self.file.clone()))),
            Effect::Submit(id, case, draft, _) => {
                let clock = Clock::default();
                let Ok(item) = Item::filing(id, &case, draft.expose().to_owned(), &clock) else { return };
                let case = Box::new(self.file.case.clone());
                Msg::Outbox(Told::Accepted { item: Box::new(item), case, merged: Vec::new() })
            }
            Effect::Work(turn) => {
                let work = Work {
                    taken: some(20),
                    open: some(30),
                    returned: some(10),
                    as_of: self.file.case.registered_at,
                };
                Msg::Work(turn, Ok(work))
            }
            _ => return,
        };
        mailbox.post(msg);
    }
}

/// A call-taker's name.
pub(crate) fn name() -> anyhow::Result<huiyin::domain::account::AccountName> {
    NAME.parse().map_err(|_| anyhow!("not a name"))
}

/// The first event of a case.
fn first(case: &SampleCase) -> Option<CaseEvent> {
    let zone = Profile::demonstration().calendar().time_zone.clone();
    let local = case.received_at.to_zoned_datetime(zone).datetime();
    let body = EventBody::Registered {
        intake: Box::new(case.intake.clone()),
        number: CaseNumber::new(local, StationCode::MAX),
        received_at: case.received_at,
        told_at: None,
        is_late: false,
    };
    Some(CaseEvent {
        id: EventId::new(0, [0; 10]),
        case_id: id(0, case),
        seq: 1,
        at: case.received_at,
        by: name().ok()?,
        body,
    })
}

/// The demonstration city.
pub(crate) fn profile() -> ProfileBody {
    let city = Profile::demonstration();
    ProfileBody {
        city: city.city().clone(),
        channels: city.channels().to_vec(),
        kinds: city.kinds().to_vec(),
        departments: city.departments().to_vec(),
        matters: city.matters().to_vec(),
        divisions: city.divisions().to_vec(),
        templates: city.templates().to_vec(),
        knowledge: city.knowledge().to_vec(),
        deadlines: city.deadlines().clone(),
        calendar: CalendarBody::from(city.calendar()),
    }
}
