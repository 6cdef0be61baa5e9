//! Every widget at even and odd columns on a wall of wide characters, in every width down to nothing: no half of a
//! character is left, borders stand whole, and nothing is drawn outside.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::bars::{self, FooterStyle, KeyHint, Part};
use super::field::{Field, FieldStyle};
use super::list::{self, ListState, ListStyle};
use super::number;
use super::overlay::{self, OverlayStyle};
use super::screen;
use super::textarea::TextArea;
use super::toast::{self, Severity, ToastStyle};
use crate::desk::buffer::Buffer;
use crate::desk::text::{set_wide, truncate};

/// Wide, narrow, combined, joined, what is shown as a mark, and what is wide in some terminals only.
const TEXT: &str = "来a电e\u{301}人👨\u{200d}👩\u{200d}👧反映\u{202e}\u{200b}：幸福路，①“夜间”施工…";

type Draw = fn(&mut Buffer, Rect);

fn wall() -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 28, 6));
    for y in 0..6 {
        buffer.set_string(0, y, "中".repeat(14), Style::new());
    }
    buffer
}

fn line(buf: &mut Buffer, area: Rect) {
    let mut field = Field::new(60);
    field.set(TEXT);
    field.select(0..9);
    let _ = field.view(buf, area, &FieldStyle::default(), "", true);
}

fn line_without_focus(buf: &mut Buffer, area: Rect) {
    let mut field = Field::new(60);
    field.set(TEXT);
    let _ = field.view(buf, area, &FieldStyle::default(), "", false);
}

fn hint(buf: &mut Buffer, area: Rect) {
    let _ = Field::new(60).view(buf, area, &FieldStyle::default(), TEXT, true);
}

fn lines(buf: &mut Buffer, area: Rect) {
    let mut text = TextArea::new(200);
    text.set(&format!("{TEXT}\n{TEXT}"));
    let _ = text.view(buf, area, &FieldStyle::default(), "", true);
}

fn list(buf: &mut Buffer, area: Rect) {
    list::view(buf, area, &ListState::default(), 9, &ListStyle::default(), |_, columns| {
        Line::raw(truncate("夜间施工噪声扰民", columns).into_owned())
    });
}

fn footer(buf: &mut Buffer, area: Rect) {
    let hint = |key, name, priority| KeyHint {
        key: Cow::Borrowed(key),
        name: Cow::Borrowed(name),
        enabled: priority == 0,
        priority,
        deed: None,
    };
    let hints = [hint("F9", "提交", 0), hint("F6", "侧栏", 1)];
    bars::footer(buf, area, &hints, &FooterStyle::default(), |_, _| {});
}

fn header(buf: &mut Buffer, area: Rect) {
    let part = |text, right| Part { text: Cow::Borrowed(text), style: Style::new(), priority: 0, right };
    bars::header(buf, area, &[part(TEXT, false), part("已连接", true)], Style::new(), |_, _| {});
}

fn toast(buf: &mut Buffer, area: Rect) {
    toast::view(buf, area, Severity::Error, TEXT, &ToastStyle::default());
}

fn number(buf: &mut Buffer, area: Rect) {
    number::view(buf, area, "261123 154203 0001 20", Style::new());
}

fn popup(buf: &mut Buffer, area: Rect) {
    let _ = overlay::open(buf, area, TEXT, &OverlayStyle::default());
}

const WIDGETS: &[Draw] = &[line, line_without_focus, hint, lines, list, footer, header, toast, number, popup];

