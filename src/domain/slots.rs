//! The slots of a ready text: `{地点}` is a place to fill in, by the program where it knows, otherwise by a person.
//!
//! A slot is read from the text itself, so a draft that comes back from the disk still knows what is open in it.

use std::ops::Range;

/// The longest name of a slot, in characters.
const LONGEST: usize = 20;

/// The first slot that begins at `from` or later, with its braces; bytes of `text`. Braces around something else than
/// a short name are text like any other.
pub fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find('{')?;
        let inside = &text[start + 1..];
        let end = inside.find(|c: char| !is_of_a_name(c)).filter(|end| *end > 0);
        match end {
            Some(end) if inside[end..].starts_with('}') && inside[..end].chars().count() <= LONGEST => {
                return Some(start..start + end + 2);
            }
            _ => at = start + 1,
        }
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ' ' | '、' | '_' | '-')
}

/// `body` with the slots filled that `known` knows by their names; the others stay.
pub fn fill(body: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let (mut filled, mut at) = (String::with_capacity(body.len()), 0);
    while let Some(slot) = next(body, at) {
        filled.push_str(&body[at..slot.start]);
        match known(&body[slot.start + 1..slot.end - 1]).filter(|words| !words.is_empty()) {
            Some(words) => filled.push_str(&words),
            None => filled.push_str(&body[slot.clone()]),
        }
        at = slot.end;
    }
    filled.push_str(&body[at..]);
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slots_are_found_one_after_the_other() {
        let text = "来电人反映{地点}的{工地名称}每晚{}施工，{\"a\":1}，{时间}";
        let (mut at, mut names) = (0, Vec::new());
        while let Some(slot) = next(text, at) {
            names.push(&text[slot.clone()]);
            at = slot.end;
        }
        assert_eq!(names, ["{地点}", "{工地名称}", "{时间}"]);
    }

    #[test]
    fn what_is_known_is_filled_in() {
        let known = |name: &str| (name == "地点").then(|| "人民路12号".to_owned());
        assert_eq!(fill("反映{地点}{问题}，请处理", known), "反映人民路12号{问题}，请处理");
        assert_eq!(fill("{地点}", |_| Some(String::new())), "{地点}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_text_is_searched(text in "[{}地点a \\PC]{0,40}") {
            let mut at = 0;
            while let Some(slot) = next(&text, at) {
                prop_assert!(text.get(slot.clone()).is_some() && slot.end > at);
                at = slot.end;
            }
            prop_assert_eq!(fill(&text, |_| None), text);
        }
    }
}
