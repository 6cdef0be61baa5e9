//! The painter: ratatui's backend, made so that one frame is one write and an unchanged frame is none.
//!
//! Against ratatui's own crossterm backend it follows wide characters itself (that one moves the cursor before
//! every Chinese character: half the bytes of a frame), keeps the size from the last resize instead of opening
//! `/dev/tty` for every frame, and wraps the frame in a synchronised update (`?2026`). The figures are in
//! `docs/benchmarks.md`. It writes every symbol as it is: `SafeText` is what keeps escapes out.

mod lines;
mod pen;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};

pub use self::lines::coloured_lines;
use self::pen::Pen;
use crate::desk::buffer::Mark;
use crate::desk::frames::RowBackend;
use crate::desk::text;
use crate::theme::Depth;

const SYNC_START: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";

/// The terminal's size in columns and rows, shared between who learns of a resize and who paints.
#[derive(Debug, Clone)]
pub struct SharedSize(Arc<AtomicU32>);

impl SharedSize {
    /// A size to start with.
    pub fn new(columns: u16, rows: u16) -> Self {
        let size = Self(Arc::default());
        size.set(columns, rows);
        size
    }

    /// Notes a resize. A terminal that says 0 does not know its size and is taken as 80 by 24.
    pub fn set(&self, columns: u16, rows: u16) {
        let known = |size, or| if size == 0 { or } else { size };
        self.0.store(u32::from(known(columns, 80)) << 16 | u32::from(known(rows, 24)), Ordering::Release);
    }

    /// Columns and rows.
    pub fn get(&self) -> Size {
        let [c1, c0, r1, r0] = self.0.load(Ordering::Acquire).to_be_bytes();
        Size::new(u16::from_be_bytes([c1, c0]), u16::from_be_bytes([r1, r0]))
    }
}

/// Writes frames to `W`: a terminal, or a vector that a test reads.
#[derive(Debug)]
pub struct Painter<W> {
    writer: W,
    size: SharedSize,
    pen: Pen,
    /// The bytes of the frame being painted, `SYNC_START` first.
    frame: Vec<u8>,
    /// Where the terminal's cursor is, as far as that is certain.
    at: Option<Position>,
    /// Where the cursor shall stand when the frame is done.
    caret: Position,
    visible: bool,
    shown: Option<bool>,
}

impl<W: Write> Painter<W> {
    /// A painter for a terminal of this size and depth of colour whose screen is clear.
    pub fn new(writer: W, size: SharedSize, depth: Depth) -> Self {
        Self {
            writer,
            size,
            pen: Pen::new(depth),
            frame: SYNC_START.to_vec(),
            at: None,
            caret: Position::ORIGIN,
            visible: false,
            shown: None,
        }
    }

    /// Where the cursor stands in the last frame, if it shows.
    pub fn caret(&self) -> Option<Position> {
        self.visible.then_some(self.caret)
    }

    /// What frames are written to.
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    fn move_to(&mut self, to: Position) {
        match self.at {
            Some(at) if at == to => return,
            Some(at) if at.y == to.y && at.x < to.x => {
                self.sequence(to.x - at.x, b'C');
            }
            _ => {
                self.frame.extend_from_slice(b"\x1b[");
                push_number(&mut self.frame, to.y + 1);
                if to.x > 0 {
                    self.frame.push(b';');
                    push_number(&mut self.frame, to.x + 1);
                }
                self.frame.push(b'H');
            }
        }
        self.at = Some(to);
    }

    /// Paints a symbol where the cursor is; its columns, and whether every terminal agrees about them.
    fn put(&mut self, cell: &Cell) -> (u16, bool) {
        let symbol = text::painted(cell.symbol());
        self.frame.extend_from_slice(symbol.as_bytes());
        (cell.cell_width(), width_is_agreed(symbol))
    }

    /// Notes where the cursor is after a symbol at `x`.
    fn passed(&mut self, (x, y): (u16, u16), (wide, agreed): (u16, bool)) {
        let next = x.saturating_add(wide);
        // In the last column a terminal waits before it wraps: where the cursor is, is anybody's guess.
        self.at = (next < self.size.get().width && agreed).then_some(Position::new(next, y));
    }

