//! What follows what: every act in every state, by table, and histories at random.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::account::Actor;
use super::act::{Act, CityRules, Verb, allowed, next_event};
use super::amendment::Amendment;
use super::calendar::Calendar;
use super::case::{Caller, Case, Intake, Place};
use super::code::{Channel, Kind, Role, State, Urgency};
use super::deadline::{DeadlineRules, Term, TermUnit};
use super::event::{CaseEvent, EventBody, Order};
use super::follow_up::{FollowUp, Satisfaction};
use super::id::{CaseId, EventId};
use super::leading::{ATTACHED_MOST, Attached};
use super::number::{CaseNumber, StationCode};
use super::progress::{Refusal, Rule, TaskState};

const AT: i64 = 1_795_419_723_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millisecond(AT + minutes * 60_000).unwrap()
}

fn intake() -> Intake {
    Intake {
        channel: Channel::Phone,
        kind: Kind::Complaint,
        caller: Caller::default(),
        matter: None,
        title: "夜间施工扰民".to_owned(),
        text: "阳光小区旁的工地夜间施工，请处理。".to_owned(),
        place: Place::default(),
        occurred_at: None,
        target: String::new(),
        urgency: Urgency::Ordinary,
        confidential: false,
        earlier_case: None,
        tags: Vec::new(),
        remark: String::new(),
    }
}

fn actor(role: Role) -> Actor {
    let departments = if role == Role::Handler { vec!["csglj".parse().unwrap()] } else { Vec::new() };
    Actor { name: "zhao".parse().unwrap(), role, departments }
}

fn order() -> Order {
    Order {
        lead: "csglj".parse().unwrap(),
        assisting: vec!["sthjj".parse().unwrap()],
        opinion: "请核查".to_owned(),
    }
}

/// An act of each verb on the department that leads.
fn act(verb: Verb) -> Act {
    let (lead, text) = (order().lead, || "因故".to_owned());
    match verb {
        Verb::Amend => Act::Amend(Box::new(Amendment { target: Some(text()), ..Amendment::default() })),
        Verb::Answer => Act::Answer { answer: text() },
        Verb::Dispatch => Act::Dispatch(order()),
        Verb::Redispatch => Act::Redispatch { order: order(), reason: text() },
        Verb::Sign => Act::Sign { department: lead },
        Verb::Return => Act::Return { department: lead, reason: text() },
        Verb::Reply => Act::Reply { department: lead, reply: text(), public_answer: text() },
        Verb::Note => Act::Note { text: text() },
        Verb::Remind => Act::Remind { by_caller: true, text: text() },
        Verb::FollowUp => Act::FollowUp {
            outcome: FollowUp::Reached { solved: false, satisfaction: Satisfaction::Dissatisfied },
            text: text(),
        },
        Verb::Rework => Act::Rework { order: order(), reason: text() },
        Verb::Close => Act::Close { result: text() },
        Verb::Reopen => Act::Reopen { reason: text() },
        Verb::Void => Act::Void { reason: text() },
        Verb::Confirm => Act::Confirm,
        Verb::Merge => Act::Merge { into: leader().number },
        Verb::Unmerge => Act::Unmerge { reason: text() },
    }
}

/// Another case, which may lead.
fn leader() -> Case {
    let first = EventId::new(2, [0; 10]);
    let number =
        CaseNumber::new(jiff::civil::date(2026, 11, 22).at(9, 0, 0, 0), StationCode::try_from(7).unwrap());
    Story::of(first, CaseId::new(2, [0; 10]), number).case
}

/// A case and its history.
struct Story {
    case: Case,
    events: Vec<CaseEvent>,
}

impl Story {
    fn new() -> Self {
        let number = CaseNumber::parse("261123154203004272").unwrap();
        Self::of(EventId::new(1, [0; 10]), CaseId::new(1, [0; 10]), number)
    }

    fn of(id: EventId, case_id: CaseId, number: CaseNumber) -> Self {
        let body = EventBody::Registered {
            intake: Box::new(intake()),
            number,
            received_at: at(0),
            // So that there is something to confirm.
            told_at: Some(at(-5000)),
            is_late: true,
        };
        let event = CaseEvent { id, case_id, seq: 1, at: at(0), by: "zhao".parse().unwrap(), body };
        Self { case: Case::from_first(&event).unwrap(), events: vec![event] }
    }