/// Walks each row by the widths of what stands there, as a terminal does, and fails where it steps over an edge of
/// `area` or comes to a cell that a wide character covers.
fn assert_whole(buf: &Buffer, area: Rect) {
    for y in 0..buf.area.height {
        let mut x = 0;
        while x < buf.area.width {
            let wide = buf.columns_at(x, y).max(1);
            let inside = (area.left()..area.right()).contains(&x) && (area.top()..area.bottom()).contains(&y);
            if inside {
                assert!(
                    x + wide <= area.right(),
                    "half a character at the right edge:\n{}",
                    screen::text(&buf.cells())
                );
            } else if (area.top()..area.bottom()).contains(&y) && x < area.left() {
                assert!(
                    x + wide <= area.left(),
                    "half a character at the left edge:\n{}",
                    screen::text(&buf.cells())
                );
            }
            for covered in x + 1..(x + wide).min(buf.area.width) {
                assert_eq!(buf.cell((covered, y)).unwrap().symbol(), " ", "something under a wide character");
            }
            x += wide;
        }
    }
}

#[test]
fn every_widget_stands_whole_in_a_popup_on_a_wall_of_wide_characters() {
    for wide in [false, true] {
        set_wide(wide);
        for draw in WIDGETS {
            for (x, width) in [3, 4, 5, 6].into_iter().flat_map(|x| (2..=18).map(move |width| (x, width))) {
                let mut buffer = wall();
                let area = Rect::new(x, 0, width, 6);
                let room = overlay::open(&mut buffer, area, "热线工单", &OverlayStyle::default());
                let frame = buffer.cells();
                draw(&mut buffer, room);
                assert_whole(&buffer, area);
                let drawn = buffer.cells();
                for (cell, before) in drawn.content.iter().enumerate().zip(&frame.content) {
                    let (column, row) = drawn.pos_of(cell.0);
                    if !room.contains((column, row).into()) {
                        assert_eq!(cell.1, before, "drawn outside at {column}, {row}");
                    }
                }
            }
        }
    }
    set_wide(false);
}

#[test]
fn an_empty_area_and_one_outside_are_left_alone() {
    for draw in WIDGETS {
        for area in [Rect::new(5, 1, 0, 3), Rect::new(5, 1, 3, 0), Rect::new(90, 90, 5, 5)] {
            let mut buffer = wall();
            draw(&mut buffer, area);
            assert_eq!(buffer.cells(), wall().cells());
        }
    }
}

#[test]
fn what_is_cut_says_so_and_what_hides_is_written_out() {
    let mut pictures = Vec::new();
    for (draw, width) in
        [(line_without_focus as Draw, 21), (lines, 21), (list, 17), (header, 20), (toast, 17)]
    {
        let mut buffer = wall();
        let room =
            overlay::open(&mut buffer, Rect::new(5, 0, width, 5), "热线工单", &OverlayStyle::default());
        draw(&mut buffer, room);
        pictures.push(screen::text(&buffer.cells()));
    }
    // The accent has no place in a source file.
    insta::assert_snapshot!(pictures.join("\n\n").replace('\u{301}', ""), @r"
    中中 ╭─ 热线工单 ────────╮中
    中中 │来a电e人👨‍👩‍👧反映<20..│中
    中中 │                   │中
    中中 │                   │中
    中中 ╰───────────────────╯中
    中中中中中中中中中中中中中中

    中中 ╭─ 热线工单 ────────╮中
    中中 │来a电e人👨‍👩‍👧反       │中
    中中 │映<202E><200B>：幸|│中
    中中 │福路，①“夜间”施工…|│中
    中中 ╰───────────────────╯中
    中中中中中中中中中中中中中中

    中中 ╭─ 热线工单 ────╮中中中
    中中 │> 夜间施工噪..|│中中中
    中中 │  夜间施工噪.. │中中中
    中中 │  夜间施工噪.. │中中中
    中中 ╰───────────────╯中中中
    中中中中中中中中中中中中中中

    中中 ╭─ 热线工单 ───────╮ 中
    中中 │来a电e人👨‍👩‍👧反映<2..│ 中
    中中 │                  │ 中
    中中 │                  │ 中
    中中 ╰──────────────────╯ 中
    中中中中中中中中中中中中中中

    中中 ╭─ 热线工单 ────╮中中中
    中中 │[x] 来a电e人.. │中中中
    中中 │               │中中中
    中中 │               │中中中
    中中 ╰───────────────╯中中中
    中中中中中中中中中中中中中中
    ");
}
