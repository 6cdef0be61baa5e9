//! The drafts as tabs: what each is called and how it stands, and which of them fit into one line.
//!
//! Pure: the intake screen draws what comes of it, and whoever clicks finds the place in it.

use jiff::Timestamp;

use super::{Draft, Drafts, Phase};
use crate::desk::in_hand;
use crate::desk::text::{truncate, width};
use crate::domain::code::code_enum;
use crate::domain::phone::PhoneNumber;
use crate::domain::safe::SafeText;
use crate::i18n::{Language, name_in};
use crate::theme::Role;

/// The fewest columns of a tab where there are more than fit.
const LEAST: usize = 18;
/// The most columns of a tab.
const MOST: usize = 32;
/// The most of a tab that names a case.
const MOST_AMENDING: usize = 44;
/// Columns at each end for how many are left out.
const END: usize = 4;

code_enum! {
    /// How a draft stands, the most important first.
    Standing = "standing" {
        /// A case by now; its receipt waits to be read.
        Filed = "filed",
        /// Submitted, and waiting to be sent; its receipt waits to be read.
        Waits = "waits",
        /// Sent, no answer yet.
        Sending = "sending",
        /// The server would not have it.
        NotSent = "not_sent",
        /// A change that the case did not take, or that somebody has to decide about.
        NotDone = "not_done",
        /// Something is wrong with it.
        Faulty = "faulty",
        /// Its caller is talked to.
        Talking = "talking",
        /// Its caller waits.
        Held = "held",
        /// Its caller has gone, and it is worked on.
        After = "after",
        /// Kept.
        Kept = "kept",
        /// Nothing has been typed.
        Empty = "empty",
    }
}

impl Standing {
    /// How `draft` stands at `now`.
    pub fn of(draft: &Draft, now: Timestamp) -> Self {
        match draft.call.map(|call| call.at(now).phase()) {
            _ if draft.filed.as_ref().is_some_and(|filed| filed.waits) => Self::Waits,
            _ if draft.filed.is_some() => Self::Filed,
            _ if draft.sending => Self::Sending,
            _ if draft.not_sent && draft.amends.is_some() => Self::NotDone,
            _ if draft.not_sent => Self::NotSent,
            _ if !draft.faults.is_empty() => Self::Faulty,
            Some(Phase::Talking) => Self::Talking,
            Some(Phase::Held | Phase::Aside) => Self::Held,
            Some(Phase::After) => Self::After,
            Some(Phase::Over) | None if draft.is_untouched() => Self::Empty,
            Some(Phase::Over) | None => Self::Kept,
        }
    }

    /// One column that tells it where colours do not.
    pub const fn glyph(self) -> char {
        match self {
            Self::Filed => '#',
            Self::Waits => '^',
            Self::Sending => '>',
            Self::NotSent | Self::NotDone | Self::Faulty => '!',
            Self::Talking => '*',
            Self::Held => '=',
            Self::After => '~',
            Self::Kept => '-',
            Self::Empty => '+',
        }
    }

    /// How it is painted where the draft is not in front.
    pub const fn role(self) -> Role {
        match self {
            Self::Filed | Self::Talking => Role::Good,
            Self::Sending | Self::After => Role::Info,
            Self::NotSent | Self::NotDone | Self::Faulty => Role::Error,
            Self::Held | Self::Waits => Role::Warning,
            Self::Kept | Self::Empty => Role::Tab,
        }
    }
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its place, from 1; up to 9 it is the digit of its key.
    pub place: usize,
    /// How its draft stands.
    pub standing: Standing,
    /// Whether it is in front.
    pub front: bool,
    /// What is written on it, safe to draw; its standing is at the end.
    pub text: String,
}

/// The tabs that fit into a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabs {
    /// How many stand to the left of them, out of sight.
    pub before: usize,
    /// Side by side, each as wide as its text.
    pub shown: Vec<Tab>,
    /// How many stand to the right of them, out of sight.
    pub after: usize,
}

/// The tabs around the one in front that fit into `columns`; none where there is only one draft, of a case of its own.
pub fn tabs(drafts: &Drafts, now: Timestamp, columns: usize, language: Language) -> Option<Tabs> {
    let n = drafts.count();
    if n < 2 && drafts.current().amends.is_none() {
        return None;
    }
    let all_fit = n * LEAST <= columns;
    let room = if all_fit { columns } else { columns.saturating_sub(2 * END) };
    let fit = (room / LEAST).clamp(1, n);
    let each = room / fit;
    let front = drafts.place() - 1;
    // Whole pages, so that going from tab to tab moves the line seldom.
    let first = (front / fit * fit).min(n - fit);
    let shown = drafts.all()[first..first + fit].iter().zip(first..);
    let shown = shown.map(|(draft, at)| {
        let standing = Standing::of(draft, now);
        let most = if draft.amends.is_some() { MOST_AMENDING } else { MOST };
        let _in_hand = in_hand::take(draft);
        tab(draft, at + 1, at == front, standing, each.min(most), language)
    });
    let shown = shown.collect();
    Some(Tabs { before: first, shown, after: n - first - fit })
}