    fn after(verbs: &[Verb]) -> Self {
        let mut story = Self::new();
        for verb in verbs {
            story.ask(act(*verb), &actor(Role::Admin)).unwrap();
        }
        story
    }

    fn ask(&mut self, act: Act, by: &Actor) -> Result<State, Refusal> {
        self.ask_of(act, by, &leader())
    }

    fn ask_of(&mut self, act: Act, by: &Actor, leader: &Case) -> Result<State, Refusal> {
        let term = |amount| Term { amount, unit: TermUnit::Hours };
        let deadlines = DeadlineRules {
            rules: Vec::new(),
            otherwise: term(72),
            yellow_before: term(24),
            return_within: term(48),
            extension_at_most: term(240),
        };
        let calendar = Calendar::plain(TimeZone::UTC);
        let now = at(i64::from(self.case.version));
        let rules = CityRules { deadlines: &deadlines, calendar: &calendar };
        let body = self.case.decide(act, Some(leader), by, rules, now)?;
        let event =
            next_event(&self.case, EventId::new(u64::from(self.case.version), [1; 10]), by, now, body);
        self.case.apply(&event);
        self.events.push(event);
        Ok(self.case.state())
    }
}

/// How to come to each state that can be come to.
fn ways() -> Vec<(State, Vec<Verb>)> {
    use Verb::{Answer, Close, Dispatch, Merge, Reply, Sign, Void};
    vec![
        (State::Registered, vec![]),
        (State::Dispatched, vec![Dispatch]),
        (State::InProgress, vec![Dispatch, Sign]),
        (State::Replied, vec![Dispatch, Sign, Reply]),
        (State::Closed, vec![Dispatch, Sign, Reply, Close]),
        (State::Answered, vec![Answer]),
        (State::Voided, vec![Void]),
        (State::Merged, vec![Dispatch, Sign, Merge]),
    ]
}

#[test]
fn every_act_in_every_state_leads_where_the_table_says() {
    use State as S;
    use Verb as V;
    let table: &[(V, &[(S, S)])] = &[
        (V::Answer, &[(S::Registered, S::Answered)]),
        (V::Dispatch, &[(S::Registered, S::Dispatched)]),
        (V::Redispatch, &[(S::Dispatched, S::Dispatched), (S::InProgress, S::Dispatched)]),
        (V::Sign, &[(S::Dispatched, S::InProgress)]),
        (V::Return, &[(S::Dispatched, S::Registered), (S::InProgress, S::Registered)]),
        (V::Reply, &[(S::InProgress, S::Replied)]),
        (
            V::FollowUp,
            &[
                (S::Replied, S::Replied),
                (S::Closed, S::Closed),
                (S::Answered, S::Answered),
                (S::Merged, S::Merged),
            ],
        ),
        (V::Rework, &[(S::Replied, S::Dispatched)]),
        (
            V::Close,
            &[
                (S::Registered, S::Closed),
                (S::Dispatched, S::Closed),
                (S::InProgress, S::Closed),
                (S::Replied, S::Closed),
            ],
        ),
        (V::Reopen, &[(S::Closed, S::Registered), (S::Answered, S::Registered), (S::Voided, S::Registered)]),
        (
            V::Void,
            &[
                (S::Registered, S::Voided),
                (S::Dispatched, S::Voided),
                (S::InProgress, S::Voided),
                (S::Replied, S::Voided),
                (S::Closed, S::Voided),
                (S::Answered, S::Voided),
            ],
        ),
        (
            V::Merge,
            &[
                (S::Registered, S::Merged),
                (S::Dispatched, S::Merged),
                (S::InProgress, S::Merged),
                (S::Replied, S::Merged),
            ],
        ),
        (V::Unmerge, &[(S::Merged, S::InProgress)]),
    ];
    for (state, way) in ways() {
        for verb in V::ALL {
            let mut story = Story::after(&way);
            assert_eq!(story.case.state(), state);
            let before = story.case.clone();
            let asked = story.ask(act(*verb), &actor(Role::Admin));
            let expected = match verb {
                V::Note | V::Confirm => Some(state),
                V::Amend | V::Remind => (!state.is_finished()).then_some(state),
                _ => {
                    let row = table.iter().find(|(v, _)| v == verb).unwrap().1;
                    row.iter().find(|(from, _)| *from == state).map(|(_, to)| *to)
                }
            };
            match (asked, expected) {
                (Ok(to), Some(expected)) => assert_eq!(to, expected, "{verb} in {state}"),
                (Err(refusal), None) => {
                    assert_eq!(refusal.state, state, "{verb} in {state}");
                    assert_eq!(story.case, before, "a refused act changes nothing: {verb} in {state}");
                }
                (asked, expected) => panic!("{verb} in {state}: {asked:?}, expected {expected:?}"),
            }
        }
    }
}