    /// `CSI n letter`, leaving out a 1.
    fn sequence(&mut self, n: u16, letter: u8) {
        self.frame.extend_from_slice(b"\x1b[");
        if n > 1 {
            push_number(&mut self.frame, n);
        }
        self.frame.push(letter);
    }
}

fn push_number(out: &mut Vec<u8>, n: u16) {
    let mut digits = [0; 5];
    let (mut at, mut left) = (digits.len(), n);
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Whether every terminal agrees how far `symbol` moves the cursor. Borders and blocks are taken as agreed:
/// where they are not, `borders = ascii` is the answer, for no cursor move would mend the picture.
fn width_is_agreed(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (
            Some(' '..='\x7e' | '\u{2500}'..='\u{259f}' | '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}'),
            None,
        ) => true,
        (Some(c), None) if c < '\u{1f000}' => text::width_is_certain(symbol),
        _ => false,
    }
}

impl<W: Write> RowBackend for Painter<W> {
    fn draw_row<'a>(&mut self, y: u16, changes: impl Iterator<Item = (u16, Mark<'a>)>) -> io::Result<()> {
        for (x, mark) in changes {
            self.move_to(Position::new(x, y));
            self.pen.set(&mut self.frame, mark.look());
            // Nearly every one: nothing has to be looked up.
            let plain = mark.char().and_then(|c| Some((c, text::plain(c)?)));
            let room = match plain {
                Some((c, columns)) => {
                    self.frame.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    (columns, true)
                }
                None => self.put(&mark.cell()),
            };
            self.passed((x, y), room);
        }
        Ok(())
    }
}

