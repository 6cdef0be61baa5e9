//! Stories of 并单 and 拆单: two cases change together, each once, and either is found by what the other is known by.

use super::searching::plan;
use super::*;
use crate::domain::case::Case;
use crate::domain::code::State;
use crate::domain::progress::Rule;
use crate::store::audit::{self, About};
use crate::store::cases::{attached_to, find, history, leader_of, timeline, work};
use crate::store::feed::FeedItem;
use crate::store::like::{LikeQuery, like};
use crate::store::search::{Scope, SearchPlan, page};

engines! {
    both_cases_change_together_and_once,
    undoing_it_brings_back_what_was_whatever_became_of_the_leader,
    there_is_one_leader_and_no_circle,
    two_merges_at_once_are_both_on_the_leader,
    opposite_merges_at_once_leave_one_case_leading,
    what_a_merged_case_does_not_allow_is_said_by_a_rule,
    the_leader_is_found_by_every_caller_and_number_while_it_leads,
    the_callers_history_knows_the_open_leader,
    a_department_hears_that_a_case_has_left_it,
}

fn merge(case: &Case, into: &Case) -> ActOrder<'static> {
    acting(case, Act::Merge { into: into.number.clone() })
}

fn unmerge(case: &Case) -> ActOrder<'static> {
    acting(case, Act::Unmerge { reason: "两件事".to_owned() })
}

fn called(text: &str, number: &str) -> Filing<'static> {
    let mut filing = filing(text);
    filing.intake.caller.number = number.parse().ok();
    filing
}

impl City {
    async fn filed(&self, text: &str) -> Case {
        self.file(filing(text)).await.unwrap().case
    }

    fn now(&self, case: &Case) -> Case {
        self.read(|tx| find(tx, case.id)).unwrap().unwrap()
    }

    async fn refused(&self, order: ActOrder<'static>) -> Rule {
        match self.act(order).await {
            Err(ActError::Refused(refusal)) => refusal.rule,
            other => panic!("{other:?}"),
        }
    }

    fn finds(&self, plan: &SearchPlan) -> Vec<String> {
        let found = self.read(|tx| page(tx, plan)).unwrap();
        found.hits.into_iter().map(|hit| hit.case.intake.text).collect()
    }
}

async fn both_cases_change_together_and_once(city: City) {
    let (leader, other) = (city.filed("井盖缺失").await, city.filed("窨井没有盖子").await);
    let asked = merge(&other, &leader);
    let merged = city.act(asked.clone()).await.unwrap();
    assert_eq!((merged.case.state(), merged.case.version), (State::Merged, 2));
    let led = city.now(&leader);
    assert_eq!((led.state(), led.version, led.attached.len()), (State::Registered, 2, 1));
    assert_eq!(city.read(|tx| leader_of(tx, &merged.case)).unwrap(), Some(led.clone()));
    assert_eq!(city.read(|tx| attached_to(tx, &led)).unwrap(), std::slice::from_ref(&merged.case));
    for case in [&merged.case, &led] {
        let events = city.read(|tx| timeline(tx, case.id)).unwrap();
        assert_eq!(Case::replay(events.iter()).as_ref(), Some(case));
    }
    let feed = city.told(4).await;
    let kinds: Vec<_> = feed[2..].iter().map(|item| (item.event.body.code(), item.state)).collect();
    assert_eq!(kinds, [("merged", State::Merged), ("attached", State::Registered)]);
    let told = city.read(|tx| audit::page(tx, About::Subject(&led.id.to_string()), None, 9)).unwrap();
    assert!(told.iter().any(|entry| entry.action == "case.attached"), "{told:?}");

    // The same once more, as after a lost answer, and another that takes its event for its own.
    assert!(city.act(asked.clone()).await.unwrap().repeated);
    assert_eq!(city.now(&leader), led);
    let attached = city.read(|tx| timeline(tx, led.id)).unwrap()[1].id;
    let borrowed = ActOrder { event_id: attached, ..acting(&led, Act::Note { text: "记".to_owned() }) };
    assert_eq!(city.act(borrowed).await, Err(ActError::Conflict { version: 2 }));
    // Whoever saw the leader without the other caller loses nothing by going on.
    let stale = city.act(acting(&leader, Act::Dispatch(order("cg")))).await;
    assert_eq!(stale, Err(ActError::Stale { version: 2, changed: Vec::new() }));
    // Whoever saw the other one before is told that its state is another.
    let stale = city.act(ActOrder { event_id: event_id(), ..asked }).await;
    assert_eq!(stale, Err(ActError::Stale { version: 2, changed: vec!["state".to_owned()] }));
}