#[test]
fn what_the_desk_shows_as_allowed_is_what_is_decided() {
    for (state, way) in ways() {
        for verb in Verb::ALL {
            for role in Role::ALL {
                let mut story = Story::after(&way);
                let shown = allowed(*verb, state, &actor(*role));
                let decided = story.ask(act(*verb), &actor(*role)).map_err(|refusal| refusal.rule);
                match (shown, decided) {
                    (Ok(()), Ok(_)) => {}
                    (Err(shown), Err(decided)) => assert_eq!(shown, decided, "{verb} in {state} by {role}"),
                    // Only what depends on the task itself is told later.
                    (Ok(()), Err(rule)) => assert!(
                        matches!(rule, Rule::SignFirst | Rule::AlreadySigned | Rule::AlreadyReplied),
                        "{verb} in {state} by {role}: {rule}"
                    ),
                    (shown, decided) => panic!("{verb} in {state} by {role}: {shown:?} {decided:?}"),
                }
            }
        }
    }
}

#[test]
fn each_department_has_its_own_state_and_the_lead_decides() {
    let mut story = Story::after(&[Verb::Dispatch]);
    let helper: super::code::DepartmentCode = "sthjj".parse().unwrap();
    let lead = actor(Role::Lead);
    assert_eq!(story.ask(Act::Sign { department: helper.clone() }, &lead), Ok(State::Dispatched));
    story.ask(act(Verb::Sign), &lead).unwrap();
    let reply =
        Act::Reply {
            department: helper.clone(), reply: "已配合".to_owned(), public_answer: String::new()
        };
    assert_eq!(story.ask(reply.clone(), &lead), Ok(State::InProgress));
    assert_eq!(story.ask(reply, &lead).unwrap_err().rule, Rule::AlreadyReplied);
    assert_eq!(story.ask(act(Verb::Reply), &lead), Ok(State::Replied));
    let assignment = story.case.progress.assignment().unwrap();
    assert_eq!(assignment.task(&helper).unwrap().state, TaskState::Replied);
    assert_eq!(assignment.public_answer, "因故");
}

#[test]
fn an_assisting_department_that_returns_leaves_the_case_with_the_lead() {
    let mut story = Story::after(&[Verb::Dispatch]);
    let back = Act::Return { department: "sthjj".parse().unwrap(), reason: "非本单位职责".to_owned() };
    assert_eq!(story.ask(back, &actor(Role::Lead)), Ok(State::Dispatched));
    assert_eq!(story.case.progress.assignment().unwrap().assisting, []);
    let back = Act::Return { department: "sthjj".parse().unwrap(), reason: "非本单位职责".to_owned() };
    assert_eq!(story.ask(back, &actor(Role::Lead)).unwrap_err().rule, Rule::NotItsTask);
    assert_eq!(story.case.bounces, 1);
}

#[test]
fn a_handler_speaks_for_its_own_departments_only() {
    let mut story = Story::after(&[Verb::Dispatch]);
    let other = Act::Sign { department: "sthjj".parse().unwrap() };
    assert_eq!(story.ask(other, &actor(Role::Handler)).unwrap_err().rule, Rule::NotYourDepartment);
    assert_eq!(story.ask(act(Verb::Sign), &actor(Role::Handler)), Ok(State::InProgress));
    assert_eq!(story.ask(act(Verb::Close), &actor(Role::Handler)).unwrap_err().rule, Rule::NotYourRole);
}

#[test]
fn a_lead_confirms_once_what_waits_for_it() {
    let mut story = Story::new();
    assert!(story.case.is_to_be_confirmed());
    assert_eq!(story.ask(Act::Confirm, &actor(Role::Agent)).unwrap_err().rule, Rule::NotYourRole);
    assert_eq!(story.ask(Act::Confirm, &actor(Role::Lead)), Ok(State::Registered));
    assert_eq!((story.case.told_at, story.case.is_late), (None, false));
    assert_eq!(story.ask(Act::Confirm, &actor(Role::Lead)).unwrap_err().rule, Rule::NothingToConfirm);
}

