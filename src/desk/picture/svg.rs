//! A frame as SVG. Every character has its own place, so the columns stand in any font; a wide one takes two. Grounds
//! and lines are paths by colour, text is one element a row and style: small, without scripts, the same each time.

use std::fmt::Write as _;

use ratatui::buffer::{Cell, CellWidth};
use ratatui::style::Modifier;

use super::{Picture, lines};
use crate::desk::text::width_is_certain;
use crate::theme::rgb;

/// A cell in pixels.
const CELL: (f32, f32) = (9.0, 20.0);
/// From the top of a cell to the line that letters stand on, to the one below them, and to the one through them.
const BASE: f32 = 15.0;
const UNDER: f32 = 18.5;
const THROUGH: f32 = 10.5;
/// Around the cells, and the height of the bar of a window.
const MARGIN: f32 = 12.0;
const BAR: f32 = 26.0;
const SIZE: f32 = 16.0;

/// What stands for a terminal's own text and ground.
const OWN_TEXT: [u8; 3] = [0xdd, 0xdd, 0xdd];
const OWN_GROUND: [u8; 3] = [0x14, 0x14, 0x14];

/// Fonts whose Chinese characters are twice as wide as their letters first; any other does.
const FONTS: &str = "'Sarasa Mono SC','Noto Sans Mono CJK SC','Source Han Mono SC',ui-monospace,'SF Mono',Menlo,Consolas,\
'DejaVu Sans Mono','PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei',monospace";

/// What a picture says to who does not see it, and over its window.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'a> {
    /// A few words.
    pub title: &'a str,
    /// A sentence.
    pub description: &'a str,
    /// The language of both and of the screen, such as `zh-CN`: it decides how Chinese characters are drawn.
    pub language: &'a str,
}

type Rgb = [u8; 3];

/// How a cell is painted, as far as that is not the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ink {
    text: Rgb,
    ground: Rgb,
    bold: bool,
    italic: bool,
}

/// Things by style, in the order in which the styles are met.
struct ByStyle<K, V>(Vec<(K, V)>);

