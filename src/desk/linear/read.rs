//! What a line means as an answer to what is asked: messages for the desk, or something to be told.
//!
//! The same few rules hold everywhere: an empty line goes on, `-` empties, `<` goes back, `+` adds to what is there,
//! `/` begins a command and `//` a text that begins with a stroke. Everything else is the answer itself.

use super::asked::{Asked, NINE};
use crate::desk::action::Action;
use crate::desk::keys::Chord;
use crate::desk::model::{Model, Screen};
use crate::desk::msg::Msg;
use crate::desk::widgets::table::{Entry, Table};
use crate::domain::normalise::normalise;

/// The shortest password there is; what is shorter and begins with a stroke is a command also where one is asked for.
const PASSWORD_FROM: usize = 8;

/// What a line means.
#[derive(Debug)]
pub(super) enum Read {
    /// These, and unless something of them was refused, the last.
    Do(Vec<Msg>, Option<Msg>),
    /// A line of a text of several.
    Collect(Vec<Msg>),
    /// The text of several lines has ended.
    Collected,
    /// A command, without its stroke.
    Command(String),
    /// More of the list in front.
    More,
    /// Nothing is done, and why.
    Say(String),
}

/// Reads a line. `collecting` says that it continues a text of several lines.
pub(super) fn read(line: &str, asked: &Asked, model: &Model, collecting: bool) -> Read {
    if matches!(asked, Asked::Secret(_)) {
        let is_command = line.chars().count() < PASSWORD_FROM;
        return match (line, command(line)) {
            ("", _) => go_on(Vec::new()),
            ("<", _) => back(),
            (_, Some(command)) if is_command => Read::Command(command),
            _ => go_on(replace(line)),
        };
    }
    if let Some(command) = command(line) {
        return Read::Command(command);
    }
    let line = line
        .strip_prefix("//")
        .or_else(|| line.strip_prefix("／／"))
        .map_or(line.to_owned(), |rest| format!("/{rest}"));
    let line = line.as_str();
    if collecting {
        return match line {
            "" | "." | "。" => Read::Collected,
            _ => Read::Collect(append(&format!("\n{line}"))),
        };
    }
    match asked {
        Asked::Secret(_) | Asked::Command(_) => match line {
            "" => Read::Do(Vec::new(), None),
            _ => Read::Say(rust_i18n::t!("linear.commands_only").into_owned()),
        },
        Asked::Line(_) => match line {
            "" => go_on(Vec::new()),
            "-" => Read::Do(clear(), None),
            "<" => back(),
            _ => go_on(added(line).unwrap_or_else(|| replace(line))),
        },
        Asked::Lines(_) => match line {
            "" | "." | "。" => Read::Collected,
            "-" => Read::Do(clear(), None),
            "<" => back(),
            _ => Read::Collect(added(line).unwrap_or_else(|| replace(line))),
        },
        Asked::Choice(_, names, at) => match line {
            "" => go_on(Vec::new()),
            "<" => back(),
            _ => match choose(line, names) {
                Some(to) => {
                    let steps = (to + names.len() - at % names.len().max(1)) % names.len().max(1);
                    go_on(std::iter::repeat_with(|| press("right")).take(steps).flatten().collect())
                }
                None => Read::Say(rust_i18n::t!("linear.no_such_choice").into_owned()),
            },
        },
        Asked::Pick(_, found, unsettled) => match (line, number(line)) {
            ("", _) => go_on(Vec::new()),
            ("-", _) => {
                let close = if *unsettled { press("esc") } else { Vec::new() };
                Read::Do(joined(close, press("backspace")), None)
            }
            ("<", _) => back(),
            (_, Some(n)) if !found.is_empty() && n <= found.len().min(NINE) => {
                go_on(std::iter::repeat_with(|| press("down")).take(n - 1).flatten().collect())
            }
            _ => Read::Do(replace(line), None),
        },
        Asked::Article(_, titles, at) => match (line, number(line)) {
            ("", _) => Read::Do(press("enter"), None),
            (_, Some(n)) if n <= titles.len() => {
                let (key, steps) = if n > *at { ("down", n - 1 - at) } else { ("up", at + 1 - n) };
                Read::Do(std::iter::repeat_with(|| press(key)).take(steps).flatten().collect(), None)
            }
            _ => Read::Do(replace(line), None),
        },
        Asked::Query(_, hits) => {
            let leave_list = if model.search.in_query { Vec::new() } else { press("tab") };
            match (line, number(line)) {
                ("", _) => Read::More,
                ("-", _) => Read::Do(joined(leave_list, clear()), None),
                (_, Some(n)) if n <= *hits && n < 100 => open_row(model, n),
                _ => Read::Do(joined(leave_list, replace(line)), None),
            }
        }
        Asked::Rows(_, n) => read_rows(line, *n, model),
        Asked::YesNo(_) => match normalise(line).trim() {
            "y" | "yes" | "是" | "是的" | "好" | "确认" => Read::Do(press("y"), None),
            "n" | "no" | "否" | "不" | "取消" => Read::Do(press("n"), None),
            _ => Read::Say(rust_i18n::t!("linear.yes_or_no").into_owned()),
        },
        Asked::GoOn(_) => match line {
            "" => Read::Do(press("enter"), None),
            _ => Read::Say(rust_i18n::t!("linear.commands_only").into_owned()),
        },
    }
}

