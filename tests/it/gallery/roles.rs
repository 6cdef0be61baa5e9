//! Which role painted each cell: a theme gives each of them a colour of its own, and a letter stands for it.

use std::fmt::Write as _;
use std::sync::LazyLock;

use huiyin::theme::{Depth, Role, Shelf, Theme};
use ratatui::buffer::{Cell, CellWidth as _};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::harness::Desk;

/// The letters, in the order of the roles.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// From so many rows on rows that are the same are told by their number.
const SAME: usize = 3;

/// A theme in which role `n` is written in blue of strength `n + 1`.
pub(super) fn theme() -> Theme {
    static ROLES: LazyLock<Theme> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let rows = Role::ALL.iter().zip(1..).map(|(role, n)| {
            format!("\"{}\" = {{ fg = \"#0000{n:02x}\", bg = \"#ffffff\" }}\n", role.name())
        });
        let text = format!("[roles]\n{}", rows.collect::<String>());
        std::fs::write(folder.path().join("roles.toml"), text).unwrap();
        Shelf::read(folder.path()).load("roles", Depth::True).unwrap()
    });
    ROLES.clone()
}

/// The role that painted a cell.
pub(super) fn of(cell: &Cell) -> Option<Role> {
    match cell.fg {
        Color::Rgb(0, 0, n) => Role::ALL.get(usize::from(n).checked_sub(1)?).copied(),
        _ => None,
    }
}

fn letter(cell: &Cell) -> char {
    of(cell).map_or('.', |role| char::from(LETTERS[role as usize]))
}

/// The area of the dialog: that of the frame which is painted as one.
pub(super) fn dialog(desk: &Desk, (columns, rows): (u16, u16)) -> Rect {
    let border = desk.model().look.style(Role::OverlayBorder).fg;
    let mut place = Rect::default();
    for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))) {
        let cell = desk.cell(x, y);
        if Some(cell.fg) == border && "╭╮╰╯".contains(cell.symbol()) {
            let cell = Rect::new(x, y, 1, 1);
            place = if place.is_empty() { cell } else { place.union(cell) };
        }
    }
    assert!(!place.is_empty(), "no dialog:\n{}", desk.screen());
    place
}

pub(super) fn title((columns, rows): (u16, u16), place: Option<Rect>) -> String {
    let at = place.map(|at| format!(" from {},{}", at.x, at.y)).unwrap_or_default();
    format!("[{columns}x{rows}{at}]")
}

pub(super) fn area((columns, rows): (u16, u16), place: Option<Rect>) -> Rect {
    place.unwrap_or(Rect::new(0, 0, columns, rows))
}

/// The text there, with rows that are the same told by their number.
pub(super) fn text(desk: &Desk, size: (u16, u16), place: Option<Rect>) -> String {
    let area = area(size, place);
    counted(rows(desk, area))
}

/// The rows of an area, blanks at their ends cut.
pub(super) fn rows(desk: &Desk, area: Rect) -> Vec<String> {
    let rows = (area.top()..area.bottom()).map(|y| {
        let mut row = String::new();
        let mut x = area.left();
        while x < area.right() {
            let cell = desk.cell(x, y);
            row.push_str(cell.symbol());
            x += cell.cell_width().max(1);
        }
        row.trim_end().to_owned()
    });
    rows.collect()
}

/// The roles there: at the smallest size a letter a cell, at others how often each letter comes.
pub(super) fn map(desk: &Desk, size: (u16, u16), place: Option<Rect>) -> String {
    let area = area(size, place);
    let rows = (area.top()..area.bottom()).map(|y| {
        let mut letters = Vec::new();
        while let Some(x) = u16::try_from(letters.len()).ok().filter(|x| *x < area.width) {
            let cell = desk.cell(area.x + x, y);
            // What a wide character covers is its own.
            letters.extend(std::iter::repeat_n(letter(cell), usize::from(cell.cell_width().max(1))));
        }
        if size.0 == 80 {
            return letters.into_iter().collect();
        }
        letters.chunk_by(|a, b| a == b).fold(String::new(), |mut row, run| {
            let _ = write!(row, "{}{} ", run[0], run.len());
            row
        })
    });
    counted(rows.collect())
}

fn counted(rows: Vec<String>) -> String {
    let mut out: Vec<String> = Vec::new();
    for same in rows.chunk_by(|a, b| a == b) {
        if same.len() >= SAME {
            let gap = if same[0].is_empty() { "" } else { "  " };
            out.push(format!("{}{gap}(x{})", same[0], same.len()));
        } else {
            out.extend(same.iter().map(|row| row.trim_end().to_owned()));
        }
    }
    out.join("\n")
}

fn colour(colour: Option<Color>) -> String {
    match colour {
        None | Some(Color::Reset) => "-".to_owned(),
        Some(Color::Rgb(r, g, b)) => format!("{r:02x}{g:02x}{b:02x}"),
        Some(other) => other.to_string().to_lowercase(),
    }
}

fn shown(style: Style) -> String {
    let mut out = colour(style.fg);
    if style.bg.is_some() {
        let _ = write!(out, "/{}", colour(style.bg));
    }
    for (modifier, name) in [
        (Modifier::BOLD, "B"),
        (Modifier::DIM, "D"),
        (Modifier::ITALIC, "I"),
        (Modifier::UNDERLINED, "U"),
        (Modifier::REVERSED, "R"),
        (Modifier::CROSSED_OUT, "S"),
    ] {
        if style.add_modifier.contains(modifier) {
            let _ = write!(out, "+{name}");
        }
    }
    out
}

/// What each theme makes of each role; the last column is what `NO_COLOR` gives.
#[test]
fn what_each_theme_makes_of_each_role() {
    let mut names = Shelf::default().names();
    names.retain(|name| name != "mono");
    let mut themes: Vec<_> = names.iter().map(|name| Theme::built_in(name, Depth::True).unwrap()).collect();
    themes.push(Theme::built_in("dark", Depth::None).unwrap());
    let mut out = format!("  {:<16}", "role");
    for theme in &themes {
        let _ = write!(out, "{:<22}", theme.name());
    }
    for (role, letter) in Role::ALL.iter().zip(LETTERS) {
        let _ = write!(out, "\n{} {:<16}", char::from(*letter), role.name());
        for theme in &themes {
            let _ = write!(out, "{:<22}", shown(theme.style(*role)));
        }
    }
    let table: Vec<_> = out.lines().map(str::trim_end).collect();
    insta::with_settings!({
        snapshot_path => "../snapshots/gallery",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("roles", table.join("\n"));
    });
}
