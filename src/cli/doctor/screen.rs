//! The terminal: what it calls itself, its colours and language, how wide it draws, and what types Chinese into it.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use rust_i18n::t;

use super::report::{Report, Verdict};
use crate::desk::probe::{self, Answers};
use crate::theme::Depth;

/// How long an answer of the terminal may take: over a slow line, too.
const PATIENCE: Duration = Duration::from_millis(500);
/// What is measured: of ambiguous width, a Han character, an emoji.
const MEASURED: [&str; 3] = ["○", "中", "😀"];
/// The smallest screen of the desk, in columns and rows.
const SMALLEST: (u16, u16) = (80, 24);

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `wide` says that the desk takes characters of ambiguous width for two columns.
pub(super) fn look(report: &mut Report, may_ask: bool, wide: bool) {
    terminal(report);
    colours(report);
    locale(report);
    if may_ask && io::stdin().is_terminal() && io::stdout().is_terminal() {
        match probe::ask(&MEASURED, PATIENCE) {
            Ok(answers) => widths(report, &answers, wide),
            Err(error) => report.add("widths", Verdict::Look, error.to_string(), ""),
        }
    } else {
        report.ok("widths", t!("doctor.not_asked"));
    }
    input_method(report);
}

fn terminal(report: &mut Report) {
    let term = variable("TERM").unwrap_or_default();
    let mut parts = vec![format!("TERM={term}")];
    parts.extend(variable("TERM_PROGRAM").map(|name| format!("TERM_PROGRAM={name}")));
    let around = [("TMUX", "tmux"), ("STY", "screen"), ("SSH_CONNECTION", "ssh"), ("WSL_DISTRO_NAME", "WSL")];
    parts.extend(
        around.into_iter().filter(|(name, _)| variable(name).is_some()).map(|(_, word)| word.to_owned()),
    );
    if term.is_empty() || term == "dumb" {
        return report.add("terminal", Verdict::Bad, parts.join(" "), t!("doctor.dumb"));
    }
    if !io::stdout().is_terminal() {
        return report.ok("terminal", parts.join(" "));
    }
    let (columns, rows) = crossterm::terminal::size().unwrap_or_default();
    parts.push(format!("{columns}x{rows}"));
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        report.add("terminal", Verdict::Look, parts.join(" "), t!("doctor.small"));
    } else {
        report.ok("terminal", parts.join(" "));
    }
}

fn colours(report: &mut Report) {
    let depth = match Depth::from_env(false) {
        Depth::None => t!("doctor.colours.none"),
        Depth::Sixteen => t!("doctor.colours.sixteen"),
        Depth::Palette => t!("doctor.colours.palette"),
        Depth::True => t!("doctor.colours.true"),
    };
    let why =
        ["NO_COLOR", "COLORTERM"].into_iter().find_map(|name| Some(format!("{name}={}", variable(name)?)));
    report.ok("colours", format!("{depth} ({})", why.unwrap_or_else(|| "TERM".to_owned())));
}

fn locale(report: &mut Report) {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((name, variable(name)?)));
    let utf8 = |value: &str| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    };
    match set {
        Some((name, value)) if utf8(&value) => report.ok("locale", format!("{name}={value}")),
        Some((name, value)) => {
            report.add("locale", Verdict::Look, format!("{name}={value}"), t!("doctor.locale"));
        }
        None => {
            report.add("locale", Verdict::Look, t!("doctor.locale_none").into_owned(), t!("doctor.locale"));
        }
    }
}

fn widths(report: &mut Report, answers: &Answers, wide: bool) {
    let [ambiguous, han, emoji] = [0, 1, 2].map(|at| answers.widths.get(at).copied().flatten());
    let (Some(ambiguous), Some(han), Some(emoji)) = (ambiguous, han, emoji) else {
        return report.add(
            "widths",
            Verdict::Look,
            t!("doctor.silent").into_owned(),
            t!("doctor.silent_next"),
        );
    };
    let what = t!("doctor.widths", ambiguous = ambiguous, han = han, emoji = emoji).into_owned();
    if han != 2 {
        report.add("widths", Verdict::Bad, what, t!("doctor.narrow"));
    } else if (ambiguous == 1) == wide {
        let next = if wide { t!("doctor.unambiguous") } else { t!("doctor.ambiguous") };
        report.add("widths", Verdict::Look, what, next);
    } else if emoji != 2 {
        report.add("widths", Verdict::Look, what, t!("doctor.emoji"));
    } else {
        report.ok("widths", what);
    }
    let word = |known: Option<bool>| match known {
        Some(true) => t!("doctor.yes"),
        Some(false) => t!("doctor.no"),
        None => t!("doctor.unknown"),
    };
    let what = t!("doctor.modes", pastes = word(answers.pastes), synchronised = word(answers.synchronised));
    report.ok("modes", what);
}

/// What types Chinese. The program can only look at what the surroundings say; how to mend it is told.
fn input_method(report: &mut Report) {
    if cfg!(target_os = "macos") || variable("WSL_DISTRO_NAME").is_some() {
        return report.ok("input", t!("doctor.input.system"));
    }
    if variable("SSH_CONNECTION").is_some() {
        return report.ok("input", t!("doctor.input.remote"));
    }
    if variable("TERM").as_deref() == Some("linux") {
        return report.add("input", Verdict::Look, "TERM=linux".to_owned(), t!("doctor.input.console"));
    }
    let known = ["XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE"];
    let set: Vec<_> =
        known.into_iter().filter_map(|name| Some(format!("{name}={}", variable(name)?))).collect();
    if set.is_empty() {
        report.add("input", Verdict::Look, t!("doctor.input.none").into_owned(), t!("doctor.input.set"));
    } else {
        report.ok("input", format!("{}; {}", set.join(" "), t!("doctor.input.follows")));
    }
}
