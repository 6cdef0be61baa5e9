//! Stories of filing and acting.

use super::searching::plan;
use super::*;
use crate::domain::account::AccountName;
use crate::domain::amendment::Amendment;
use crate::domain::case::Case;
use crate::domain::code::State;
use crate::domain::follow_up::{FollowUp, Satisfaction};
use crate::domain::number::{CaseNumber, StationCode};
use crate::domain::progress::Rule;
use crate::store::audit::{self, About};
use crate::store::cases::{find, find_by_number, history, timeline, work};
use crate::store::search::page;
use crate::store::{StoreError, Tx, feed};

engines! {
    a_case_is_filed_with_its_events_and_audit,
    a_thousand_equal_filings_are_one_case,
    another_content_or_author_is_refused,
    numbers_are_unique_and_given_where_absent,
    thousands_filed_for_midnight_get_numbers_quickly,
    an_act_is_done_once,
    a_stale_act_is_told_what_changed,
    rules_of_the_domain_hold,
    a_refused_command_leaves_no_trace_and_hurts_no_other,
    a_panicking_command_is_undone_and_the_writer_lives,
    events_and_audit_are_never_changed,
    the_row_is_the_replay_of_its_events,
    work_lists_are_mine_and_in_order,
    history_knows_both_numbers,
    history_knows_what_the_caller_said_last,
    listeners_hear_of_each_commit,
}

fn amended(case: &Case, text: &str) -> ActOrder<'static> {
    acting(case, Act::Amend(Box::new(Amendment { text: Some(text.to_owned()), ..Amendment::default() })))
}

async fn a_case_is_filed_with_its_events_and_audit(city: City) {
    let filed = city
        .file(Filing { outcome: FirstAct::Dispatch(order("cg")), ..filing("夜间施工噪声扰民") })
        .await
        .unwrap();
    assert!(filed.created);
    let case = filed.case;
    assert_eq!((case.state(), case.version), (State::Dispatched, 2));
    assert_eq!(city.read(|tx| find(tx, case.id)).unwrap(), Some(case.clone()));
    assert_eq!(city.read(|tx| find_by_number(tx, &case.number)).unwrap(), Some(case.clone()));
    let feed = city.told(2).await;
    let told: Vec<_> =
        feed.iter().map(|item| (item.event.body.code(), item.state, item.departments.len())).collect();
    assert_eq!(told, [("registered", State::Registered, 1), ("dispatched", State::Dispatched, 1)]);
    assert_eq!(city.read(|tx| feed::since(tx, feed[0].place, 10)).unwrap().len(), 1);
    let audit = city.read(|tx| audit::page(tx, About::Subject(&case.id.to_string()), None, 10)).unwrap();
    let [entry] = &audit[..] else { panic!("{audit:?}") };
    assert_eq!((entry.action.as_str(), entry.request.as_str()), ("case.file", "r-1"));
}

async fn a_thousand_equal_filings_are_one_case(city: City) {
    let filing = filing("路灯不亮");
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (store, filing) = (city.store.clone(), filing.clone());
            tokio::spawn(async move { store.write_own(move |tx| file(tx, filing.clone(), rules())).await })
        })
        .collect();
    let mut created = 0;
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        let filed = task.await.unwrap().unwrap();
        created += u32::from(filed.created);
        numbers.insert(filed.case.number);
    }
    assert_eq!((created, numbers.len()), (1, 1));
    assert_eq!(city.read(|tx| timeline(tx, filing.id)).unwrap().len(), 1);
}

async fn another_content_or_author_is_refused(city: City) {
    let first = filing("井盖缺失");
    city.file(first.clone()).await.unwrap();
    let other_text = Filing { intake: intake("井盖松动"), ..first.clone() };
    assert_eq!(city.file(other_text).await, Err(FilingError::Conflict { version: 1 }));
    let other_outcome = Filing { outcome: FirstAct::Answer("已告知".to_owned()), ..first.clone() };
    assert_eq!(city.file(other_outcome).await, Err(FilingError::Conflict { version: 1 }));
    let other_author = Filing { actor: person("xiaowu", Role::Agent, &[]), ..first.clone() };
    assert_eq!(city.file(other_author).await, Err(FilingError::NotFound));
    // The server's own time is no content; and the case may have moved on meanwhile.
    let case = city.file(Filing { at: minute(9), ..first.clone() }).await.unwrap().case;
    let case = city.act(amended(&case, "井盖缺失两天")).await.unwrap().case;
    assert_eq!(city.file(first).await, Ok(Filed { case, created: false }));
}

