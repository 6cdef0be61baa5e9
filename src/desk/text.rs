//! Widths: the only place that measures how many columns text takes.
//!
//! Columns are those of ratatui's cells (`unicode-width` by grapheme cluster, half-width voicing marks counted).
//!
//! Characters of ambiguous width (`…`, `→`, `①`) take one column in most terminals and two in those set to Chinese
//! widths, which [`set_wide`] says. ratatui knows the narrow width alone. So where they are wide, what goes into cells
//! ([`line()`], [`block`]) has a `FILLER` behind each of them: ratatui counts it as a column of the same character and
//! keeps the second cell free by itself, and the painter leaves it away ([`painted`]). Our own texts avoid such
//! characters where columns must line up, and shorten with [`ELLIPSIS`].

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use textwrap::WordSeparator;
use textwrap::core::Word;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::safe::{SafeText, show_grapheme};

/// Stands for what was cut off. ASCII, for `…` is one column or two depending on the terminal.
pub const ELLIPSIS: &str = "..";

/// The visarga of Devanagari: it joins the character before it, and to ratatui it is a column more. Behind a character
/// of ambiguous width nobody writes it.
const FILLER: char = '\u{903}';

thread_local! {
    /// Whether the terminal that this thread draws on gives characters of ambiguous width two columns.
    static WIDE: Cell<bool> = const { Cell::new(false) };
}

/// Says whether the terminal that this thread draws on gives characters of ambiguous width two columns. Until then
/// they have one.
pub fn set_wide(wide: bool) {
    WIDE.set(wide);
}

/// Whether characters of ambiguous width take two columns here.
pub fn is_wide() -> bool {
    WIDE.get()
}

/// The columns of a character about which there is nothing to find out: it takes as many everywhere, is shown as it is,
/// and joins no other of its sort. Most of what is shown consists of these, and whoever asks here first needs no tables.
pub(super) fn plain(c: char) -> Option<u16> {
    match c {
        ' '..='\x7e' => Some(1),
        '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

/// The columns of a text of plain characters alone.
fn plain_columns(text: &str) -> Option<usize> {
    text.chars().map(|c| plain(c).map(usize::from)).sum()
}

/// Whether a cluster ends before what follows: the end, or a plain character.
fn ends_before(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| plain(c).is_some())
}

/// Text from people or not as one row of cells takes it.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| plain(c).is_some()) {
        return Cow::Borrowed(text);
    }
    filled(SafeText::line(text).into_cow())
}

/// Text from people or not as rows of cells take it; `\n` breaks.
pub fn block(text: &str) -> Cow<'_, str> {
    filled(SafeText::block(text).into_cow())
}

/// The symbol of a cell as a terminal draws it: without the fillers that made its cell wide.
pub fn painted(symbol: &str) -> &str {
    if !is_wide() {
        return symbol;
    }
    let bare = symbol.trim_end_matches(FILLER);
    if bare.len() == symbol.len() || width_is_certain(bare) { symbol } else { bare }
}

fn filled(text: Cow<'_, str>) -> Cow<'_, str> {
    if !is_wide() || text.graphemes(true).all(|cluster| lack(cluster) == 0) {
        return text;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for cluster in text.graphemes(true) {
        out.push_str(cluster);
        out.extend(std::iter::repeat_n(FILLER, lack(cluster)));
    }
    Cow::Owned(out)
}

/// The fillers that a cluster needs and has not got.
fn lack(cluster: &str) -> usize {
    let needs = is_wide() && !cluster.is_ascii() && !cluster.ends_with(FILLER);
    if needs { cluster.width_cjk().saturating_sub(cluster.width()) } else { 0 }
}

/// Whether every terminal gives `cluster` the same width: not so the ambiguous ones, which are two columns wide
/// where a terminal is set to East Asian widths.
pub fn width_is_certain(cluster: &str) -> bool {
    cluster.width() == cluster.width_cjk()
}

/// The columns that `text` takes.
pub fn width(text: &str) -> usize {
    if let Some(columns) = plain_columns(text) {
        return columns;
    }
    if is_wide() {
        return text.graphemes(true).map(|cluster| cells(cluster) + lack(cluster)).sum();
    }
    cells(text)
}

/// The columns that ratatui counts.
pub(super) fn cells(text: &str) -> usize {
    text.width() + text.chars().filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}')).count()
}

/// The columns that a grapheme cluster of text from people takes once made safe.
pub fn shown_width(cluster: &str) -> usize {
    if let Some(columns) = plain_columns(cluster) {
        return columns;
    }
    width(&show_grapheme(cluster))
}

/// `text` in at most `columns`, whole clusters, ending in [`ELLIPSIS`] when something was cut. Blanks at its end are
/// nothing: a row that [`wrap`] filled keeps them over the edge.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    // Every column takes at least a byte, and two columns take three bytes or more.
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let seen = text.trim_end_matches(' ');
    if seen.len() < text.len() && width(seen) <= columns {
        return Cow::Borrowed(&text[..seen.len() + columns - width(seen)]);
    }
    let mark = &ELLIPSIS[..ELLIPSIS.len().min(columns)];
    let end = column_to_byte(text, columns - mark.len());
    Cow::Owned(format!("{}{mark}", &text[..end]))
}