fn tab(
    draft: &Draft,
    place: usize,
    front: bool,
    standing: Standing,
    columns: usize,
    language: Language,
) -> Tab {
    let ending = format!("{}{}", standing.glyph(), name_in(language, Standing::KIND, standing.code()));
    let (open, close) = if front { ('[', ']') } else { (' ', ' ') };
    let taken = width(&format!("{open}{place}  {ending}{close}"));
    let label = label(draft, language);
    let label = truncate(&label, columns.saturating_sub(taken));
    let gap = if label.is_empty() { "" } else { " " };
    Tab { place, standing, front, text: format!("{open}{place} {label}{gap}{ending}{close}") }
}

/// The case that is changed, otherwise the first words, otherwise the caller's number, masked.
fn label(draft: &Draft, language: Language) -> String {
    if let Some(amends) = &draft.amends {
        let number = amends.number.grouped();
        return rust_i18n::t!("amend.title", locale = language.tag(), number = number).into_owned();
    }
    let words = draft.form.text.text().trim();
    let words = if words.is_empty() { draft.form.title.text().trim() } else { words };
    if !words.is_empty() {
        // More than any tab shows; the rest need not be looked at.
        let first: String = words.chars().take_while(|c| *c != '\n').take(MOST).collect();
        return SafeText::line(&first).into_cow().into_owned();
    }
    PhoneNumber::parse(draft.form.number.text()).map(|number| number.masked()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::screens::intake::Call;
    use crate::domain::id::CaseId;

    fn now() -> Timestamp {
        "2026-11-23T07:42:03Z".parse().unwrap()
    }

    /// `n` drafts with a text each, the `front`th in front.
    fn drafts(n: u8, front: usize) -> Drafts {
        let mut drafts = Drafts::new(true);
        let made = (0..n).map(|at| {
            let mut draft = Draft::new();
            draft.id = Some(CaseId::new(u64::from(at), [at; 10]));
            draft.received_at = now().checked_add(jiff::SignedDuration::from_secs(at.into())).ok();
            draft.form.text.set("阳光小区3栋楼下夜间施工，噪声扰民\n要求停工");
            draft
        });
        drafts.restore(made.collect());
        drafts.show_at(front);
        drafts
    }

    fn line(drafts: &Drafts, columns: usize) -> String {
        let tabs = tabs(drafts, now(), columns, Language::Zh).unwrap();
        let texts: Vec<_> = tabs.shown.iter().map(|tab| tab.text.as_str()).collect();
        let line = format!("{}<{}>{}", tabs.before, texts.concat(), tabs.after);
        assert!(tabs.shown.iter().map(|tab| width(&tab.text)).sum::<usize>() <= columns, "{line}");
        assert_eq!(tabs.shown.iter().filter(|tab| tab.front).count(), 1, "{line}");
        line
    }

    #[test]
    fn each_tells_its_words_and_how_it_stands() {
        let mut three = drafts(3, 2);
        let mut list = three.all_mut();
        list.next().unwrap().call = Some(Call::begin(now()).hold(now()));
        let second = list.next().unwrap();
        second.form.text.clear();
        second.form.number.set("139 0013 8000");
        second.call = Some(Call::begin(now()));
        list.next().unwrap().sending = true;
        drop(list);
        assert_eq!(
            line(&three, 78),
            "0< 1 阳光小区3栋楼.. =保持 [2 139****8000 *通话] 3 阳光小区3栋.. >提交中 >0"
        );
        assert_eq!(tabs(&drafts(1, 1), now(), 78, Language::Zh), None);
    }

    #[test]
    fn many_are_shown_in_pages_with_a_count_at_the_ends() {
        assert_eq!(line(&drafts(12, 1), 60).matches("-草稿").count(), 2);
        assert!(line(&drafts(12, 1), 60).ends_with(">10"));
        assert!(line(&drafts(12, 12), 60).starts_with("10<"));
        assert!(line(&drafts(12, 7), 78).starts_with("6<"));
        for columns in 0..200 {
            if columns >= 30 {
                line(&drafts(12, 5), columns);
            }
            let _ = tabs(&drafts(250, 131), now(), columns, Language::En);
        }
    }

    #[test]
    fn what_matters_most_is_told() {
        let mut draft = Draft::new();
        let mut is = |change: fn(&mut Draft), standing| {
            change(&mut draft);
            assert_eq!(Standing::of(&draft, now()), standing);
        };
        is(|_| (), Standing::Empty);
        is(|draft| draft.id = Some(CaseId::new(1, [1; 10])), Standing::Kept);
        is(|draft| draft.call = Some(Call::begin(now())), Standing::Talking);
        is(|draft| draft.call = draft.call.map(|call| call.set_aside(now())), Standing::Held);
        is(|draft| draft.call = draft.call.map(|call| call.end(now())), Standing::After);
        is(|draft| draft.not_sent = true, Standing::NotSent);
        is(|draft| draft.sending = true, Standing::Sending);
    }
}