async fn undoing_it_brings_back_what_was_whatever_became_of_the_leader(city: City) {
    let leader = city.filed("路面塌陷").await;
    let sent = Filing { outcome: FirstAct::Dispatch(order("jt")), ..filing("路上有个坑") };
    let other = city.file(sent).await.unwrap().case;
    let merged = city.act(merge(&other, &leader)).await.unwrap().case;
    assert_eq!((merged.due_at(), merged.progress.assignment()), (None, None));
    let led = city.now(&leader);
    let closed = city.act(acting(&led, Act::Close { result: "已修".to_owned() })).await.unwrap().case;
    let work_then = city.read(|tx| work(tx, &agent().name, minute(3))).unwrap();
    assert!(work_then.open.is_empty(), "{work_then:?}");
    let back = city.act(unmerge(&merged)).await.unwrap().case;
    assert_eq!((&back.progress, back.due_at()), (&other.progress, other.due_at()));
    let alone = city.now(&closed);
    assert_eq!((alone.state(), alone.attached.len()), (State::Closed, 0));
    assert_eq!(city.refused(unmerge(&back)).await, Rule::MustBeMerged);
    assert_eq!(city.refused(merge(&back, &closed)).await, Rule::LeaderFinished);
}

async fn there_is_one_leader_and_no_circle(city: City) {
    let (first, second, third) = (city.filed("一").await, city.filed("二").await, city.filed("三").await);
    let second_merged = city.act(merge(&second, &first)).await.unwrap().case;
    // Whoever names a merged case means the one that leads it.
    let third_merged = city.act(merge(&third, &second)).await.unwrap().case;
    assert_eq!(third_merged.progress.merged().unwrap().into, first.id);
    let led = city.now(&first);
    assert_eq!(led.attached.len(), 2);
    assert_eq!(city.refused(merge(&led, &second)).await, Rule::IntoItself);
    let fourth = city.filed("四").await;
    assert_eq!(city.refused(merge(&led, &fourth)).await, Rule::LeadsOthers);
    assert_eq!(city.refused(merge(&second_merged, &fourth)).await, Rule::IsMerged);
    assert_eq!(city.refused(merge(&fourth, &fourth)).await, Rule::IntoItself);
    let nobody = crate::domain::number::CaseNumber::parse("261123154203004272").unwrap();
    assert_eq!(city.refused(acting(&fourth, Act::Merge { into: nobody })).await, Rule::NoSuchLeader);
    assert_eq!(city.now(&fourth), fourth);
}