#[test]
fn undoing_a_merge_brings_back_all_of_what_was_before() {
    for (state, way) in ways().into_iter().filter(|(state, _)| !state.is_finished()) {
        let mut story = Story::after(&way);
        let before = story.case.progress.clone();
        story.ask(act(Verb::Merge), &actor(Role::Agent)).unwrap();
        assert_eq!((story.case.progress.assignment(), story.case.due_at()), (None, None));
        assert_eq!(story.ask(act(Verb::Unmerge), &actor(Role::Agent)), Ok(state));
        assert_eq!(story.case.progress, before);
        assert_eq!(story.ask(act(Verb::Unmerge), &actor(Role::Agent)).unwrap_err().rule, Rule::MustBeMerged);
    }
}

#[test]
fn there_are_no_chains_and_no_circles() {
    let agent = actor(Role::Agent);
    let refused =
        |story: &mut Story, leader: &Case| story.ask_of(act(Verb::Merge), &agent, leader).unwrap_err().rule;
    let mut story = Story::new();
    let own = story.case.clone();
    assert_eq!(refused(&mut story, &own), Rule::IntoItself);
    let mut finished = Story::after(&[Verb::Close]).case;
    finished.id = leader().id;
    assert_eq!(refused(&mut story, &finished), Rule::LeaderFinished);
    let mut full = leader();
    let attached = |n: u64| Attached { id: CaseId::new(n, [9; 10]), number: leader().number };
    full.attached = (0..ATTACHED_MOST as u64).map(attached).collect();
    assert_eq!(refused(&mut story, &full), Rule::TooManyAttached);
    story.case.attached.push(attached(1));
    assert_eq!(refused(&mut story, &leader()), Rule::LeadsOthers);
    assert_eq!(story.ask(act(Verb::Void), &actor(Role::Lead)).unwrap_err().rule, Rule::LeadsOthers);
}

#[test]
fn an_order_names_each_department_once() {
    let mut story = Story::new();
    let lead = order().lead;
    let assisting = vec![lead.clone(), "sthjj".parse().unwrap(), "sthjj".parse().unwrap()];
    story.ask(Act::Dispatch(Order { lead, assisting, opinion: String::new() }), &actor(Role::Agent)).unwrap();
    let named: Vec<_> =
        story.case.progress.assignment().unwrap().departments().map(ToString::to_string).collect();
    assert_eq!(named, ["csglj", "sthjj"]);
}

#[test]
fn an_amendment_changes_what_it_names_and_tells_empty_from_absent() {
    let mut filled = intake();
    filled.matter = Some("010101".parse().unwrap());
    filled.occurred_at = Some(at(0));
    let read = |json: &str| serde_json::from_str::<Amendment>(json);
    let changes = read(r#"{"matter": null, "title": "新标题"}"#).unwrap();
    assert_eq!(changes.fields(), ["matter", "title"]);
    changes.apply_to(&mut filled);
    assert_eq!((filled.matter, filled.title.as_str()), (None, "新标题"));
    assert_eq!(filled.occurred_at, Some(at(0)));
    assert!(read("{}").unwrap().is_empty());
    assert!(read(r#"{"number": "1"}"#).is_err());
    assert!(read(r#"{"caller": {"nmae": ""}}"#).is_err());
}

#[test]
fn a_report_is_confidential_whether_or_not_it_was_asked_for() {
    let mut report = intake();
    assert!(!report.is_confidential());
    report.kind = Kind::Report;
    assert!(report.is_confidential());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The row is the projection of the events: replaying a history gives the case that lived it, whatever was asked.
    #[test]
    fn a_history_replays_to_the_case(verbs in proptest::collection::vec(0..Verb::ALL.len(), 0..30)) {
        let mut story = Story::new();
        for verb in verbs {
            let _ = story.ask(act(Verb::ALL[verb]), &actor(Role::Admin));
        }
        prop_assert_eq!(Case::replay(story.events.iter()), Some(story.case.clone()));
        let seqs: Vec<_> = story.events.iter().map(|event| event.seq).collect();
        prop_assert!(seqs.iter().copied().eq(1..=story.case.version), "a gap in {:?}", seqs);
        let document = serde_json::to_string(&story.case).unwrap();
        prop_assert_eq!(serde_json::from_str::<Case>(&document).unwrap(), story.case);
    }
}