async fn numbers_are_unique_and_given_where_absent(city: City) {
    let station = StationCode::try_from(42).unwrap();
    let local = minute(0).to_zoned_datetime(rules().calendar.time_zone.clone()).datetime();
    let own = CaseNumber::new(local, station);
    let with = Filing { number: Some(own.clone()), ..filing("占道经营") };
    assert_eq!(city.file(with).await.unwrap().case.number, own);
    let again = Filing { number: Some(own), ..filing("另一件事") };
    assert_eq!(city.file(again).await, Err(FilingError::NumberTaken));
    let given = city.file(filing("第三件事")).await.unwrap().case.number;
    assert_eq!(
        (given.local_time(), given.station().get()),
        (local.with().subsec_nanosecond(0).build().unwrap(), 9000)
    );
}

async fn thousands_filed_for_midnight_get_numbers_quickly(city: City) {
    let numbers = city
        .store
        .write(|tx| {
            let mut numbers = std::collections::BTreeSet::new();
            for _ in 0..2500 {
                numbers.insert(file(tx, filing("旧工单"), rules())?.case.number);
            }
            Ok::<_, FilingError>(numbers)
        })
        .await
        .unwrap();
    assert_eq!(numbers.len(), 2500);
    assert!(numbers.iter().all(|number| number.station().get() >= 9000));
    let spread = numbers.last().unwrap().local_time().duration_since(numbers.first().unwrap().local_time());
    assert!(spread.as_secs() <= 4, "{spread}");
}

async fn an_act_is_done_once(city: City) {
    let case = city.file(filing("水管爆裂")).await.unwrap().case;
    let order = acting(&case, Act::Note { text: "已联系物业".to_owned() });
    let first = city.act(order.clone()).await.unwrap();
    assert!(!first.repeated);
    let later = city.act(amended(&first.case, "水管爆裂两小时")).await.unwrap();
    // The same act again, though the case has moved on, is answered and not refused.
    let again = city.act(order.clone()).await.unwrap();
    assert_eq!(again, Acted { case: later.case, event: first.event, repeated: true });
    let other = ActOrder { act: Act::Note { text: "别的".to_owned() }, ..order.clone() };
    assert_eq!(city.act(other).await, Err(ActError::Conflict { version: 3 }));
    let other = ActOrder { actor: person("xiaowu", Role::Agent, &[]), ..order.clone() };
    assert_eq!(city.act(other).await, Err(ActError::Conflict { version: 3 }));
    let elsewhere = city.file(filing("别的工单")).await.unwrap().case;
    assert_eq!(
        city.act(ActOrder { case: elsewhere.id, ..order.clone() }).await,
        Err(ActError::Conflict { version: 1 })
    );
    assert_eq!(city.act(ActOrder { case: case_id(), ..order }).await, Err(ActError::NotFound));
    // Nor may an act borrow the id of the event that the filing made.
    let registered = city.read(|tx| timeline(tx, elsewhere.id)).unwrap()[0].id;
    let borrowed =
        ActOrder { event_id: registered, ..acting(&elsewhere, Act::Note { text: "记".to_owned() }) };
    assert_eq!(city.act(borrowed).await, Err(ActError::Conflict { version: 1 }));
}

async fn a_stale_act_is_told_what_changed(city: City) {
    let first = city.file(filing("公交不停站")).await.unwrap().case;
    let stale = |version, changed: &[&str]| {
        Err(ActError::Stale { version, changed: changed.iter().map(|field| (*field).to_owned()).collect() })
    };
    let noted = city.act(acting(&first, Act::Note { text: "补充".to_owned() })).await.unwrap().case;
    assert_eq!(city.act(amended(&first, "改")).await, stale(2, &[]));
    let changed = city.act(amended(&noted, "公交到站不停")).await.unwrap().case;
    let dispatched = city.act(acting(&changed, Act::Dispatch(order("jt")))).await.unwrap().case;
    assert_eq!(city.act(amended(&noted, "改")).await, stale(4, &["state", "text"]));
    assert_eq!(city.act(amended(&changed, "改")).await, stale(4, &["state"]));
    let future = ActOrder { expected: 9, ..amended(&dispatched, "改") };
    assert_eq!(city.act(future).await, stale(4, &[]));
}