async fn two_merges_at_once_are_both_on_the_leader(city: City) {
    let leader = city.filed("停电").await;
    let others = city.all((0..20).map(|_| filing("没有电")).collect()).await;
    let tasks: Vec<_> = others
        .iter()
        .map(|other| {
            let (store, order) = (city.store.clone(), merge(other, &leader));
            tokio::spawn(async move { store.write(move |tx| act(tx, order.clone(), rules())).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().case.state(), State::Merged);
    }
    let led = city.now(&leader);
    assert_eq!((led.attached.len(), led.version), (20, 21));
}

async fn opposite_merges_at_once_leave_one_case_leading(city: City) {
    let (one, other) = (city.filed("甲说").await, city.filed("乙说").await);
    let (there, back) = tokio::join!(city.act(merge(&one, &other)), city.act(merge(&other, &one)));
    // The second is told that the case was changed: asked again for what stands, it is a circle.
    let (done, late) = if there.is_ok() { (there, back) } else { (back, there) };
    assert_eq!(done.unwrap().case.state(), State::Merged);
    assert_eq!(late, Err(ActError::Stale { version: 2, changed: Vec::new() }));
    let (one, other) = (city.now(&one), city.now(&other));
    let (led, merged) = if one.attached.is_empty() { (other, one) } else { (one, other) };
    assert_eq!((led.state(), merged.state()), (State::Registered, State::Merged));
    assert_eq!(city.refused(merge(&led, &merged)).await, Rule::IntoItself);
}

async fn what_a_merged_case_does_not_allow_is_said_by_a_rule(city: City) {
    let (leader, other) = (city.filed("树倒了").await, city.filed("大树压车").await);
    let merged = city.act(merge(&other, &leader)).await.unwrap().case;
    let banzhang = person("banzhang", Role::Lead, &[]);
    let text = || "因故".to_owned();
    let changes = crate::domain::amendment::Amendment { text: Some(text()), ..Default::default() };
    for act in [
        Act::Amend(Box::new(changes)),
        Act::Remind { by_caller: true, text: text() },
        Act::Dispatch(order("cg")),
        Act::Close { result: text() },
        Act::Reopen { reason: text() },
        Act::Void { reason: text() },
    ] {
        let verb = act.verb();
        let refused = city.refused(ActOrder { actor: banzhang, ..acting(&merged, act) }).await;
        assert_eq!(refused, Rule::IsMerged, "{verb}");
    }
    // Its own follow-up is written on it.
    assert!(city.act(acting(&merged, Act::Note { text: "已回电".to_owned() })).await.is_ok());
    let led = city.now(&leader);
    let void = ActOrder { actor: banzhang, ..acting(&led, Act::Void { reason: text() }) };
    assert_eq!(city.refused(void).await, Rule::LeadsOthers);
}

async fn the_leader_is_found_by_every_caller_and_number_while_it_leads(city: City) {
    let leader = city.file(called("小区停水", "13800138000")).await.unwrap().case;
    let other = city.file(called("家里没水了", "13900139000")).await.unwrap().case;
    let merged = city.act(merge(&other, &leader)).await.unwrap().case;
    let both = ["家里没水了", "小区停水"];
    let sorted = |plan: &SearchPlan| {
        let mut found = city.finds(plan);
        found.sort();
        found
    };
    assert_eq!(sorted(&plan("13900139000")), both);
    assert_eq!(sorted(&plan(other.number.as_str())), both);
    assert_eq!(city.finds(&plan("13900139000 小区停水")), ["小区停水"]);
    assert_eq!(city.finds(&plan("is:open")), ["小区停水"]);
    assert_eq!(city.finds(&plan("state:merged")), ["家里没水了"]);
    // Not by those who may not see callers, and only the leader by a department.
    let plain = |query| SearchPlan { callers: false, ..plan(query) };
    assert!(city.finds(&plain("13900139000")).is_empty());
    let led = city.now(&leader);
    let led = city.act(acting(&led, Act::Dispatch(order("sw")))).await.unwrap().case;
    let scope = Scope::Departments(vec!["sw".parse().unwrap()]);
    let of_department = |query| SearchPlan { callers: false, scope: scope.clone(), ..plan(query) };
    assert_eq!(city.finds(&of_department(other.number.as_str())), ["小区停水"]);
    assert!(city.finds(&of_department("没水")).is_empty());
    // Like cases speak for the one that leads.
    let text = "家里没水了".to_owned();
    let query =
        LikeQuery { text, detail: String::new(), division: None, matter: None, except: None, now: minute(5) };
    let alike = city.read(|tx| like(tx, &query)).unwrap();
    assert_eq!(alike.iter().map(|like| like.case.id).collect::<Vec<_>>(), [led.id]);

    city.act(unmerge(&merged)).await.unwrap();
    assert_eq!(city.finds(&plan("13900139000")), ["家里没水了"]);
    assert_eq!(city.finds(&plan(other.number.as_str())), ["家里没水了"]);
}

async fn the_callers_history_knows_the_open_leader(city: City) {
    let leader = city.file(called("红绿灯坏了", "13800138000")).await.unwrap().case;
    let other = city.file(called("路口灯不亮", "13900139000")).await.unwrap().case;
    city.act(merge(&other, &leader)).await.unwrap();
    let of = |number: &str| {
        let number = number.parse().unwrap();
        let history = city.read(|tx| history(tx, &number, "0900", 5)).unwrap();
        (history.total, history.open)
    };
    assert_eq!((of("13900139000"), of("13800138000")), ((1, 1), (1, 1)));
    let led = city.now(&leader);
    city.act(acting(&led, Act::Close { result: "已修".to_owned() })).await.unwrap();
    assert_eq!(of("13900139000"), (1, 0));
}

async fn a_department_hears_that_a_case_has_left_it(city: City) {
    let leader = city.filed("积水").await;
    let sent = Filing { outcome: FirstAct::Dispatch(order("sw")), ..filing("路上有水") };
    let other = city.file(sent).await.unwrap().case;
    let merged = city.act(merge(&other, &leader)).await.unwrap().case;
    let departments = |feed: &[FeedItem], code: &str| {
        let item = feed.iter().rfind(|item| item.event.body.code() == code).unwrap();
        item.departments.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let feed = city.told(5).await;
    assert_eq!(
        (departments(&feed, "merged"), departments(&feed, "attached")),
        (vec!["sw".to_owned()], vec![])
    );
    city.act(unmerge(&merged)).await.unwrap();
    assert_eq!(departments(&city.told(7).await, "unmerged"), ["sw"]);
}
