//! Every theme is worn on every main screen: what a role paints has the theme's colours and attributes, everything can be
//! read on the ground it stands on, and what must not be overlooked is told by more than its colour.
//!
//! Which role painted a cell is read off the same walk in the theme of roles.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use huiyin::desk::model::Connection;
use huiyin::desk::screens::intake::FieldId;
use huiyin::theme::{Depth, Shelf, Theme, contrast, rgb};
use ratatui::buffer::{Cell, CellWidth as _};
use ratatui::style::{Color, Modifier};

use super::{roles, shots};
use crate::harness::{Desk, PASSWORD, Seat, Server};

const SIZE: (u16, u16) = (120, 36);

/// Goes on to a screen from the one before it.
type Step = fn(&Server, &mut Desk);

/// What is pressed on the way, each time from where it led before.
const WALK: &[(&str, Step)] = &[
    ("signing in", |_, desk| desk.sign_in("lead", "不是这个密码吧")),
    ("intake", |_, desk| {
        desk.type_text(PASSWORD).keys("enter");
        desk.until("the city", |model| model.connection == Connection::Online && model.city.is_some());
        desk.settle();
    }),
    ("a call", |_, desk| {
        desk.fill(FieldId::Number, "139 0000 5678").fill(FieldId::Occurred, "不知道");
        desk.fill(FieldId::Detail, "阳光小区3栋");
        desk.fill(FieldId::Text, "昨晚阳光小区3栋楼下工地夜间施工，噪声扰民，要求停止施工");
        desk.until("like cases", |model| model.intake.current().side.like.is_some()).until_saved();
        desk.keys("ctrl-s").heed().until_saved();
    }),
    ("beside the form", |_, desk| {
        desk.keys("f6 down");
    }),
    ("candidates", |_, desk| {
        desk.keys("f6").fill(FieldId::Matter, "zs").keys("down").until_saved();
    }),
    ("templates", |_, desk| {
        desk.keys("esc").field(FieldId::Text).until_saved().keys("f7 down");
    }),
    ("a text selected", |_, desk| {
        desk.keys("esc shift-left shift-left");
    }),
    ("drafts", |_, desk| {
        desk.keys("right ctrl-n").fill(FieldId::Number, "138").until_saved();
        desk.keys("alt-d").until("the list", |model| model.drafts.ledger.is_some());
    }),
    ("search", |_, desk| {
        desk.keys("f3").type_text("施工 工地");
    }),
    ("the hits", |_, desk| {
        desk.keys("ctrl-a delete tab down");
    }),
    ("a case", |_, desk| {
        desk.keys("f3").type_text("施工 工地").keys("enter");
    }),
    ("dispatching", |_, desk| {
        desk.keys("d ctrl-s").type_text("s").keys("down");
    }),
    ("a note", |_, desk| {
        desk.keys("esc esc n ctrl-s");
    }),
    ("one's work", |_, desk| {
        desk.keys("esc f4 1");
    }),
    ("help", |_, desk| {
        desk.keys("f1 down");
    }),
    ("palette", |_, desk| {
        desk.keys("esc ctrl-p").type_text("f").keys("down");
    }),
    ("menu", |_, desk| {
        desk.keys("esc f10");
    }),
    ("knowledge", |_, desk| {
        desk.keys("esc alt-w").type_text("tc");
    }),
    ("receipt", |_, desk| {
        desk.keys("esc f2 ctrl-n").fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome);
        desk.keys("left ctrl-s");
    }),
    ("offline", |server, desk| {
        desk.keys("enter");
        server.go_dark();
        desk.until("the word of it", |model| matches!(model.connection, Connection::Offline(_)));
    }),
    ("leaving", |_, desk| {
        desk.keys("ctrl-q");
    }),
    ("locked", |_, desk| {
        desk.keys("esc alt-q").type_text("不对的密码").keys("enter");
    }),
];

/// One screen on the way.
struct Frame {
    place: &'static str,
    cells: Vec<Vec<Cell>>,
    screen: String,
}

fn walk(theme: Theme, depth: Depth) -> Vec<Frame> {
    let server = shots::busy();
    let mut desk = Seat { theme: Some(theme), depth, size: SIZE, ..Seat::default() }.open(&server);
    let frames = WALK.iter().map(|(place, reach)| {
        reach(&server, &mut desk);
        let row = |y| (0..SIZE.0).map(|x| desk.cell(x, y).clone()).collect();
        Frame { place, cells: (0..SIZE.1).map(row).collect(), screen: desk.screen() }
    });
    let frames = frames.collect();
    desk.heed();
    frames
}

/// The walk in the theme of roles.
static ROLES: LazyLock<Vec<Frame>> = LazyLock::new(|| walk(roles::theme(), Depth::True));

/// The cells of a frame that begin a character, by row.
fn each(frame: &Frame) -> impl Iterator<Item = (usize, usize, &Cell)> {
    frame.cells.iter().enumerate().flat_map(|(y, row)| {
        let mut covered = 0;
        row.iter().enumerate().filter_map(move |(x, cell)| {
            let begins = x >= covered;
            if begins {
                covered = x + usize::from(cell.cell_width().max(1));
            }
            begins.then_some((x, y, cell))
        })
    })
}

/// What a cell is written in and on, as it is seen.
fn seen(cell: &Cell) -> [Color; 2] {
    if cell.modifier.contains(Modifier::REVERSED) { [cell.bg, cell.fg] } else { [cell.fg, cell.bg] }
}

fn wears(name: &str, depth: Depth) {
    let theme = Theme::built_in(name, depth).unwrap();
    let mut wrong = BTreeSet::new();
    for (meant, frame) in ROLES.iter().zip(walk(theme.clone(), depth)) {
        assert_eq!(meant.screen, frame.screen, "{}", frame.place);
        for ((x, y, cell), (_, _, by)) in each(&frame).zip(each(meant)) {
            let is_blank = cell.symbol().trim().is_empty();
            let Some(role) = roles::of(by) else {
                if !is_blank {
                    wrong.insert(format!("{}: `{}` is painted by no role", frame.place, cell.symbol()));
                }
                continue;
            };
            let style = theme.style(role);
            let as_meant = style.fg.is_none_or(|fg| fg == cell.fg)
                && style.bg.is_none_or(|bg| bg == cell.bg)
                && cell.modifier.contains(style.add_modifier);
            if !as_meant {
                wrong.insert(format!("{}: {} is not painted as such", frame.place, role.name()));
            }
            if is_blank {
                continue;
            }
            let colours = seen(cell);
            let readable = match colours.map(rgb) {
                [Some(fg), Some(bg)] => contrast(fg, bg) >= role.needs(),
                // The terminal's own, which may be any.
                [None, None] => true,
                _ => false,
            };
            if !readable {
                let at = format!("`{}` at {x},{y}", cell.symbol());
                wrong.insert(format!("{}: {} is {colours:?}, such as {at}", frame.place, role.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

/// A test for each theme.
macro_rules! themes {
    ($($test:ident = $name:literal at $depth:ident),+ $(,)?) => {
        $(#[test]
        fn $test() {
            wears($name, Depth::$depth);
        })+

        #[test]
        fn every_theme_is_worn() {
            assert_eq!(Shelf::default().names(), [$($name),+]);
        }
    };
}
themes!(
    dark = "dark" at True,
    light = "light" at True,
    high_contrast = "high-contrast" at True,
    colour_blind = "colour-blind" at True,
    sixteen = "sixteen" at Sixteen,
    mono = "mono" at None,
);
