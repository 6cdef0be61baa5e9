//! Lines of a picture: borders, and what is underlined or struck. Drawn, not written, so that they meet whatever font a
//! reader has.

use std::fmt::Write as _;

/// The side of a cell that a line goes to from its middle.
const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// Which ways a border character goes, and whether it bends softly.
fn arms(symbol: &str) -> Option<(u8, bool)> {
    Some(match symbol {
        "─" => (LEFT | RIGHT, false),
        "│" => (UP | DOWN, false),
        "┌" => (DOWN | RIGHT, false),
        "┐" => (DOWN | LEFT, false),
        "└" => (UP | RIGHT, false),
        "┘" => (UP | LEFT, false),
        "├" => (UP | DOWN | RIGHT, false),
        "┤" => (UP | DOWN | LEFT, false),
        "┬" => (LEFT | RIGHT | DOWN, false),
        "┴" => (LEFT | RIGHT | UP, false),
        "┼" => (UP | RIGHT | DOWN | LEFT, false),
        "╭" => (DOWN | RIGHT, true),
        "╮" => (DOWN | LEFT, true),
        "╰" => (UP | RIGHT, true),
        "╯" => (UP | LEFT, true),
        _ => return None,
    })
}

/// Whether it is drawn instead of written.
pub(super) fn is_drawn(symbol: &str) -> bool {
    arms(symbol).is_some()
}

/// Adds the lines of a border character in the cell at `x` and `y` of this size to the path.
pub(super) fn add(path: &mut String, symbol: &str, (x, y): (f32, f32), (width, height): (f32, f32)) {
    let Some((arms, soft)) = arms(symbol) else { return };
    let (middle, centre) = (x + width / 2.0, y + height / 2.0);
    let (right, bottom) = (x + width, y + height);
    if soft {
        let across = if arms & RIGHT == 0 { x } else { right };
        let down = if arms & DOWN == 0 { y } else { bottom };
        let _ = write!(path, "M{across} {centre}Q{middle} {centre} {middle} {down}");
        return;
    }
    match arms & (LEFT | RIGHT) {
        0 => {}
        way => {
            let from = if way & LEFT == 0 { middle } else { x };
            let to = if way & RIGHT == 0 { middle } else { right };
            join(path, &format!("M{from} {centre}H"), &format!(" {centre}H"), to, from);
        }
    }
    match arms & (UP | DOWN) {
        0 => {}
        way => {
            let from = if way & UP == 0 { centre } else { y };
            let to = if way & DOWN == 0 { centre } else { bottom };
            let _ = write!(path, "M{middle} {from}V{to}");
        }
    }
}

/// Adds a line to the right, or makes the last one longer where it ends at `from`.
fn join(path: &mut String, begin: &str, row: &str, to: f32, from: f32) {
    let last = path.rfind('M').filter(|at| {
        let tail = &path[*at..];
        tail.contains(row) && tail.ends_with(&format!("H{from}"))
    });
    if last.is_some() {
        let keep = path.rfind('H').map_or(path.len(), |at| at + 1);
        path.truncate(keep);
        let _ = write!(path, "{to}");
    } else {
        let _ = write!(path, "{begin}{to}");
    }
}

/// Adds a line from `x` to `to` at `y`.
pub(super) fn across(path: &mut String, x: f32, to: f32, y: f32) {
    join(path, &format!("M{x} {y}H"), &format!(" {y}H"), to, x);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_line_and_corners_meet_them() {
        let mut path = String::new();
        for (column, symbol) in (0_u8..).zip(["╭", "─", "─", "┬"]) {
            add(&mut path, symbol, (f32::from(column) * 9.0, 20.0), (9.0, 20.0));
        }
        assert_eq!(path, "M9 30Q4.5 30 4.5 40M9 30H36M31.5 30V40");
        let mut path = String::new();
        add(&mut path, "│", (0.0, 0.0), (9.0, 20.0));
        add(&mut path, "└", (0.0, 20.0), (9.0, 20.0));
        assert_eq!(path, "M4.5 0V20M4.5 30H9M4.5 20V30");
    }
}
