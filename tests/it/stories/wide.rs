//! A terminal that gives `…`, `①`, `“` and their like two columns. The harness looks at every cell of every frame: what
//! stands in a column must be seen in that column, and the cursor at the caret.

use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::text;

use crate::harness::{Desk, Seat, Server};

const AMBIGUOUS: &str = "①“桃花坞”路口…夜间施工→噪声·℃—é║■★末";

fn seated(server: &Server, size: (u16, u16)) -> Desk {
    Seat { wide: true, size, ..Seat::default() }.signed_in(server, "lead")
}

#[test]
fn every_screen_stands_aligned() {
    let server = Server::start();
    server.file_with(&[AMBIGUOUS; 6].join("，"), |case| {
        AMBIGUOUS.clone_into(&mut case.intake.title);
        "①“某”".clone_into(&mut case.intake.caller.name);
        "…里弄—号".clone_into(&mut case.intake.place.detail);
    });
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut desk = seated(&server, size);
        desk.assert_hides("─").assert_hides("╭");
        desk.fill(FieldId::Title, AMBIGUOUS).fill(FieldId::Text, &[AMBIGUOUS; 9].join("，"));
        desk.keys("left left backspace up home right shift-end").type_text("→");
        desk.until_saved()
            .keys("f6 f6 f1")
            .assert_shows(&["此处可用的按键"])
            .keys("esc ctrl-p")
            .type_text("①“");
        desk.keys("esc alt-t down esc f3").type_text("桃花坞").assert_shows(&["共 1 件", "①“桃花坞”"]);
        desk.keys("enter").assert_shows(&["①“桃花坞”路口…夜间施工→噪声·℃—é║■★末"]);
        desk.keys("pagedown f7").type_text("“补”①").keys("left left").resize(81, 25).keys("esc f4 f2");
    }
}

#[test]
fn the_caret_counts_them_as_two_columns() {
    let server = Server::start();
    let mut desk = seated(&server, (80, 24));
    desk.field(FieldId::Title);
    let empty = desk.cursor().unwrap();
    desk.type_text("①“…a");
    assert_eq!(desk.cursor().unwrap().x, empty.x + 7);
    desk.keys("left left");
    assert_eq!(desk.cursor().unwrap().x, empty.x + 4);
}

#[test]
#[should_panic(expected = "of row ")]
fn without_the_setting_such_a_terminal_shows_something_else() {
    let server = Server::start();
    let mut desk = seated(&server, (80, 24));
    text::set_wide(false);
    desk.fill(FieldId::Title, "①“中”");
}
