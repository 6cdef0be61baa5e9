//! Nothing is meant by colour alone: each role is walked, and what it says must be in the text of the screen as well,
//! with every attribute taken away. A new role has to say here how it is told.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::code::{State, Urgency};
use huiyin::i18n::{Language, name_in};
use huiyin::theme::{Depth, Role, Theme};

use crate::harness::{Desk, Seat, Server};

/// How a person who sees no colour is told what a role says.
enum Told {
    /// It says nothing: it leads the eye to what is written or framed anyway.
    Eye,
    /// By words, which are different for each of these codes in each language.
    Names(&'static str, &'static [&'static str]),
    /// By words or marks: the texts of two screens of which it is true and is not.
    Text(fn() -> [String; 2]),
    /// By the screen alone, as in every editor: reversed or underlined where there are no colours.
    Attribute,
}

fn told(role: Role) -> Told {
    use Told::{Attribute, Eye, Names, Text};
    const STATES: Told = Names(State::KIND, &["registered", "in_progress", "closed", "merged", "voided"]);
    match role {
        Role::Text
        | Role::TextDim
        | Role::TextStrong
        | Role::Label
        | Role::Title
        | Role::Heading
        | Role::Border
        | Role::Field
        | Role::Header
        | Role::Footer
        | Role::Overlay
        | Role::OverlayBorder
        | Role::Number => Eye,
        Role::LabelFocus | Role::FieldFocus => Text(a_field_with_and_without_focus),
        Role::BorderFocus => Text(a_panel_with_and_without_keys),
        Role::FieldInvalid => Text(a_field_refused_and_not),
        Role::Placeholder | Role::Proposal => Text(a_proposal_and_what_is_taken),
        Role::Selection => Text(one_row_and_the_next),
        Role::SelectionBlur => Text(a_list_with_and_without_keys),
        // Its words stand in the query on the same screen; text that is selected is reversed as everywhere.
        Role::Match => Attribute,
        Role::Tab | Role::TabActive => Text(one_tab_and_the_next),
        Role::FooterKey | Role::Disabled => Text(what_can_be_done_and_what_not),
        Role::Good => Text(an_element_there_and_missing),
        Role::Info => Names("safety", &["sending", "unsaved", "saved", "failed"]),
        Role::Warning => Names("standing", &["held", "talking", "after", "kept"]),
        Role::Error => Text(a_line_there_and_cut),
        Role::StateWaiting | Role::StateWorking | Role::StateDone | Role::StateGone => STATES,
        Role::Urgent | Role::Emergency => Names(Urgency::KIND, &["ordinary", "urgent", "emergency"]),
        Role::CardYellow | Role::CardRed => Names("card", &["yellow", "red"]),
        Role::Confidential => Names("confidential", &["yes", "no"]),
        Role::Practice => Names("desk", &["demo", "name"]),
    }
}

#[test]
fn what_a_colour_says_is_said_without_it() {
    for role in Role::ALL {
        match told(*role) {
            Told::Eye => {}
            Told::Names(kind, codes) => {
                for language in Language::ALL {
                    let mut names: Vec<_> = codes.iter().map(|code| name_in(*language, kind, code)).collect();
                    // A name that is missing is told by its code.
                    let told = *language == Language::En
                        || codes.iter().all(|code| !names.contains(&(*code).to_owned()));
                    assert!(told, "{names:?}");
                    names.sort_unstable();
                    assert!(names.windows(2).all(|two| two[0] != two[1]), "{}: {names:?}", role.name());
                }
            }
            Told::Text(screens) => {
                let [one, other] = screens();
                assert_ne!(one, other, "{} is told by nothing but its colour", role.name());
            }
            Told::Attribute => {
                let theme = Theme::built_in("dark", Depth::None).unwrap();
                let [mine, usual] = [*role, Role::Text].map(|role| theme.style(role).add_modifier);
                assert!(mine != usual && !mine.is_empty(), "{}", role.name());
            }
        }
    }
}

/// A desk at a server with two cases.
fn sat_down() -> (Server, Desk) {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险");
    server.file("望湖路垃圾三天没有清运");
    let desk = Desk::open(&server, "agent");
    (server, desk)
}

/// The rows between header and footer, those that are named.
fn body(desk: &Desk, rows: std::ops::Range<usize>) -> String {
    let screen = desk.screen();
    screen.lines().skip(rows.start).take(rows.len()).collect::<Vec<_>>().join("\n")
}

/// The same rows of every kind of form, one field further on.
fn a_field_with_and_without_focus() -> [String; 2] {
    let server = Server::start();
    let mut outside = Seat::default().open(&server);
    let before = body(&outside, 1..22);
    outside.keys("tab");
    assert_ne!(before, body(&outside, 1..22), "signing in");
    let (_server, mut desk) = sat_down();
    let before = body(&desk, 1..22);
    desk.field(FieldId::Contact);
    let both = [before, body(&desk, 1..22)];
    let (_server, mut dialog) = sat_down();
    dialog.keys("f3").keys("tab enter").keys("d");
    let before = body(&dialog, 1..22);
    dialog.keys("tab tab");
    let after = body(&dialog, 1..22);
    let marks = |screen: &str| -> Vec<usize> {
        (0..).zip(screen.lines()).filter(|(_, row)| row.contains("│>")).map(|(y, _)| y).collect()
    };
    assert_ne!(marks(&before), marks(&after), "{before}\n{after}");
    both
}

fn a_panel_with_and_without_keys() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.fill(FieldId::Number, "13900005678").until_shows("来电历史 2 件").resize(120, 36);
    let without = body(&desk, 1..34);
    desk.keys("f6");
    [without, body(&desk, 1..34)]
}

fn a_field_refused_and_not() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.fill(FieldId::Number, "12").field(FieldId::Occurred);
    let before = body(&desk, 1..2);
    desk.keys("ctrl-s").heed().field(FieldId::Occurred);
    [before, body(&desk, 1..2)]
}