impl<W: Write> Backend for Painter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.move_to(Position::new(x, y));
            self.pen.set(&mut self.frame, (cell.fg, cell.bg, cell.modifier));
            let room = self.put(cell);
            self.passed((x, y), room);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.caret)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.caret = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.pen.reset(&mut self.frame);
        let sequence: &[u8] = match clear_type {
            ClearType::All => {
                // Whoever clears does not trust the screen: nor where the cursor is, nor whether it shows.
                (self.at, self.shown) = (None, None);
                b"\x1b[2J"
            }
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        };
        self.frame.extend_from_slice(sequence);
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size.get())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size.get(), pixels: Size::default() })
    }

    /// Ends the frame: one write, or none when neither a cell nor the cursor changed.
    fn flush(&mut self) -> io::Result<()> {
        if self.visible {
            self.move_to(self.caret);
        }
        if self.shown != Some(self.visible) {
            self.frame.extend_from_slice(if self.visible { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.shown = Some(self.visible);
        }
        if self.frame.len() == SYNC_START.len() {
            return Ok(());
        }
        self.frame.extend_from_slice(SYNC_END);
        let written = self.writer.write_all(&self.frame).and_then(|()| self.writer.flush());
        self.frame.truncate(SYNC_START.len());
        written
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};
    use ratatui::text::Line;

    use super::*;
    use crate::desk::buffer::Buffer;

    /// Keeps every write apart.
    impl Write for Painted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    #[derive(Default)]
    struct Painted(Vec<Vec<u8>>);

    fn screen(columns: u16, rows: u16) -> Terminal<Painter<Painted>> {
        let painter = Painter::new(Painted::default(), SharedSize::new(columns, rows), Depth::True);
        Terminal::new(painter).unwrap()
    }

    fn draw(
        screen: &mut Terminal<Painter<Painted>>,
        lines: &[Line<'_>],
        caret: Option<(u16, u16)>,
    ) -> Vec<String> {
        screen
            .draw(|frame| {
                for (line, row) in lines.iter().zip(frame.area().rows()) {
                    frame.render_widget(line, row);
                }
                if let Some(caret) = caret {
                    frame.set_cursor_position(caret);
                }
            })
            .unwrap();
        let writes = std::mem::take(&mut screen.backend_mut().writer_mut().0);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace('\x1b', "^");
        writes.into_iter().map(text).collect()
    }

    #[test]
    fn a_frame_is_one_write_and_chinese_needs_no_cursor_moves() {
        let mut screen = screen(20, 2);
        let writes = draw(&mut screen, &["夜间施工噪声".into(), "请处理".into()], Some((6, 1)));
        assert_eq!(writes, ["^[?2026h^[1H夜间施工噪声^[2H请处理^[?25h^[?2026l"]);
    }

    #[test]
    fn an_unchanged_frame_sends_nothing_and_a_typed_character_little() {
        let mut screen = screen(20, 1);
        draw(&mut screen, &["夜".into()], Some((2, 0)));
        assert!(draw(&mut screen, &["夜".into()], Some((2, 0))).is_empty());
        assert_eq!(draw(&mut screen, &["夜间".into()], Some((4, 0))), ["^[?2026h间^[?2026l"]);
        assert_eq!(draw(&mut screen, &["夜间".into()], Some((2, 0))), ["^[?2026h^[1;3H^[?2026l"]);
        assert_eq!(draw(&mut screen, &["夜间".into()], None), ["^[?2026h^[?25l^[?2026l"]);
    }

    #[test]
    fn styles_are_changed_by_what_differs() {
        let mut screen = screen(20, 1);
        let bold = Style::new().fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD);
        let line = Line::from_iter([
            ratatui::text::Span::styled("a", bold),
            ratatui::text::Span::styled("b", bold.bg(Color::Red)),
            ratatui::text::Span::raw("c"),
        ]);
        let writes = draw(&mut screen, &[line], None);
        assert_eq!(writes, ["^[?2026h^[1H^[1;38;2;1;2;3ma^[41mb^[0mc^[?25l^[?2026l"]);
    }

    #[test]
    fn after_a_character_of_doubtful_width_the_cursor_is_told_where_to_go() {
        let mut screen = screen(20, 1);
        let writes = draw(&mut screen, &["①中❤\u{fe0f}x│x".into()], None);
        assert_eq!(writes, ["^[?2026h^[1H①^[1;2H中❤\u{fe0f}^[1;6Hx│x^[?25l^[?2026l"]);
    }

    #[test]
    fn a_resize_reaches_the_next_frame() {
        let mut screen = screen(4, 1);
        draw(&mut screen, &["一".into()], None);
        screen.backend_mut().size.set(8, 1);
        let writes = draw(&mut screen, &["一二三".into()], None);
        assert_eq!(writes, ["^[?2026h^[0m^[2J^[1H一二三^[?25l^[?2026l"]);
        assert_eq!(screen.size().unwrap(), Size::new(8, 1));
    }

    proptest! {
        #[test]
        fn a_row_of_the_buffer_is_painted_as_ratatuis_cells_are(
            words in prop::collection::vec((0..20_u16, "[ab 中，①─é\u{301}👩\u{200d}\u{fe0f}ﾞ]{0,6}", 0..4_usize), 0..8),
            sixteen in any::<bool>(),
        ) {
            let colours = [Color::Reset, Color::Red, Color::Rgb(1, 2, 3), Color::Indexed(99)];
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
            for (x, word, n) in words {
                let bold = if n % 2 == 0 { Modifier::BOLD } else { Modifier::empty() };
                buffer.set_string(x, 0, word, Style::new().fg(colours[n]).add_modifier(bold));
            }
            let row = buffer.rows().next().unwrap();
            let mut starts = vec![0];
            while let Some(at) = starts.last().map(|at| at + row.columns_at(*at)).filter(|at| *at < 20) {
                starts.push(at);
            }
            let marks = starts.into_iter().map(|at| (u16::try_from(at).unwrap(), row.mark(at)));
            let cells: Vec<_> = marks.clone().map(|(x, mark)| (x, 0, mark.cell())).collect();
            let depth = if sixteen { Depth::Sixteen } else { Depth::True };
            let [mut by_row, mut by_cells] =
                [(); 2].map(|()| Painter::new(Painted::default(), SharedSize::new(20, 1), depth));
            by_row.draw_row(0, marks).unwrap();
            by_cells.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell))).unwrap();
            by_row.flush().unwrap();
            by_cells.flush().unwrap();
            prop_assert_eq!(&by_row.writer_mut().0, &by_cells.writer_mut().0);
        }
    }
}
