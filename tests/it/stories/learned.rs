//! What the hotline decided before is what it is suggested.

use huiyin::client::ClientError;
use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::learning::{Learned, Lesson, Taught};
use huiyin::domain::suggest::Cue;
use huiyin::profile::Profile;
use huiyin::store::{feed, lessons};
use huiyin::wire::case::{CaseView, Outcome};
use huiyin::wire::suggest::SuggestRequest;

use crate::harness::{Desk, RUNTIME, Seat, Server, order};

/// Nothing that any word of the city speaks for.
const FOUNTAINS: [&str; 4] =
    ["音乐喷泉坏了三周没有水", "音乐喷泉到点不开", "孩子们等音乐喷泉等了一晚", "音乐喷泉的灯也不亮"];
const ANOTHER: &str = "外婆说音乐喷泉又停了";

/// Cases of fountains, dispatched to the parks.
fn dispatched(server: &Server) -> Vec<CaseView> {
    let file = |text: &&str| {
        server.file_with(text, |case| {
            case.intake.matter = "010201".parse().ok();
            case.outcome = Outcome::Dispatch(order("lyj").into());
        })
    };
    FOUNTAINS.iter().map(file).collect()
}

/// The departments suggested for another fountain once so much is learned.
fn departments(server: &Server, lessons: u32) -> Vec<String> {
    let answer = server.suggested(ANOTHER, lessons);
    answer.departments.iter().map(|one| one.code.to_string()).collect()
}

fn first_at(desk: &Desk) -> Option<(String, Vec<Cue>)> {
    let first = desk.model().intake.current().suggested.departments.first();
    first.map(|first| (first.code.to_string(), first.because.clone()))
}

#[test]
fn alike_cases_lead_a_desk_to_their_department_and_say_by_which_words() {
    let server = Server::start();
    let mut desk = Seat { size: (160, 50), ..Seat::default() }.signed_in(&server, "agent");
    desk.fill(FieldId::Text, ANOTHER);
    assert_eq!(first_at(&desk), None);
    dispatched(&server);
    departments(&server, 8);
    desk.type_text("，请恢复").assert_shows(&["市林业和园林局", "喷泉"]);
    let (code, because) = first_at(&desk).unwrap();
    assert!(
        code == "lyj" && because.iter().any(|cue| matches!(cue, Cue::Word(word) if word.contains("喷泉")))
    );
    desk.keys("alt-j");
    let form = &desk.model().intake.current().form;
    assert_eq!(form.lead.chosen().map(ToString::to_string).as_deref(), Some("lyj"));
    assert_eq!(form.matter.chosen().map(ToString::to_string).as_deref(), Some("010201"));
}

#[test]
fn what_was_said_of_another_text_is_not_shown() {
    let server = Server::start();
    dispatched(&server);
    departments(&server, 8);
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, ANOTHER);
    assert_eq!(first_at(&desk).unwrap().0, "lyj");
    // While nobody has answered, the words of the city do.
    desk.keys("ctrl-a").at_once("停 水 ， 水 压 低");
    assert_eq!(first_at(&desk).unwrap().0, "zls");
    desk.settle();
    assert_eq!(first_at(&desk).unwrap().0, "zls");
}

#[test]
fn returns_lower_the_department() {
    let server = Server::start();
    let cases = dispatched(&server);
    assert_eq!(departments(&server, 8)[0], "lyj");
    let lead = server.person("lead");
    for case in &cases {
        let reason = "喷泉由广场管理方负责".to_owned();
        lead.act(case, Act::Return { department: "lyj".parse().unwrap(), reason }).unwrap();
    }
    assert_ne!(departments(&server, 12).first().map(String::as_str), Some("lyj"));
    lead.act(&cases[0], Act::Dispatch(order("wlj"))).unwrap();
    lead.act(&cases[1], Act::Dispatch(order("wlj"))).unwrap();
    assert_eq!(departments(&server, 14)[0], "wlj");
}

#[test]
fn a_restart_keeps_what_was_learned_and_so_does_learning_it_anew() {
    let server = Server::start();
    dispatched(&server);
    let before = server.suggested(ANOTHER, 8);
    let server = server.restarted();
    assert_eq!(server.suggested(ANOTHER, 8), before);

    // What was kept is believed: here it is another history.
    let profile = Profile::demonstration();
    let mut other = Learned::new(profile.matters(), profile.departments());
    let taught = Taught::Department { is: "gaj".parse().unwrap(), not: None };
    other.learn(&Lesson { text: ANOTHER.to_owned(), matter: None, taught });
    let bytes = other.to_bytes();
    let kept = server.store.write(move |tx| {
        let place = feed::last(tx)?;
        lessons::keep(tx, place, &bytes)
    });
    RUNTIME.block_on(kept).unwrap();
    let server = server.restarted();
    assert_eq!(departments(&server, 1)[0], "gaj");
    // It is learned anew when a lead asks for it.
    RUNTIME.block_on(server.person("lead").client.rebuild_suggestions()).unwrap();
    assert_eq!(server.suggested(ANOTHER, 8), before);
}

#[test]
fn what_was_kept_by_another_version_is_learned_anew() {
    let server = Server::start();
    dispatched(&server);
    let before = server.suggested(ANOTHER, 8);
    let kept = server.store.write(|tx| {
        let place = feed::last(tx)?;
        lessons::keep(tx, place, b"HYlearn0 and something that this version cannot read")
    });
    RUNTIME.block_on(kept).unwrap();
    let server = server.restarted();
    assert_eq!(server.suggested(ANOTHER, 8), before);
    let kept = server.store.read_here(|tx| lessons::kept(tx)).unwrap();
    assert_eq!(kept, None);
}

#[test]
fn anything_can_be_asked_about() {
    let server = Server::start();
    dispatched(&server);
    departments(&server, 8);
    let agent = server.person("agent");
    let ask = |text: &str, matter: Option<&str>| {
        let matter = matter.map(|code| code.parse().unwrap());
        let request = SuggestRequest { text: text.to_owned(), matter, ..SuggestRequest::default() };
        RUNTIME.block_on(agent.client.suggest(&request))
    };
    for text in ["", "水", "?", "the fountain is dry", "😀👨‍👩‍👧", "\u{202e}喷泉\u{200b}", &"喷泉".repeat(10_000)]
    {
        for matter in [None, Some("010201"), Some("gone")] {
            let answer = ask(text, matter).unwrap();
            assert!(answer.matters.len() <= 3 && answer.departments.len() <= 3, "{text}");
        }
    }
    for text in ["喷泉\0", &"泉".repeat(20_001)] {
        assert!(
            matches!(ask(text, None), Err(ClientError::Problem { problem, .. }) if problem.status == 422)
        );
    }
}