fn a_proposal_and_what_is_taken() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.fill(FieldId::Text, "楼下工地夜间施工，噪声扰民").field(FieldId::Matter);
    let (_, y) = desk.find("建议：");
    let row = usize::from(y);
    let proposed = body(&desk, row..row + 1);
    desk.keys("alt-j");
    [proposed, body(&desk, row..row + 1)]
}

fn one_row_and_the_next() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.keys("f3 tab");
    let first = body(&desk, 3..5);
    desk.keys("down");
    [first, body(&desk, 3..5)]
}

fn a_list_with_and_without_keys() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.keys("f3");
    let without = body(&desk, 1..5);
    desk.keys("tab");
    [without, body(&desk, 1..5)]
}

/// Of the screens, of one's own work, and of the drafts.
fn one_tab_and_the_next() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.keys("f3");
    let search = body(&desk, 0..1);
    desk.keys("f4");
    let work = [body(&desk, 0..1), body(&desk, 1..2)];
    desk.keys("1");
    assert_ne!(work[1], body(&desk, 1..2));
    desk.keys("f2").fill(FieldId::Number, "138").keys("ctrl-n").fill(FieldId::Number, "138");
    let second = body(&desk, 1..2);
    desk.keys("alt-1");
    assert_ne!(second, body(&desk, 1..2));
    let [work, _] = work;
    [search, work]
}

fn what_can_be_done_and_what_not() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    let without = body(&desk, 23..24);
    desk.fill(FieldId::Number, "13900005678").until_shows("来电历史 2 件");
    [without, body(&desk, 23..24)]
}

fn an_element_there_and_missing() -> [String; 2] {
    let (_server, mut desk) = sat_down();
    desk.field(FieldId::Outcome);
    let (_, y) = desk.find("]何地");
    let row = usize::from(y);
    let missing = body(&desk, row..row + 1);
    desk.fill(FieldId::Detail, "阳光小区3栋").field(FieldId::Outcome);
    [missing, body(&desk, row..row + 1)]
}

fn a_line_there_and_cut() -> [String; 2] {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    let there = body(&desk, 0..1);
    server.go_dark();
    desk.keys("f5 f4").until_shows("离线").heed();
    [there, body(&desk, 0..1)]
}
