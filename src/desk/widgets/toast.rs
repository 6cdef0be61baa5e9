//! One row that tells what happened, with a mark that does without colour.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::desk::buffer::Buffer;
use crate::desk::text::{line, pad};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For information.
    Info,
    /// Something is done.
    Done,
    /// Something needs a look.
    Warning,
    /// Something did not work.
    Error,
}

/// How toasts look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ToastStyle {
    /// [`Severity::Info`].
    pub info: Style,
    /// [`Severity::Done`].
    pub done: Style,
    /// [`Severity::Warning`].
    pub warning: Style,
    /// [`Severity::Error`].
    pub error: Style,
}

impl Severity {
    /// The mark before the text; all are as wide.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Info => "[i]",
            Self::Done => "[+]",
            Self::Warning => "[!]",
            Self::Error => "[x]",
        }
    }
}

/// Draws into the first row of `area`, cut at its end.
pub fn view(buf: &mut Buffer, area: Rect, severity: Severity, text: &str, style: &ToastStyle) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let style = match severity {
        Severity::Info => style.info,
        Severity::Done => style.done,
        Severity::Warning => style.warning,
        Severity::Error => style.error,
    };
    let told = format!("{} {}", severity.mark(), line(text));
    buf.set_string(area.x, area.y, pad(&told, usize::from(area.width)), style);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::widgets::screen;

    #[test]
    fn the_mark_tells_without_colour() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 2));
        let style = ToastStyle::default();
        view(&mut buffer, Rect::new(3, 0, 17, 1), Severity::Done, "已提交\n", &style);
        view(&mut buffer, Rect::new(3, 1, 15, 1), Severity::Error, "服务器没有回应", &style);
        assert_eq!(screen::rows(&buffer.cells()), ["   [+] 已提交␊", "   [x] 服务器没.."]);
    }
}