/// `text` in exactly `columns`, cut or filled with spaces on the right.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = truncate(text, columns).into_owned();
    let fill = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', fill));
    out
}

/// `text` in exactly `columns`, cut or filled with spaces on the left.
pub fn pad_left(text: &str, columns: usize) -> String {
    let cut = truncate(text, columns);
    format!("{}{cut}", " ".repeat(columns.saturating_sub(width(&cut))))
}

/// `text` in the middle of exactly `columns`, cut or filled with spaces on both sides.
pub fn pad_both(text: &str, columns: usize) -> String {
    let cut = truncate(text, columns);
    let left = columns.saturating_sub(width(&cut)) / 2;
    pad(&format!("{}{cut}", " ".repeat(left)), columns)
}

/// The byte where the cluster that covers `column` starts; the end of `text` when it is shorter.
pub fn column_to_byte(text: &str, column: usize) -> usize {
    let (mut byte, mut at) = (0, 0);
    while let Some(c) = text[byte..].chars().next() {
        let end = byte + c.len_utf8();
        let (wide, end) = match plain(c) {
            Some(columns) if ends_before(&text[end..]) => (usize::from(columns), end),
            _ => {
                let cluster = text[byte..].graphemes(true).next().unwrap_or_default();
                (shown_width(cluster), byte + cluster.len())
            }
        };
        at += wide;
        if at > column {
            return byte;
        }
        byte = end;
    }
    text.len()
}

/// The columns before `byte`; where a caret at `byte` stands.
pub fn byte_to_column(text: &str, byte: usize) -> usize {
    if let Some(columns) = text.get(..byte).and_then(plain_columns)
        && ends_before(&text[byte..])
    {
        return columns;
    }
    text.graphemes(true)
        .scan(0, |end, cluster| {
            *end += cluster.len();
            Some((*end, cluster))
        })
        .take_while(|(end, _)| *end <= byte)
        .map(|(_, cluster)| shown_width(cluster))
        .sum()
}

/// Breaks `text` into rows of at most `columns`, as byte ranges: after `\n`, and where the Unicode line breaking
/// rules allow (no row starts with `，` or ends with `（`). Blanks at the end of a row stay with it and may stand
/// over the edge; a word longer than a row is cut between clusters. There is always at least one row.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    let mut rows = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, columns, &mut rows);
        start += paragraph.len() + 1;
    }
    rows
}

fn wrap_paragraph(paragraph: &str, offset: usize, columns: usize, rows: &mut Vec<Range<usize>>) {
    // Nothing takes more columns than bytes, but for what is written out.
    if paragraph.len() <= columns && paragraph.is_ascii() {
        rows.push(offset..offset + paragraph.len());
        return;
    }
    let (mut row, mut at, mut used) = (offset, offset, 0);
    for (word, blanks) in words(paragraph) {
        let of_clusters = || word.graphemes(true).map(shown_width).sum();
        let columns_of_word = plain_columns(word).unwrap_or_else(of_clusters);
        if used > 0 && used + columns_of_word > columns {
            rows.push(row..at);
            (row, used) = (at, 0);
        }
        if columns_of_word <= columns {
            used += columns_of_word;
            at += word.len();
        } else {
            for cluster in word.graphemes(true) {
                let wide = shown_width(cluster);
                if used > 0 && used + wide > columns {
                    rows.push(row..at);
                    (row, used) = (at, 0);
                }
                used += wide;
                at += cluster.len();
            }
        }
        used += blanks;
        at += blanks;
    }
    rows.push(row..at);
}

