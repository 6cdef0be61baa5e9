//! The bars above and below a screen: one row each, what matters least left out when it gets narrow.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::desk::buffer::Buffer;
use crate::desk::keymap::Deed;
use crate::desk::text::{line, truncate, width};

/// A key in the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHint<'a> {
    /// The key as people call it, such as `F2`.
    pub key: Cow<'a, str>,
    /// What it does.
    pub name: Cow<'a, str>,
    /// Whether it works now; otherwise it stands in brackets.
    pub enabled: bool,
    /// 0 stays longest.
    pub priority: u8,
    /// What the key does, for the mouse.
    pub deed: Option<Deed>,
}

/// How the footer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FooterStyle {
    /// The ground of the row.
    pub ground: Style,
    /// A key.
    pub key: Style,
    /// What it does.
    pub name: Style,
    /// Key and name while it does not work.
    pub disabled: Style,
}

/// A piece of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// The text, from people or not.
    pub text: Cow<'a, str>,
    /// Its style, patched over the ground.
    pub style: Style,
    /// 0 stays longest.
    pub priority: u8,
    /// Whether it stands at the right end.
    pub right: bool,
}

/// Columns between neighbours.
const GAP: usize = 2;

/// Draws the keys that fit, in their order, into the first row of `area`; `told` hears which stands where.
pub fn footer(
    buf: &mut Buffer,
    area: Rect,
    hints: &[KeyHint],
    style: &FooterStyle,
    mut told: impl FnMut(usize, Rect),
) {
    let texts: Vec<_> = hints
        .iter()
        .map(|hint| {
            if hint.enabled {
                [format!("{} ", hint.key), hint.name.to_string()]
            } else {
                [format!("({} ", hint.key), format!("{})", hint.name)]
            }
        })
        .collect();
    let sizes: Vec<_> = texts
        .iter()
        .zip(hints)
        .map(|([key, name], hint)| (width(key) + width(name), hint.priority))
        .collect();
    let area = row(buf, area, style.ground);
    let mut left = area;
    for (index, columns) in fit(&sizes, usize::from(area.width)) {
        let [key, name] = &texts[index];
        told(index, first(left, columns));
        let (of_key, of_name) =
            if hints[index].enabled { (style.key, style.name) } else { (style.disabled, style.disabled) };
        put(buf, &mut left, key, columns, style.ground.patch(of_key));
        put(buf, &mut left, name, columns.saturating_sub(width(key)), style.ground.patch(of_name));
        advance(&mut left, GAP);
    }
}

/// Draws the parts that fit into the first row of `area`, those at the left from the left, the others to its end;
/// `told` hears which stands where.
pub fn header(
    buf: &mut Buffer,
    area: Rect,
    parts: &[Part],
    ground: Style,
    mut told: impl FnMut(usize, Rect),
) {
    let texts: Vec<_> = parts.iter().map(|part| line(&part.text)).collect();
    let sizes: Vec<_> = texts.iter().zip(parts).map(|(text, part)| (width(text), part.priority)).collect();
    let area = row(buf, area, ground);
    let kept = fit(&sizes, usize::from(area.width));
    let (right, left): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(index, _)| parts[*index].right);
    let of_right: usize = right.iter().map(|(_, columns)| columns + GAP).sum();
    let mut end = area;
    advance(&mut end, usize::from(area.width).saturating_sub(of_right.saturating_sub(GAP)));
    for (kept, mut rest) in [(left, area), (right, end)] {
        for (index, columns) in kept {
            told(index, first(rest, columns));
            put(buf, &mut rest, &texts[index], columns, ground.patch(parts[index].style));
            advance(&mut rest, GAP);
        }
    }
}

/// Which of these (columns, priority) fit side by side, with the columns each gets: the last of the least important
/// goes first, and the very last one is cut.
fn fit(sizes: &[(usize, u8)], columns: usize) -> Vec<(usize, usize)> {
    let mut kept: Vec<_> = sizes.iter().enumerate().filter(|(_, (size, _))| *size > 0).collect();
    while kept.len() > 1 && kept.iter().map(|(_, (size, _))| size + GAP).sum::<usize>() > columns + GAP {
        let Some(worst) = (0..kept.len()).max_by_key(|at| (kept[*at].1.1, *at)) else { break };
        kept.remove(worst);
    }
    kept.into_iter().map(|(index, (size, _))| (index, (*size).min(columns))).collect()
}

fn row(buf: &mut Buffer, area: Rect, ground: Style) -> Rect {
    let area = Rect { height: area.height.min(1), ..area }.intersection(buf.area);
    buf.set_style(area, ground);
    area
}

/// The first `columns` of what is left.
fn first(rest: Rect, columns: usize) -> Rect {
    Rect { width: u16::try_from(columns).unwrap_or(u16::MAX).min(rest.width), ..rest }
}

fn put(buf: &mut Buffer, rest: &mut Rect, text: &str, columns: usize, style: Style) {
    let text = line(text);
    let text = truncate(&text, columns.min(usize::from(rest.width)));
    if !text.is_empty() && !rest.is_empty() {
        let _ = buf.write(rest.as_position().into(), &text, usize::from(rest.width), style);
        advance(rest, width(&text));
    }
}

fn advance(rest: &mut Rect, columns: usize) {
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(rest.width);
    rest.x += columns;
    rest.width -= columns;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::widgets::screen;

    fn drawn(columns: u16, draw: impl Fn(&mut Buffer, Rect)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 3, 1));
        draw(&mut buffer, Rect::new(3, 0, columns, 1));
        screen::text(&buffer.cells())
    }

    #[test]
    fn the_footer_leaves_out_what_matters_least() {
        let hint = |key: &'static str, name: &'static str, enabled, priority| KeyHint {
            key: key.into(),
            name: name.into(),
            enabled,
            priority,
            deed: None,
        };
        let hints = [
            hint("F2", "提交", true, 0),
            hint("F3", "查重", false, 2),
            hint("F4", "转派", true, 2),
            hint("F1", "帮助", true, 1),
        ];
        let draw = |columns| {
            drawn(columns, |buf, area| footer(buf, area, &hints, &FooterStyle::default(), |_, _| {}))
        };
        assert_eq!(draw(60), "   F2 提交  (F3 查重)  F4 转派  F1 帮助");
        assert_eq!(draw(34), "   F2 提交  (F3 查重)  F1 帮助");
        assert_eq!(draw(20), "   F2 提交  F1 帮助");
        assert_eq!(draw(15), "   F2 提交");
        assert_eq!(draw(6), "   F2 ..");
        assert_eq!(draw(0), "");
    }

    #[test]
    fn the_header_keeps_both_ends() {
        let part = |text: &'static str, priority, right| Part {
            text: text.into(),
            style: Style::new(),
            priority,
            right,
        };
        let parts = [
            part("回音", 1, false),
            part("练\u{202e}习", 3, false),
            part("待发 3", 0, true),
            part("12:30", 2, true),
        ];
        let draw = |columns| drawn(columns, |buf, area| header(buf, area, &parts, Style::new(), |_, _| {}));
        assert_eq!(draw(40), "   回音  练<202E>习           待发 3  12:30");
        assert_eq!(draw(23), "   回音      待发 3  12:30");
        assert_eq!(draw(5), "   待..");
    }
}