async fn rules_of_the_domain_hold(city: City) {
    let case = city.file(filing("垃圾未清")).await.unwrap().case;
    let refused =
        city.act(acting(&case, Act::Rework { order: order("cg"), reason: "未办".to_owned() })).await;
    let Err(ActError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!((refusal.state, refusal.rule), (State::Registered, Rule::MustBeReplied));
    let handler = person("cg-1", Role::Handler, &["cg"]);
    let filed = city
        .file(Filing { actor: handler, outcome: FirstAct::Answer("好".to_owned()), ..filing("越权") })
        .await;
    assert!(matches!(filed, Err(FilingError::Refused(_))), "{filed:?}");
}

async fn a_refused_command_leaves_no_trace_and_hurts_no_other(city: City) {
    let bad = filing("将被撤销");
    let id = bad.id;
    let undone = city.store.write(move |tx| {
        file(tx, bad.clone(), rules())?;
        Err::<(), _>(FilingError::Conflict { version: 1 })
    });
    let kept = city.file(filing("保留"));
    let (undone, kept) = tokio::join!(undone, kept);
    assert_eq!(undone, Err(FilingError::Conflict { version: 1 }));
    assert_eq!(city.read(|tx| find(tx, id)).unwrap(), None);
    assert!(city.read(|tx| find(tx, kept.unwrap().case.id)).unwrap().is_some());
    assert_eq!(city.told(1).await.len(), 1);
}

async fn a_panicking_command_is_undone_and_the_writer_lives(city: City) {
    let id = case_id();
    let panicked: Result<(), FilingError> = city
        .store
        .write(move |tx| {
            file(tx, Filing { id, ..filing("半途") }, rules())?;
            panic!("on purpose")
        })
        .await;
    assert_eq!(panicked, Err(StoreError::Panicked.into()));
    assert_eq!(city.read(|tx| find(tx, id)).unwrap(), None);
    assert!(city.file(filing("照常")).await.unwrap().created);
}

async fn events_and_audit_are_never_changed(city: City) {
    city.file(filing("原话")).await.unwrap();
    for sql in [
        "UPDATE case_event SET actor = 'x'",
        "DELETE FROM case_event",
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
    ] {
        let refused = city.store.write(move |tx| tx.exec(sql, &[])).await;
        assert_eq!(refused, Err(StoreError::Constraint), "{sql}");
    }
    let orphan = "INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, body)
        VALUES ('none', 1, 'e', 0, 'x', 'noted', 'registered', '{}')";
    assert!(city.store.write(move |tx| tx.exec(orphan, &[])).await.is_err());
    assert!(city.read(|tx: &mut dyn Tx| tx.exec("DELETE FROM session", &[])).is_err());
}

async fn the_row_is_the_replay_of_its_events(city: City) {
    let handler = person("cg-1", Role::Handler, &["cg"]);
    let case = city
        .file(Filing { outcome: FirstAct::Dispatch(order("cg")), ..filing("树枝压线") })
        .await
        .unwrap()
        .case;
    let department = || "cg".parse().unwrap();
    let by = |order| ActOrder { actor: handler, ..order };
    let case = city.act(by(acting(&case, Act::Sign { department: department() }))).await.unwrap().case;
    let back = Act::Return { department: department(), reason: "不属本单位".to_owned() };
    let case = city.act(by(acting(&case, back))).await.unwrap().case;
    let case = city.act(amended(&case, "树枝压住电线")).await.unwrap().case;
    let events = city.read(|tx| timeline(tx, case.id)).unwrap();
    assert_eq!(Case::replay(events.iter()), Some(case.clone()));
    assert_eq!(city.read(|tx| find(tx, case.id)).unwrap(), Some(case));
}

async fn work_lists_are_mine_and_in_order(city: City) {
    let me: AccountName = agent().name.clone();
    let at = |n| Filing { received_at: minute(n), ..filing("事项") };
    let waiting = city.file(at(0)).await.unwrap().case;
    let dispatched =
        city.file(Filing { outcome: FirstAct::Dispatch(order("cg")), ..at(1) }).await.unwrap().case;
    let answered =
        city.file(Filing { outcome: FirstAct::Answer("是".to_owned()), ..at(2) }).await.unwrap().case;
    let back = city.file(Filing { outcome: FirstAct::Dispatch(order("cg")), ..at(3) }).await.unwrap().case;
    let handler = person("cg-1", Role::Handler, &["cg"]);
    let reason = Act::Return { department: "cg".parse().unwrap(), reason: "重复".to_owned() };
    let back = city.act(ActOrder { actor: handler, ..acting(&back, reason) }).await.unwrap().case;
    city.file(Filing { actor: person("xiaowu", Role::Agent, &[]), ..at(4) }).await.unwrap();
    city.file(at(-60 * 25)).await.unwrap();
    let work = city.read(|tx| work(tx, &me, minute(5))).unwrap();
    let ids = |cases: &[Case]| cases.iter().map(|case| case.id).collect::<Vec<_>>();
    assert_eq!(ids(&work.taken), [back.id, answered.id, dispatched.id, waiting.id]);
    assert_eq!(ids(&work.open)[0], dispatched.id);
    assert_eq!(work.open.len(), 4);
    assert_eq!(ids(&work.returned), [back.id]);
}

async fn history_knows_both_numbers(city: City) {
    let called = |n, number: Option<&str>, contact: Option<&str>| {
        let mut filing = Filing { received_at: minute(n), ..filing("停水") };
        filing.intake.caller.number = number.map(|text| text.parse().unwrap());
        filing.intake.caller.contact = contact.map(|text| text.parse().unwrap());
        filing
    };
    let number = "13800138000";
    city.file(called(0, Some(number), None)).await.unwrap();
    city.file(called(2, None, Some("138-0013-8000"))).await.unwrap();
    let both = called(1, Some(number), Some(number));
    city.file(Filing { outcome: FirstAct::Answer("已修".to_owned()), ..both }).await.unwrap();
    city.file(called(3, Some("13900139000"), None)).await.unwrap();
    let found = city.read(|tx| history(tx, &number.parse().unwrap(), "0900", 2)).unwrap();
    assert_eq!((found.total, found.open), (3, 2));
    let times: Vec<_> = found.cases.iter().map(|case| case.received_at).collect();
    assert_eq!(times, [minute(2), minute(1)]);

    let total = |form: &str| {
        let number = form.parse().unwrap();
        city.read(|tx| history(tx, &number, "0900", 5)).unwrap().total
    };
    city.file(called(4, Some("6234 5678"), None)).await.unwrap();
    city.file(called(5, Some("0900-62345678"), Some("62345678"))).await.unwrap();
    city.file(called(6, Some("0571-62345678"), None)).await.unwrap();
    for (forms, of) in [
        (
            ["138 0013 8000", "+86-13800138000", "008613800138000", "１３８００１３８０００", "013800138000"],
            3,
        ),
        (
            [
                "62345678",
                "（0900）6234 5678",
                "+86 900 6234 5678",
                "0086-900-62345678",
                "０９００６２３４５６７８",
            ],
            2,
        ),
    ] {
        for form in forms {
            assert_eq!(total(form), of, "{form}");
        }
    }
    assert_eq!(total("0571-62345678"), 1);
}

async fn history_knows_what_the_caller_said_last(city: City) {
    let number = "13800138000";
    let called = async |n: i64| {
        let mut filing = Filing { received_at: minute(n), ..filing("停水") };
        filing.intake.caller.number = number.parse().ok();
        city.file(Filing { outcome: FirstAct::Answer("已修".to_owned()), ..filing }).await.unwrap().case
    };
    let last_word = || city.read(|tx| history(tx, &number.parse().unwrap(), "0900", 1)).unwrap().last_word;
    let asked = async |case: &Case, n: i64, outcome| {
        let act = Act::FollowUp { outcome, text: "原话".to_owned() };
        city.act(ActOrder { at: minute(n), ..acting(case, act) }).await.unwrap().case
    };
    let said = |satisfaction| FollowUp::Reached { solved: false, satisfaction };
    let (older, newer) = (called(0).await, called(1).await);
    assert_eq!(last_word(), None);
    asked(&newer, 5, FollowUp::NotReached).await;
    assert_eq!(last_word(), None);
    // The case is not the newest, and not on the page that was asked for.
    let older = asked(&older, 6, said(Satisfaction::Dissatisfied)).await;
    let word = last_word().unwrap();
    assert_eq!((word.number, word.satisfaction), (older.number.clone(), Satisfaction::Dissatisfied));
    let is_dissatisfied = plan("是:不满意");
    let found = || city.read(|tx| page(tx, &is_dissatisfied)).unwrap().hits.len();
    assert_eq!(found(), 1);
    let older = asked(&older, 7, said(Satisfaction::Satisfied)).await;
    asked(&older, 8, FollowUp::NotReached).await;
    assert_eq!(
        last_word().map(|word| (word.at, word.satisfaction)),
        Some((minute(7), Satisfaction::Satisfied))
    );
    assert_eq!(found(), 0);
    let replayed = city.read(|tx| timeline(tx, older.id)).unwrap();
    assert_eq!(Case::replay(replayed.iter()), city.read(|tx| find(tx, older.id)).unwrap());
}

async fn listeners_hear_of_each_commit(city: City) {
    let mut changes = city.store.changes();
    let before = *changes.borrow_and_update();
    let case = city.file(filing("第一件")).await.unwrap().case;
    changes.changed().await.unwrap();
    let first = *changes.borrow_and_update();
    assert!(first > before);
    city.act(amended(&case, "第一件，补充")).await.unwrap();
    changes.changed().await.unwrap();
    assert!(*changes.borrow_and_update() > first);
}