/// The words of a paragraph, each with the number of blanks behind it: a row may begin with any of them.
fn words(paragraph: &str) -> impl Iterator<Item = (&str, usize)> {
    pieces(paragraph).flat_map(|piece| {
        let alone = piece.len() <= 3 && piece.starts_with(is_han);
        let of_many = (!alone).then(|| WordSeparator::UnicodeBreakProperties.find_words(piece));
        let of_many =
            of_many.into_iter().flatten().map(|Word { word, whitespace, .. }| (word, whitespace.len()));
        alone.then_some((piece, 0)).into_iter().chain(of_many)
    })
}

/// A paragraph cut wherever two Han characters meet: a row may always begin between them, whatever stands around, and
/// the rules need not be asked. Most pieces are one character.
fn pieces(paragraph: &str) -> impl Iterator<Item = &str> {
    let mut rest = paragraph;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices().peekable();
        let meet = std::iter::from_fn(|| Some((chars.next()?, chars.peek().copied())));
        let end = meet
            .filter_map(|((_, c), next)| Some((c, next?)))
            .find(|(c, (_, next))| is_han(*c) && is_han(*next))
            .map_or(rest.len(), |(_, (at, _))| at);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_characters_are_what_they_are_taken_for() {
        for (c, columns) in ('\0'..=char::MAX).filter_map(|c| Some((c, usize::from(plain(c)?)))) {
            let alone = c.to_string();
            assert_eq!((cells(&alone), alone.width_cjk()), (columns, columns), "{c}");
            assert_eq!(SafeText::line(&alone).as_str(), alone);
            for beside in [format!("中{c}a"), format!("a{c}中"), format!("{c}{c}，")] {
                assert_eq!(beside.graphemes(true).count(), 3, "{beside}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_short_way_leads_where_the_long_one_does(text in "[a 中，（Ａe\u{301}\u{202e}👩\u{200d}①]{0,12}", column in 0..30_usize) {
            let clusters: Vec<_> = text.grapheme_indices(true).collect();
            let mut at = 0;
            let over = clusters.iter().find(|(_, cluster)| {
                at += width(&show_grapheme(cluster));
                at > column
            });
            prop_assert_eq!(column_to_byte(&text, column), over.map_or(text.len(), |(byte, _)| *byte));
            for (byte, _) in text.char_indices() {
                let before = clusters.iter().filter(|(at, cluster)| at + cluster.len() <= byte);
                let columns: usize = before.map(|(_, cluster)| width(&show_grapheme(cluster))).sum();
                prop_assert_eq!(byte_to_column(&text, byte), columns);
            }
            prop_assert_eq!(line(&text), SafeText::line(&text).into_cow());
        }
    }

    #[test]
    fn widths_are_columns() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("工单编号"), 8);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("👨\u{200d}👩\u{200d}👧"), 2);
        assert_eq!(shown_width("\u{202e}"), 6);
    }

    #[test]
    fn truncation_never_splits_a_wide_character() {
        assert_eq!(truncate("热线工单管理", 12), "热线工单管理");
        assert_eq!(truncate("热线工单管理", 11), "热线工单..");
        assert_eq!(truncate("热线工单管理", 8), "热线工..");
        assert_eq!(truncate("热线工单管理", 3), "..");
        assert_eq!(truncate("热线工单管理", 1), ".");
        assert_eq!(truncate("热线工单管理", 0), "");
        assert_eq!(truncate("热线 工单  ", 9), "热线 工单");
        assert_eq!(truncate("热线 工单  ", 10), "热线 工单 ");
        assert_eq!(truncate("热线 工单  ", 8), "热线 ..");
        assert_eq!(pad("热线工单", 7), "热线.. ");
        assert_eq!(pad_left("热线", 6), "  热线");
    }

    fn check(text: &str, columns: usize, rows: &[&str]) {
        let wrapped = wrap(text, columns);
        assert_eq!(wrapped.iter().map(|r| &text[r.clone()]).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn rows_break_as_chinese_print_does() {
        check("来电人反映：噪声扰民，请处理", 12, &["来电人反映：", "噪声扰民，请", "处理"]);
        check("夜间施工噪声，请处理", 12, &["夜间施工噪", "声，请处理"]);
        check("见（附件）", 4, &["见", "（附", "件）"]);
        check("see the attached file", 9, &["see the ", "attached ", "file"]);
        check("一\n\n二", 10, &["一", "", "二"]);
        check("", 10, &[""]);
        check("abcdefgh", 3, &["abc", "def", "gh"]);
    }

    #[test]
    fn columns_and_bytes_are_each_others_inverse() {
        let text = "a中b文";
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|c| column_to_byte(text, c)), [0, 1, 1, 4, 5, 5, 8]);
        assert_eq!([0, 1, 4, 5, 8].map(|b| byte_to_column(text, b)), [0, 1, 3, 4, 6]);
    }

    /// Does something as on a terminal with wide characters of ambiguous width.
    fn wide<T>(act: impl FnOnce() -> T) -> T {
        set_wide(true);
        let done = act();
        set_wide(false);
        done
    }

    #[test]
    fn where_ambiguous_characters_are_wide_the_cells_beside_them_are_kept_free() {
        let text = "①“好”…℃é中a";
        assert_eq!(line(text), text);
        wide(|| {
            let line = line(text);
            assert_eq!((width(text), width(&line), cells(&line)), (16, 16, 16));
            assert_eq!(super::line(&line), line);
            assert_eq!(line.graphemes(true).map(painted).collect::<String>(), text);
            assert_eq!(truncate(&line, 5), format!("①{FILLER}..").as_str());
            assert_eq!((byte_to_column(text, 3), column_to_byte(text, 3), shown_width("…")), (2, 3, 2));
            assert_eq!(wrap("①②③④", 5), [0..6, 6..12]);
            // What people write with the mark stays.
            assert_eq!((width("क\u{903}"), painted("क\u{903}")), (2, "क\u{903}"));
        });
    }

    proptest! {
        #[test]
        fn cells_and_measure_agree_where_ambiguous_characters_are_wide(text in "[a①…“中é\u{301}\u{903}क\u{202e}━👨\n]{0,30}") {
            wide(|| {
                let line = line(&text);
                let shown: usize = text.graphemes(true).map(shown_width).sum();
                prop_assert_eq!(cells(&line), width(&line));
                prop_assert_eq!(shown, width(&line));
                prop_assert_eq!(super::line(&line).into_owned(), line.into_owned());
                Ok(())
            })?;
        }

        #[test]
        fn han_apart_are_the_words_that_the_rules_find(text in "[中文字国“”‘’（）《》、，。：—…·%￥ー々〇a1 -\u{300}\u{200d}\u{2060}\u{1f468}\u{1f3fb}\u{1f1e6}אก]{0,24}") {
            let by_rule: Vec<_> = WordSeparator::UnicodeBreakProperties
                .find_words(&text)
                .map(|Word { word, whitespace, .. }| (word, whitespace.len()))
                .collect();
            prop_assert_eq!(words(&text).collect::<Vec<_>>(), by_rule);
        }

        #[test]
        fn wrapping_loses_nothing_and_keeps_to_the_width(text in "[a-c \n，。（）中文字「」é\u{202e}]{0,60}", columns in 8_usize..30) {
            let rows = wrap(&text, columns);
            let mut next = 0;
            for row in &rows {
                prop_assert!(row.start == next || (row.start == next + 1 && text.as_bytes()[next] == b'\n'));
                next = row.end;
                let shown: usize = text[row.clone()].trim_end_matches(' ').graphemes(true).map(shown_width).sum();
                prop_assert!(shown <= columns);
            }
            prop_assert_eq!(next, text.len());
        }
    }
}
