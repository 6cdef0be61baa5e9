//! Who else has a case before them: said, seen in the case and in lists, told live, and gone by itself.

use std::time::Duration;

use huiyin::client::{Live, LiveStream};
use huiyin::domain::act::Act;
use huiyin::domain::id::CaseId;
use huiyin::domain::presence::Doing;
use huiyin::wire::presence::Present;
use huiyin::wire::search::SearchRequest;

use crate::harness::{Desk, PATIENCE, Person, RUNTIME, Seat, Server, order};

fn shown(present: &[Present]) -> Vec<(String, Doing)> {
    present.iter().map(|present| (present.name.to_string(), present.doing)).collect()
}

/// What the stream tells next of who is there.
fn heard(live: &mut LiveStream) -> (CaseId, Vec<(String, Doing)>) {
    let next = async {
        loop {
            match live.next().await.expect("the stream ended") {
                Live::Presence(change) => return (change.case, shown(&change.present)),
                Live::Connected | Live::Change { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    };
    RUNTIME.block_on(async { tokio::time::timeout(PATIENCE, next).await }).expect("nothing is told")
}

/// The stream of somebody, from now on.
fn listening(person: &Person) -> LiveStream {
    let _runtime = RUNTIME.enter();
    let mut live = person.client.live(None);
    assert!(matches!(RUNTIME.block_on(live.next()), Some(Live::Connected)));
    live
}

#[test]
fn others_see_who_is_there_and_nobody_sees_oneself() {
    let server = Server::start();
    let case = server.file("阳光小区夜间施工噪声很大").row.id;
    let (agent, lead) = (server.person("agent"), server.person("lead"));
    let mut live = listening(&lead);
    let say = |person: &Person, doing| {
        shown(&RUNTIME.block_on(person.client.say_presence(case, doing)).unwrap().present)
    };
    let agent_reads = [("agent".to_owned(), Doing::Reading)];
    assert!(say(&agent, Doing::Reading).is_empty());
    assert_eq!(heard(&mut live), (case, agent_reads.to_vec()));
    assert_eq!(say(&lead, Doing::Editing), agent_reads);
    assert_eq!(say(&agent, Doing::Reading), [("lead".to_owned(), Doing::Editing)]);

    let view = |person: &Person| RUNTIME.block_on(person.client.case(case)).unwrap().row.present;
    assert_eq!(shown(&view(&agent)), [("lead".to_owned(), Doing::Editing)]);
    assert_eq!(shown(&view(&lead)), agent_reads);
    let request = SearchRequest::default();
    let found = RUNTIME.block_on(lead.client.search(&request)).unwrap();
    assert_eq!(shown(&found.cases[0].row.present), agent_reads);
    let work = RUNTIME.block_on(server.person("agent2").client.work()).unwrap();
    assert_eq!(work.open[0].present.len(), 2);

    // Saying the same again is no news; typing is, and so is leaving.
    assert_eq!(say(&agent, Doing::Editing).len(), 1);
    assert_eq!(heard(&mut live), (case, vec![("agent".to_owned(), Doing::Editing)]));
    RUNTIME.block_on(agent.client.end_presence(case)).unwrap();
    assert_eq!(heard(&mut live), (case, Vec::new()));
}

#[test]
fn who_falls_silent_is_there_no_more() {
    let server = Server::start();
    let (first, second) = (server.file("路灯不亮").row.id, server.file("井盖缺失").row.id);
    let (agent, lead) = (server.person("agent"), server.person("lead"));
    let mut live = listening(&lead);
    RUNTIME.block_on(agent.client.say_presence(first, Doing::Editing)).unwrap();
    assert_eq!(heard(&mut live).1.len(), 1);
    server.later(Duration::from_secs(59));
    assert_eq!(RUNTIME.block_on(lead.client.case(first)).unwrap().row.present.len(), 1);
    server.later(Duration::from_secs(1));
    assert!(RUNTIME.block_on(lead.client.case(first)).unwrap().row.present.is_empty());
    // Whoever speaks next, of whatever case, lets the others know.
    RUNTIME.block_on(server.person("agent2").client.say_presence(second, Doing::Reading)).unwrap();
    let told = [heard(&mut live), heard(&mut live)];
    assert!(told.contains(&(first, Vec::new())) && told.iter().any(|told| told.0 == second), "{told:?}");
}

#[test]
fn a_department_is_told_of_its_own_cases_only() {
    let server = Server::start();
    let (own, other) = (server.file("路灯不亮"), server.file("井盖缺失"));
    let agent = server.person("agent");
    let own = agent.act(&own, Act::Dispatch(order("cgj"))).unwrap().row.id;
    let handler = server.person("cgj");
    let mut live = listening(&handler);
    for id in [other.row.id, own] {
        RUNTIME.block_on(agent.client.say_presence(id, Doing::Reading)).unwrap();
    }
    assert_eq!(heard(&mut live).0, own);
    assert!(RUNTIME.block_on(handler.client.say_presence(other.row.id, Doing::Reading)).is_err());
    assert!(RUNTIME.block_on(handler.client.end_presence(other.row.id)).is_err());
}

#[test]
fn two_desks_on_one_case_see_each_other() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    let mut here = Desk::open(&server, "agent");
    let mut there = Seat { seed: 2, ..Seat::default() }.signed_in(&server, "lead");
    there.keys("f3").assert_hides("@agent");
    here.keys("f3 enter").assert_shows(&["待派单"]).assert_hides("同时在看");
    there.until_shows("[@agent]").keys("enter").assert_shows(&["同时在看：agent"]);
    here.until_shows("同时在看：lead").keys("n");
    there.until_shows("同时在看：agent（编辑中）");
    // Nothing typed, nothing to ask about: the dialog goes, and then the case.
    here.keys("esc");
    there.until("reading again", |model| {
        model
            .open_case()
            .is_some_and(|file| file.case.row.present.iter().all(|one| one.doing == Doing::Reading))
    });
    here.keys("esc");
    there.until("alone", |model| model.open_case().is_some_and(|file| file.case.row.present.is_empty()));
    there.assert_hides("同时在看");
}

#[test]
fn it_is_said_again_while_the_case_is_open_and_never_else() {
    let server = Server::start();
    let case = server.file("阳光小区夜间施工噪声很大").row.id;
    let lead = server.person("lead");
    let present = || RUNTIME.block_on(lead.client.case(case)).unwrap().row.present.len();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3");
    assert_eq!((desk.wake_at(), present()), (None, 0));
    desk.keys("enter").settle();
    assert_eq!(present(), 1);
    for _ in 0..5 {
        server.later(Duration::from_secs(21));
        assert!(desk.wake_at().unwrap() <= server.clock.now());
        desk.settle();
        assert_eq!(present(), 1);
    }
    desk.keys("esc").settle();
    assert_eq!((desk.wake_at(), present()), (None, 0));
}
