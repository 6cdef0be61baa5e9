//! The lines of the doctor: an area, a verdict in a word, what was found, what to do. Nothing personal gets in.

use rust_i18n::t;
use serde::Serialize;

use crate::desk::text::pad;
use crate::i18n::name_of;

/// What a finding means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    Ok,
    /// Worth a look; the program works.
    Look,
    Bad,
}

impl Verdict {
    fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Look => "look",
            Self::Bad => "bad",
        }
    }
}

/// One line.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    area: &'static str,
    verdict: Verdict,
    what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    next: String,
}

/// All lines so far.
pub(super) struct Report {
    checks: Vec<Check>,
    private: Private,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { checks: Vec::new(), private: Private::of(|name| std::env::var(name).ok()) }
    }

    /// A line with what to do about it.
    pub(super) fn add(
        &mut self,
        check: &'static str,
        verdict: Verdict,
        what: String,
        next: impl Into<String>,
    ) {
        let (what, next) = (self.private.hide(&what), self.private.hide(&next.into()));
        self.checks.push(Check { area: check, verdict, what, next });
    }

    /// A line that asks for nothing.
    pub(super) fn ok(&mut self, check: &'static str, what: impl Into<String>) {
        self.add(check, Verdict::Ok, what.into(), "");
    }

    pub(super) fn checks(&self) -> &[Check] {
        &self.checks
    }

    pub(super) fn is_bad(&self) -> bool {
        self.checks.iter().any(|check| check.verdict == Verdict::Bad)
    }

    /// The lines for a person.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.checks.iter().flat_map(|check| {
            let area = pad(&name_of("doctor_check", check.area), 12);
            let verdict = pad(&name_of("doctor_verdict", check.verdict.code()), 4);
            let line = format!("{verdict} {area} {}", check.what);
            let next = (!check.next.is_empty())
                .then(|| format!("{} {}", pad("", 17), t!("cli.next", next = check.next)));
            std::iter::once(line).chain(next)
        })
    }
}

/// What says who sits here: the home folder, and the names of the account and the machine.
struct Private {
    home: Option<String>,
    names: Vec<String>,
}

impl Private {
    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let home = variable("HOME")
            .map(|home| home.trim_end_matches('/').to_owned())
            .filter(|home| !home.is_empty());
        let names = ["USER", "LOGNAME", "USERNAME", "HOSTNAME"].into_iter().filter_map(variable);
        // The account of a service is nobody's name.
        let names = names.filter(|name| !name.is_empty() && name != "root" && name != "huiyin").collect();
        Self { home, names }
    }

    /// The text without them.
    fn hide(&self, text: &str) -> String {
        let text = self.home.as_ref().map_or_else(|| text.to_owned(), |home| text.replace(home, "~"));
        let part = |part: &str| {
            if self.names.iter().any(|name| name == part) { "…".to_owned() } else { part.to_owned() }
        };
        text.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sits_here_is_not_told() {
        let private = Private::of(|name| match name {
            "HOME" => Some("/home/zhangsan/".to_owned()),
            "USER" => Some("zhangsan".to_owned()),
            _ => None,
        });
        assert_eq!(private.hide("/home/zhangsan/.config/huiyin"), "~/.config/huiyin");
        assert_eq!(private.hide("/data/zhangsan/huiyin.db"), "/data/…/huiyin.db");
        assert_eq!(private.hide("没有问题"), "没有问题");
    }
}