impl<K, V> Default for ByStyle<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V: Default> ByStyle<K, V> {
    fn of(&mut self, style: K) -> &mut V {
        let at = self.0.iter().position(|(known, _)| *known == style).unwrap_or_else(|| {
            self.0.push((style, V::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

/// Draws it.
pub(super) fn draw(picture: &Picture, caption: &Caption<'_>, window: bool) -> String {
    let area = picture.buffer.area;
    let (left, top) = (MARGIN, if window { MARGIN + BAR } else { MARGIN });
    let inside = (f32::from(area.width) * CELL.0, f32::from(area.height) * CELL.1);
    let size = (inside.0 + 2.0 * MARGIN, inside.1 + MARGIN + top);
    let base = picture
        .buffer
        .cell((area.x, area.y + area.height / 2))
        .map_or(OWN_GROUND, |cell| ink(picture, cell).ground);
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"t d\" xml:lang=\"{}\">\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n",
        size.0,
        size.1,
        size.0,
        size.1,
        escaped(caption.language),
        escaped(caption.title),
        escaped(caption.description),
    );
    let _ =
        writeln!(out, "<rect width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{}\"/>", size.0, size.1, hex(base));
    let _ = writeln!(out, "<g font-family=\"{FONTS}\" font-size=\"{SIZE}\">");
    if window {
        bar(&mut out, picture, caption.title, size.0, base);
    }
    let _ = writeln!(out, "<g transform=\"translate({left} {top})\">");
    grounds(&mut out, picture, base);
    cursor(&mut out, picture);
    strokes(&mut out, picture);
    text(&mut out, picture);
    out.push_str("</g>\n</g>\n</svg>\n");
    out
}

fn bar(out: &mut String, picture: &Picture, title: &str, width: f32, base: Rgb) {
    let (middle, line) = (MARGIN + BAR / 2.0 - 4.0, MARGIN + BAR / 2.0 + 1.0);
    let text = picture.buffer.cell((0, 1)).map_or(OWN_TEXT, |cell| ink(picture, cell).text);
    let faint = hex(mixed(text, base, 3));
    for n in 0..3_u8 {
        let _ = write!(
            out,
            "<circle cx=\"{}\" cy=\"{middle}\" r=\"6\" fill=\"{faint}\"/>",
            MARGIN + 8.0 + 20.0 * f32::from(n)
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{line}\" text-anchor=\"middle\" font-size=\"14\" fill=\"{}\">{}</text>",
        width / 2.0,
        hex(mixed(text, base, 7)),
        escaped(title)
    );
}

/// What is behind the text where it is not the ground of the whole.
fn grounds(out: &mut String, picture: &Picture, base: Rgb) {
    // A block of the same colour, growing downwards: left, right, top, bottom in cells.
    type Block = (u16, u16, u16, u16);
    let mut paths: ByStyle<Rgb, Vec<Block>> = ByStyle::default();
    for y in 0..picture.buffer.area.height {
        let mut x = 0;
        while x < picture.buffer.area.width {
            let colour = ground_at(picture, x, y);
            let from = x;
            while x < picture.buffer.area.width && ground_at(picture, x, y) == colour {
                x += 1;
            }
            if colour == base {
                continue;
            }
            let blocks = paths.of(colour);
            match blocks.iter_mut().find(|block| (block.0, block.1, block.3) == (from, x, y)) {
                Some(above) => above.3 = y + 1,
                None => blocks.push((from, x, y, y + 1)),
            }
        }
    }
    for (colour, blocks) in paths.0 {
        let _ = write!(out, "<path shape-rendering=\"crispEdges\" fill=\"{}\" d=\"", hex(colour));
        for (from, to, top, bottom) in blocks {
            let (x, y) = at(from, top);
            let (right, below) = at(to, bottom);
            let _ = write!(out, "M{x} {y}H{right}V{below}H{x}z");
        }
        out.push_str("\"/>\n");
    }
}

/// The ground of a cell; the second half of a wide character has that of the first.
fn ground_at(picture: &Picture, x: u16, y: u16) -> Rgb {
    let wide = x.checked_sub(1).and_then(|before| picture.buffer.cell((before, y)));
    let cell = wide.filter(|cell| cell.cell_width() > 1).or_else(|| picture.buffer.cell((x, y)));
    cell.map_or(OWN_GROUND, |cell| ink(picture, cell).ground)
}

fn cursor(out: &mut String, picture: &Picture) {
    let Some((position, cell)) = picture.cursor.and_then(|at| Some((at, picture.buffer.cell(at)?))) else {
        return;
    };
    let (x, y) = at(position.x, position.y);
    let width = CELL.0 * f32::from(cell.cell_width().max(1));
    let fill = hex(ink(picture, cell).text);
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{fill}\" fill-opacity=\".6\"/>",
        CELL.1
    );
}

/// Borders, and what is underlined or struck.
fn strokes(out: &mut String, picture: &Picture) {
    let mut paths: ByStyle<Rgb, String> = ByStyle::default();
    each_cell(picture, |x, y, cell, ink| {
        let (left, top) = at(x, y);
        let right = left + CELL.0 * f32::from(cell.cell_width().max(1));
        if lines::is_drawn(cell.symbol()) {
            lines::add(paths.of(ink.text), cell.symbol(), (left, top), CELL);
        }
        for (modifier, below) in [(Modifier::UNDERLINED, UNDER), (Modifier::CROSSED_OUT, THROUGH)] {
            if cell.modifier.contains(modifier) {
                lines::across(paths.of(ink.text), left, right, top + below);
            }
        }
    });
    for (colour, path) in paths.0 {
        let _ = writeln!(out, "<path fill=\"none\" stroke=\"{}\" d=\"{path}\"/>", hex(colour));
    }
}

/// One row of a style: where each character stands, and the characters.
#[derive(Default)]
struct Row {
    places: String,
    characters: String,
}

fn text(out: &mut String, picture: &Picture) {
    let mut groups: ByStyle<(Rgb, bool, bool), ByStyle<u16, Row>> = ByStyle::default();
    let mut alone = String::new();
    each_cell(picture, |x, y, cell, ink| {
        let symbol = cell.symbol();
        if symbol.trim().is_empty() || lines::is_drawn(symbol) {
            return;
        }
        let (left, top) = at(x, y);
        let mut characters = symbol.chars();
        if let (Some(c @ ..='\u{ffff}'), None) = (characters.next(), characters.next())
            && width_is_certain(symbol)
        {
            let row = groups.of((ink.text, ink.bold, ink.italic)).of(y);
            let gap = if row.places.is_empty() { "" } else { " " };
            let _ = write!(row.places, "{gap}{left}");
            row.characters.push_str(&escaped(c.encode_utf8(&mut [0; 4])));
        } else {
            // Whoever draws it may take one column or two: it is pressed into its own.
            let width = CELL.0 * f32::from(cell.cell_width().max(1));
            let (look, baseline) = (look(ink.text, ink.bold, ink.italic), top + BASE);
            let _ = writeln!(
                alone,
                "<text{look} x=\"{left}\" y=\"{baseline}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                escaped(symbol)
            );
        }
    });
    for ((colour, bold, italic), rows) in groups.0 {
        let _ = writeln!(out, "<g{}>", look(colour, bold, italic));
        for (y, row) in rows.0 {
            let baseline = at(0, y).1 + BASE;
            let _ = writeln!(out, "<text y=\"{baseline}\" x=\"{}\">{}</text>", row.places, row.characters);
        }
        out.push_str("</g>\n");
    }
    out.push_str(&alone);
}

fn look(colour: Rgb, bold: bool, italic: bool) -> String {
    let mut look = format!(" fill=\"{}\"", hex(colour));
    if bold {
        look.push_str(" font-weight=\"700\"");
    }
    if italic {
        look.push_str(" font-style=\"italic\"");
    }
    look
}

/// Every cell but the hidden halves of wide characters, row by row.
fn each_cell(picture: &Picture, mut see: impl FnMut(u16, u16, &Cell, Ink)) {
    let area = picture.buffer.area;
    for y in 0..area.height {
        let mut x = 0;
        while let Some(cell) = picture.buffer.cell((x, y)).filter(|_| x < area.width) {
            see(x, y, cell, ink(picture, cell));
            x += cell.cell_width().max(1);
        }
    }
}

fn ink(picture: &Picture, cell: &Cell) -> Ink {
    let colour = |colour, own| rgb(picture.depth.nearest(colour)).unwrap_or(own);
    let (mut text, mut ground) = (colour(cell.fg, OWN_TEXT), colour(cell.bg, OWN_GROUND));
    if cell.modifier.contains(Modifier::REVERSED) {
        (text, ground) = (ground, text);
    }
    if cell.modifier.contains(Modifier::DIM) {
        text = mixed(text, ground, 6);
    }
    let has = |modifier| cell.modifier.contains(modifier);
    Ink { text, ground, bold: has(Modifier::BOLD), italic: has(Modifier::ITALIC) }
}

/// So many tenths of the first, the rest of the second.
fn mixed(one: Rgb, other: Rgb, tenths: u16) -> Rgb {
    let mix = |a: u8, b: u8| (u16::from(a) * tenths + u16::from(b) * (10 - tenths)) / 10;
    std::array::from_fn(|part| u8::try_from(mix(one[part], other[part])).unwrap_or(u8::MAX))
}

fn at(column: u16, row: u16) -> (f32, f32) {
    (f32::from(column) * CELL.0, f32::from(row) * CELL.1)
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML takes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::{Position, Rect};
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::theme::Depth;

    fn picture(draw: impl Fn(&mut Buffer)) -> Picture {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        draw(&mut buffer);
        Picture { buffer, cursor: Some(Position::new(5, 0)), depth: Depth::True }
    }

    fn svg(picture: &Picture) -> String {
        let caption = Caption { title: "回音", description: "“a < b & c”\u{7}", language: "zh-CN" };
        picture.svg(&caption, false)
    }

    #[test]
    fn every_character_has_its_place_and_a_wide_one_two_columns() {
        let red = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Rgb(9, 9, 9)).add_modifier(Modifier::BOLD);
        let drawn = svg(&picture(|buf| {
            buf.set_string(1, 0, "工a单<", red);
            buf.set_string(0, 1, "①x", Style::new().add_modifier(Modifier::UNDERLINED));
        }));
        let body = drawn.split_once("<g transform").unwrap().1.split_once('\n').unwrap().1;
        insta::assert_snapshot!(body, @r##"
        <path shape-rendering="crispEdges" fill="#090909" d="M9 0H63V20H9z"/>
        <rect x="45" y="0" width="9" height="20" fill="#dddddd" fill-opacity=".6"/>
        <path fill="none" stroke="#dddddd" d="M0 38.5H18"/>
        <g fill="#010203" font-weight="700">
        <text y="15" x="9 27 36 54">工a单&lt;</text>
        </g>
        <g fill="#dddddd">
        <text y="35" x="9">x</text>
        </g>
        <text fill="#dddddd" x="0" y="35" textLength="9" lengthAdjust="spacingAndGlyphs">①</text>
        </g>
        </g>
        </svg>
        "##);
        assert!(drawn.contains("<desc id=\"d\">“a &lt; b &amp; c”\u{fffd}</desc>"), "{drawn}");
        assert!(!drawn.contains("script"));
    }

    #[test]
    fn reversed_without_colours_is_seen() {
        let drawn = svg(&picture(|buf| {
            buf.set_string(0, 0, "选中", Style::new().add_modifier(Modifier::REVERSED));
        }));
        assert!(drawn.contains("fill=\"#dddddd\" d=\"M0 0H36V20H0z\""), "{drawn}");
        assert!(drawn.contains("<g fill=\"#141414\">\n<text y=\"15\" x=\"0 18\">选中</text>"), "{drawn}");
    }
}
