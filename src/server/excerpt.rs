//! The piece of a text that shows why a search found it.

use crate::domain::find::marks;
use crate::domain::query::Query;

/// The most characters of an excerpt.
const LENGTH: usize = 120;
/// How many of them stand before the first match.
const BEFORE: usize = 30;

/// At most 120 characters around the first match in the first of `texts` that has one; without any, the beginning of
/// the first text. `…` stands where something is left out; line ends become blanks.
pub(crate) fn excerpt<'a>(texts: impl IntoIterator<Item = &'a str>, query: &Query) -> String {
    let mut first = None;
    for text in texts {
        if let Some(mark) = marks(text, query).first() {
            return cut(text, text[..mark.start].chars().count());
        }
        first.get_or_insert(text);
    }
    cut(first.unwrap_or_default(), 0)
}

fn cut(text: &str, at: usize) -> String {
    let from = at.saturating_sub(BEFORE);
    let mut chars = text.chars().skip(from).map(|c| if c.is_whitespace() { ' ' } else { c });
    let mut piece = String::new();
    let mut room = LENGTH;
    if from > 0 {
        piece.push('…');
        room -= 1;
    }
    piece.extend(chars.by_ref().take(room));
    if chars.next().is_some() {
        piece.pop();
        piece.push('…');
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_match_within_its_length() {
        let query = Query::parse("噪声");
        let long = format!("{}夜间噪声{}", "甲".repeat(200), "乙".repeat(200));
        let shown = excerpt([long.as_str()], &query);
        assert_eq!(shown.chars().count(), LENGTH);
        assert!(shown.starts_with("…甲") && shown.ends_with("乙…") && shown.contains("夜间噪声"), "{shown}");
        assert_eq!(excerpt(["没有", "夜间\n噪声"], &query), "夜间 噪声");
        assert_eq!(excerpt(["没有", "也没有"], &query), "没有");
        assert_eq!(excerpt([], &query), "");
        let exactly = "丙".repeat(LENGTH);
        assert_eq!(excerpt([exactly.as_str()], &query), exactly);
        assert_eq!(excerpt([format!("{exactly}丙").as_str()], &query).chars().count(), LENGTH);
    }
}