fn read_rows(line: &str, n: usize, model: &Model) -> Read {
    let none = || Read::Say(rust_i18n::t!("linear.no_such_row", n = n).into_owned());
    match (line, model.screen) {
        ("", _) => return Read::More,
        ("<", Screen::Work) => return Read::Do(press("shift-tab"), None),
        (">", Screen::Work) => return Read::Do(press("tab"), None),
        _ => {}
    }
    match (line.strip_prefix(['+', '＋']).and_then(number), number(line)) {
        (Some(row), _) if row <= n && model.screen == Screen::Intake => {
            Read::Do(joined(vec![Msg::Row(row - 1)], press("space")), None)
        }
        (_, Some(row)) if row <= n => open_row(model, row),
        _ => none(),
    }
}

/// Opens the row with this number, from 1.
fn open_row(model: &Model, row: usize) -> Read {
    // Beside the form Enter opens; elsewhere it is an action, wherever the caret is.
    let open = if model.screen == Screen::Intake { press("enter") } else { vec![Msg::Chosen(Action::Open)] };
    Read::Do(joined(vec![Msg::Row(row - 1)], open), None)
}

/// The command in a line that is one.
fn command(line: &str) -> Option<String> {
    let rest = line.strip_prefix(['/', '／'])?;
    (!rest.starts_with(['/', '／'])).then(|| rest.trim().to_owned())
}

/// A whole number from 1, in digits of either width.
pub(super) fn number(line: &str) -> Option<usize> {
    let digits = normalise(line);
    let digits = digits.trim();
    let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|n| plain && *n > 0)
}

/// The place of a name among a few: by its number, its name, pinyin or initials.
fn choose(line: &str, names: &[String]) -> Option<usize> {
    if let Some(n) = number(line) {
        return (n <= names.len()).then_some(n - 1);
    }
    let entry = |name: &String| Entry { name: name.clone(), ..Entry::default() };
    let table = Table::new(names.iter().map(entry).collect());
    table.matches(line, 1).first().map(|found| found.index)
}

/// A default key.
pub(super) fn press(key: &str) -> Vec<Msg> {
    key.parse::<Chord>().map(Msg::Pressed).into_iter().collect()
}

pub(super) fn joined(first: Vec<Msg>, then: Vec<Msg>) -> Vec<Msg> {
    first.into_iter().chain(then).collect()
}

fn go_on(first: Vec<Msg>) -> Read {
    Read::Do(first, press("enter").pop())
}

fn back() -> Read {
    Read::Do(press("shift-tab"), None)
}

fn clear() -> Vec<Msg> {
    joined(press("ctrl-a"), press("delete"))
}

fn replace(text: &str) -> Vec<Msg> {
    joined(press("ctrl-a"), vec![Msg::Paste(text.to_owned())])
}

fn append(text: &str) -> Vec<Msg> {
    joined(press("ctrl-end"), vec![Msg::Paste(text.to_owned())])
}

/// What a line that begins with a plus adds; `+86 …` is a number.
fn added(line: &str) -> Option<Vec<Msg>> {
    let rest = line.strip_prefix(['+', '＋'])?;
    let adds = rest.chars().next().is_some_and(|c| !c.is_ascii_digit());
    adds.then(|| append(rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_width() {
        for (line, n) in [("3", Some(3)), ("１２", Some(12)), (" 7 ", Some(7)), ("0", None), ("1a", None)] {
            assert_eq!(number(line), n, "{line}");
        }
        assert_eq!([number(""), number("-1"), number("00001"), number("13800138000")], [None; 4]);
    }

    #[test]
    fn a_stroke_begins_a_command_and_two_a_text() {
        assert_eq!(command("/ 提交 ").as_deref(), Some("提交"));
        assert_eq!(command("／tj").as_deref(), Some("tj"));
        assert_eq!((command("//a"), command("1/2"), command("").as_deref()), (None, None, None));
    }

    #[test]
    fn a_choice_is_found_by_number_name_or_initials() {
        let names = ["投诉", "举报", "咨询"].map(str::to_owned);
        for (line, at) in [("2", Some(1)), ("咨询", Some(2)), ("ts", Some(0)), ("4", None), ("w", None)] {
            assert_eq!(choose(line, &names), at, "{line}");
        }
    }

    #[test]
    fn a_plus_adds_unless_it_is_a_number() {
        assert!(added("+补充").is_some());
        assert!(added("+8613800138000").is_none() && added("+").is_none() && added("补充").is_none());
    }
}
