//! The gallery: every screen, every dialog and every state that looks different, in each of the three designs, as text
//! and as roles; in English at the smallest size. One file a picture, in `tests/it/snapshots/gallery/`.
//!
//! What a theme makes of a role is a table of its own, so a picture stands for all themes: what was painted by which
//! role is read off a theme in which each role has a colour of its own. `INSTA_UPDATE=always cargo test --test it
//! gallery` draws the pictures anew.

mod cuts;
mod roles;
mod shots;
mod themes;
mod told_apart;

use std::fmt::Write as _;
use std::process::Command;

use cuts::assert_marked;
use huiyin::desk::model::Screen;
use huiyin::desk::screens::overlay::Overlay;
use shots::{SHOTS, Shot};

/// The three designs.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// Names what lies over a screen, and lists all names there are: a new dialog is not forgotten here.
macro_rules! overlays {
    ($($variant:ident $(($ignored:tt))? = $name:literal),+ $(,)?) => {
        const OVERLAYS: &[&str] = &[$($name),+];

        fn name_of(overlay: &Overlay) -> &'static str {
            match overlay { $(Overlay::$variant $(($ignored))? => $name),+ }
        }
    };
}
overlays! {
    Help(_) = "help",
    Palette(_) = "palette",
    Chooser(_) = "chooser",
    Menu(_) = "menu",
    Knowledge(_) = "knowledge",
    Prompt(_) = "prompt",
    Dispatch(_) = "dispatch",
    Clash(_) = "clash",
    Aside(_) = "aside",
    Receipt(_) = "receipt",
    Themes(_) = "themes",
    Password(_) = "password",
    SignIn = "sign_in",
    FirstKeys = "first_keys",
    Confirm(_) = "confirm",
}

#[test]
fn every_screen_and_every_dialog_has_its_picture() {
    for screen in Screen::ALL {
        assert!(
            SHOTS.iter().any(|shot| shot.screen == *screen && shot.over.is_none()),
            "no picture of {}",
            screen.code()
        );
    }
    for name in OVERLAYS {
        assert!(SHOTS.iter().any(|shot| shot.over == Some(name)), "no picture of {name}");
    }
    let mut names: Vec<_> = SHOTS.iter().map(|shot| shot.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|two| two[0] != two[1]), "{names:?}");
}

/// Draws a picture in the language in front.
fn picture(shot: &Shot, english: bool) -> String {
    let (server, mut desk) = (shot.stage)();
    (shot.reach)(&server, &mut desk);
    desk.heed();
    assert_eq!(desk.model().screen, shot.screen, "{}", desk.screen());
    assert_eq!(desk.model().overlay.as_ref().map(name_of), shot.over, "{}", desk.screen());
    let mut out = String::new();
    for size in SIZES {
        desk.resize(size.0, size.1);
        // What lies under a dialog has a picture of its own, so on the larger sizes the dialog is shown alone.
        let dialog = shot.over.map(|_| roles::dialog(&desk, size));
        assert_marked(&desk, size, dialog);
        if english && size != SIZES[0] {
            continue;
        }
        let place = dialog.filter(|_| size != SIZES[0]);
        let _ = writeln!(out, "{}", roles::title(size, place));
        let _ = writeln!(out, "{}", roles::text(&desk, size, place));
        if !english {
            let _ = writeln!(out, "\n{}", roles::map(&desk, size, place));
        }
    }
    out
}

fn assert_picture(shot: &Shot, english: bool) {
    insta::with_settings!({
        snapshot_path => "../snapshots/gallery",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        let name = if english { format!("{}.en", shot.name) } else { shot.name.to_owned() };
        insta::assert_snapshot!(name, picture(shot, english));
    });
}

/// The language belongs to the whole program, so the English pictures are drawn by a program of their own.
#[test]
#[ignore = "started by another test, in English"]
fn drawn_in_english() {
    if std::env::var_os("HUIYIN_TEST_LANGUAGE").is_none() {
        return;
    }
    let wrong: Vec<_> = SHOTS
        .iter()
        .filter(|shot| {
            let draw = std::panic::AssertUnwindSafe(|| assert_picture(shot, true));
            std::panic::catch_unwind(draw).is_err()
        })
        .map(|shot| shot.name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn in_english() {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "gallery::drawn_in_english", "--ignored", "--nocapture"]);
    let drawn = program.env("HUIYIN_TEST_LANGUAGE", "en").output().unwrap();
    let said = [drawn.stdout, drawn.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(drawn.status.success(), "{}", said.concat());
    assert!(said[0].contains("1 passed"), "{}", said.concat());
}

/// Every picture is a test of its own.
macro_rules! pictures {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            let shot = SHOTS.iter().find(|shot| shot.name == stringify!($name));
            assert_picture(shot.expect("a picture of that name"), false);
        })+

        #[test]
        fn every_picture_is_drawn() {
            assert_eq!(SHOTS.iter().map(|shot| shot.name).collect::<Vec<_>>(), [$(stringify!($name)),+]);
        }
    };
}
pictures!(
    sign_in,
    sign_in_refused,
    first_account,
    intake,
    intake_calling,
    intake_beside,
    intake_faults,
    intake_candidates,
    intake_drafts,
    intake_answer,
    intake_offline,
    search,
    search_list,
    search_nothing,
    case,
    work,
    work_nothing,
    drafts,
    locked,
    drafts_none,
    drafts_broken,
    tour,
    help,
    palette,
    templates,
    tags,
    snippets,
    saved_searches,
    hot_topics,
    menu,
    knowledge,
    prompt,
    prompt_refused,
    dispatch,
    clash,
    aside,
    receipt,
    themes,
    password,
    password_refused,
    sign_in_again,
    first_keys,
    discard,
    same_event,
    quit,
);
