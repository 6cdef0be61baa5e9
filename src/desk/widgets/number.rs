//! A case number large enough to read out to the caller at a glance.
//!
//! The digits are drawn from ASCII, for block characters are two columns wide in some terminals. What is drawn is
//! always the whole number: where large digits do not fit, small ones do.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::desk::buffer::Buffer;
use crate::desk::text::width;

/// Rows of a large digit, three columns each.
const LARGE: [[&str; 5]; 10] = [
    ["###", "# #", "# #", "# #", "###"],
    [" # ", "## ", " # ", " # ", "###"],
    ["###", "  #", "###", "#  ", "###"],
    ["###", "  #", "###", "  #", "###"],
    ["# #", "# #", "###", "  #", "  #"],
    ["###", "#  ", "###", "  #", "###"],
    ["###", "#  ", "###", "# #", "###"],
    ["###", "  #", "  #", "  #", "  #"],
    ["###", "# #", "###", "# #", "###"],
    ["###", "# #", "###", "  #", "###"],
];

/// Rows of a middling digit.
const MIDDLING: [[&str; 3]; 10] = [
    [" _ ", "| |", "|_|"],
    ["   ", "  |", "  |"],
    [" _ ", " _|", "|_ "],
    [" _ ", " _|", " _|"],
    ["   ", "|_|", "  |"],
    [" _ ", "|_ ", " _|"],
    [" _ ", "|_ ", "|_|"],
    [" _ ", "  |", "  |"],
    [" _ ", "|_|", "|_|"],
    [" _ ", "|_|", " _|"],
];

/// What was drawn of a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawn {
    /// The rows used.
    pub rows: u16,
    /// The first column of each group and its columns, where all stand on one line in large digits; otherwise nothing.
    pub groups: Vec<(u16, u16)>,
}

/// Draws `grouped` (digits in groups with a blank or hyphen between) as large as `area` allows.
pub fn view(buf: &mut Buffer, area: Rect, grouped: &str, style: Style) -> Drawn {
    let area = area.intersection(buf.area);
    let groups: Vec<&str> =
        grouped.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    // Narrow gaps between the groups are better than a number on two lines.
    let drawn = [
        (3, large(&groups, &LARGE, columns, 1, 3)),
        (2, large(&groups, &LARGE, columns, 1, 2)),
        (3, large(&groups, &MIDDLING, columns, 1, 3)),
        (2, large(&groups, &MIDDLING, columns, 1, 2)),
        (0, large(&groups, &MIDDLING, columns, 2, 3)),
        (0, small(&groups, " ", columns)),
        (0, small(&groups, "", columns)),
    ];
    let fits =
        drawn.into_iter().find_map(|(gap, rows)| Some((gap, rows.filter(|rows| rows.len() <= height)?)));
    let Some((gap, rows)) = fits else { return Drawn::default() };
    for (row, y) in rows.iter().zip(area.top()..) {
        buf.set_string(area.x, y, row, style);
    }
    let mut left = 0;
    let place = |group: &&str| {
        let columns = u16::try_from(group.len() * 4 - 1).unwrap_or(u16::MAX);
        let at = left;
        left += columns + gap;
        (at, columns)
    };
    let groups = if gap > 0 { groups.iter().map(place).collect() } else { Vec::new() };
    Drawn { rows: u16::try_from(rows.len()).unwrap_or(area.height), groups }
}

/// The groups in glyphs of `ROWS` rows, on at most `most` lines, `gap` columns between them.
fn large<const ROWS: usize>(
    groups: &[&str],
    glyphs: &[[&str; ROWS]; 10],
    columns: usize,
    most: usize,
    gap: usize,
) -> Option<Vec<String>> {
    // A glyph is three columns with a blank after it.
    let lines = lines(groups, columns, |group| group.len() * 4 - 1 + gap, gap)?;
    let rows = lines.iter().flat_map(|groups| {
        (0..ROWS).map(move |row| {
            let mut text = String::new();
            for group in *groups {
                for digit in group.bytes().map(|b| usize::from(b - b'0')) {
                    text.push_str(glyphs[digit][row]);
                    text.push(' ');
                }
                text.push_str(&" ".repeat(gap - 1));
            }
            text.truncate(text.trim_end().len());
            text
        })
    });
    (lines.len() <= most).then(|| rows.collect())
}

/// The groups in ordinary digits with `between` between them, on as many lines as needed.
fn small(groups: &[&str], between: &str, columns: usize) -> Option<Vec<String>> {
    let gap = 1 + 2 * between.len();
    let lines = lines(groups, columns, |group| group.len() + (group.len() - 1) * width(between) + gap, gap)?;
    let spaced = |group: &&str| group.chars().map(String::from).collect::<Vec<_>>().join(between);
    Some(
        lines.iter().map(|line| line.iter().map(spaced).collect::<Vec<_>>().join(&" ".repeat(gap))).collect(),
    )
}

/// Groups laid out line by line; nothing if one is wider than a line. `trail` of a group's size is the gap after it.
fn lines<'a, 'b>(
    mut groups: &'a [&'b str],
    columns: usize,
    size: impl Fn(&str) -> usize,
    trail: usize,
) -> Option<Vec<&'a [&'b str]>> {
    let mut lines = Vec::new();
    while !groups.is_empty() {
        let mut used = 0;
        let fits = groups
            .iter()
            .take_while(|group| {
                used += size(group);
                used <= columns + trail
            })
            .count();
        if fits == 0 {
            return None;
        }
        let (line, rest) = groups.split_at(fits);
        lines.push(line);
        groups = rest;
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::widgets::screen;

    fn draw(columns: u16, height: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 5, height));
        buffer.set_string(0, 0, "编号", Style::new());
        let drawn = view(&mut buffer, Rect::new(5, 0, columns, height), "2611 2320 45", Style::new());
        assert!(drawn.rows <= height);
        screen::text(&buffer.cells())
    }

    #[test]
    fn the_number_is_as_large_as_the_room() {
        insta::assert_snapshot!(draw(43, 5), @"
        编号 ### ###  #   #    ### ### ### ###   # # ###
               # #   ##  ##      #   #   # # #   # # #
             ### ###  #   #    ### ### ### # #   ### ###
             #   # #  #   #    #     # #   # #     #   #
             ### ### ### ###   ### ### ### ###     # ###
        ");
        let (middling, two_lines) = (draw(43, 3), draw(25, 6));
        insta::assert_snapshot!(middling, @"
        编号  _   _             _   _   _   _         _
              _| |_    |   |    _|  _|  _| | |   |_| |_
             |_  |_|   |   |   |_   _| |_  |_|     |  _|
        ");
        insta::assert_snapshot!(two_lines, @"
        编号  _   _
              _| |_    |   |
             |_  |_|   |   |
              _   _   _   _         _
              _|  _|  _| | |   |_| |_
             |_   _| |_  |_|     |  _|
        ");
        assert_eq!(draw(40, 2), "编号 2 6 1 1   2 3 2 0   4 5\n");
        assert_eq!(draw(12, 2), "编号 2611 2320 45\n");
        assert_eq!(draw(9, 2), "编号 2611 2320\n     45");
        assert_eq!(draw(3, 2), "编号\n");
    }
}
