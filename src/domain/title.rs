//! A title proposed from the text of a case: its first clause that says something.

/// The longest title proposed, in characters of the text.
pub const PROPOSED_LIMIT: usize = 30;

/// What call-takers and callers begin with before they come to the matter, the longer before the shorter.
const OPENINGS: &[&str] = &[
    "尊敬的市领导",
    "尊敬的领导",
    "尊敬的市长",
    "各位领导",
    "市长您好",
    "市长你好",
    "领导您好",
    "领导你好",
    "您好",
    "你好",
    "喂",
    "来电人反映",
    "来电人称",
    "来电人表示",
    "来电人咨询",
    "来电反映",
    "来电咨询",
    "来电投诉",
    "来电表示",
    "来电求助",
    "来电举报",
    "来电建议",
    "来电人",
    "来电",
    "市民反映",
    "市民来电反映",
    "市民来电",
    "市民表示",
    "市民咨询",
    "市民投诉",
    "市民称",
    "群众反映",
    "居民反映",
    "网民反映",
    "网友反映",
    "诉求人反映",
    "诉求人称",
    "该市民",
    "我想咨询一下",
    "我想咨询",
    "我要咨询",
    "想咨询一下",
    "想咨询",
    "我想问一下",
    "我想问",
    "想问一下",
    "请问一下",
    "请问",
    "我要反映",
    "我想反映一下",
    "我想反映",
    "反映一下",
    "我要投诉",
    "我想投诉",
    "我要举报",
    "我想举报",
    "我想建议",
    "反映",
    "麻烦您",
    "麻烦",
    "hello",
    "good morning",
    "good afternoon",
    "hi",
    "the caller reports that",
    "caller reports that",
    "caller states that",
    "caller reports",
    "caller states",
    "i want to report that",
    "i want to report",
    "i would like to report",
    "i would like to know",
    "i am calling about",
];

/// The first clause of `text` without the polite opening, at most [`PROPOSED_LIMIT`] characters and without
/// punctuation at its end; empty if the text says nothing yet. A short clause, such as a place alone, is joined by
/// what follows it.
pub fn propose(text: &str) -> String {
    let mut title = String::new();
    // Where a text is long, what it is about stands at its beginning; this bounds the work on every key typed.
    let mut rest: String = text.chars().take(400).collect();
    loop {
        rest = without_opening(&rest);
        let Some(end) = clause_end(&rest) else { break };
        let (clause, after) = rest.split_at(end);
        let clause = clause.trim();
        let separator = if title.is_empty() { "" } else { "，" };
        let length = title.chars().count() + clause.chars().count() + separator.chars().count();
        if !title.is_empty() && length > PROPOSED_LIMIT {
            break;
        }
        title.push_str(separator);
        title.push_str(clause);
        if title.chars().count() >= 8 {
            break;
        }
        rest = after.to_owned();
    }
    cut(&title)
}

/// The byte at which the first clause ends; `None` where nothing is left.
fn clause_end(text: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let ends = match c {
            '，' | '。' | '；' | '！' | '？' | '\n' | '\r' | '…' => true,
            // In 3.5 or 12:30 they belong to the number.
            ',' | '.' | ';' | '!' | '?' => !previous.is_ascii_digit(),
            _ => false,
        };
        if ends {
            return Some(at);
        }
        previous = c;
    }
    Some(text.len())
}

fn without_opening(text: &str) -> String {
    let is_filler = |c: char| c.is_whitespace() || c.is_control() || ends_badly(c);
    let mut rest = text.trim_start_matches(is_filler);
    while let Some(opening) = OPENINGS.iter().filter_map(|opening| begins_with(rest, opening)).max() {
        rest = rest[opening..].trim_start_matches(is_filler);
    }
    rest.to_owned()
}

/// The length of `opening` where `text` begins with it, in either case and as whole words.
fn begins_with(text: &str, opening: &str) -> Option<usize> {
    let begins = text.get(..opening.len())?.eq_ignore_ascii_case(opening);
    let next = text[opening.len()..].chars().next();
    let cuts_a_word = opening.is_ascii() && next.is_some_and(char::is_alphanumeric);
    (begins && !cuts_a_word).then_some(opening.len())
}

fn ends_badly(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, ')' | ']' | '(' | '[' | '"' | '#' | '%')
        || matches!(
            c,
            '，' | '。' | '；' | '：' | '、' | '！' | '？' | '…' | '—' | '～' | '·' | '（' | '“' | '《'
        )
}

/// At most [`PROPOSED_LIMIT`] characters: a Latin word is not cut, and white space becomes single blanks.
fn cut(title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = title.chars().take(PROPOSED_LIMIT).collect();
    let next = title.chars().nth(PROPOSED_LIMIT);
    if next.is_some_and(|c| c.is_ascii_alphanumeric())
        && let Some(at) = short.rfind(|c: char| !c.is_ascii_alphanumeric()).filter(|&at| at > 0)
    {
        let keep = short[at..].chars().next().map_or(0, |c| if c == ' ' { 0 } else { c.len_utf8() });
        short.truncate(at + keep);
    }
    short.trim_end_matches(|c: char| c.is_whitespace() || ends_badly(c)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn proposes_the_first_clause_that_says_something() {
        for (text, title) in [
            ("市民反映：幸福路12号楼下夜间施工，噪声扰民，请处理。", "幸福路12号楼下夜间施工"),
            ("您好，我想咨询一下，新生儿医保怎么办理？", "新生儿医保怎么办理"),
            ("来电人反映幸福小区，3栋，电梯坏了三天。", "幸福小区，3栋，电梯坏了三天"),
            ("尊敬的市领导：\n  你好！滨河路路灯不亮已有一周。", "滨河路路灯不亮已有一周"),
            ("水费每吨3.5元是否合理", "水费每吨3.5元是否合理"),
            (
                "Hello, I want to report a broken street light on Main Street, near the park.",
                "a broken street light on Main",
            ),
            ("Hidden driveway is blocked.", "Hidden driveway is blocked"),
            ("反映", ""),
            ("，。！", ""),
            ("", ""),
        ] {
            assert_eq!(propose(text), title, "{text}");
        }
        let long = propose(&"东湖街道办事处门前的道路积水无人处理".repeat(9));
        assert_eq!(long.chars().count(), PROPOSED_LIMIT);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn is_short_and_on_one_line(text in "[\\PC\\n，。反映您好a]{0,60}") {
            let title = propose(&text);
            prop_assert!(title.chars().count() <= PROPOSED_LIMIT && !title.contains('\n'));
            prop_assert!(!title.ends_with(ends_badly) && title.trim() == title);
        }
    }
}
