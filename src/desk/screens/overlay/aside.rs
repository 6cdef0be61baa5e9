//! What the case did not allow: the words that were typed, why it was not done, and what can become of it.
//!
//! For a change whose case was closed meanwhile, and for an act that waited and was refused when its dialog had long
//! been left. Nothing of it is gone before the person has said so twice.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use serde_json::Value;

use super::Overlay;
use super::view::{open, tell};
use crate::desk::action::Action;
use crate::desk::effects::Effect;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::layout::dialog;
use crate::desk::model::{Model, Severity};
use crate::desk::paint::{put, rows, span};
use crate::desk::screens::case;
use crate::desk::screens::case::told::amended;
use crate::desk::screens::intake::{self, Amends};
use crate::desk::text::{self, wrap};
use crate::desk::widgets::list::{self, ListState};
use crate::domain::act::{Act, Verb, allowed};
use crate::domain::amendment::{Amendment, Field};
use crate::domain::check::TEXT_LIMIT;
use crate::domain::code::{DepartmentCode, code_enum};
use crate::domain::follow_up::Told;
use crate::domain::id::CaseId;
use crate::domain::safe::SafeText;
use crate::i18n::{self, name_of};
use crate::journal::outbox::{Item, ItemId};
use crate::theme::Role;
use crate::wire::problem::{Problem, ProblemCode};

code_enum! {
    /// What can become of it.
    AsideChoice = "aside_choice" {
        /// Its words become a note, which a case takes in whatever state it is.
        Note = "note",
        /// Look at the case, where it may be opened again.
        Open = "open",
        /// Leave it as it is.
        Keep = "keep",
        /// Throw it away.
        Discard = "discard",
    }
}

/// The dialog.
pub struct AsideDialog {
    /// The item, or the one that a draft would have become.
    pub item: ItemId,
    /// The case.
    pub case: CaseId,
    /// The version that is known of it.
    version: u32,
    /// What was asked for.
    pub verb: Verb,
    /// Why it was not done, in words.
    pub why: String,
    /// What was typed.
    pub words: String,
    /// The marked choice.
    pub list: ListState,
    /// Whether throwing it away was asked for once.
    sure: bool,
}

impl std::fmt::Debug for AsideDialog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AsideDialog").field("item", &self.item).finish_non_exhaustive()
    }
}

impl AsideDialog {
    /// Of a draft whose case allows no change any more.
    pub fn of_draft(model: &Model, draft: CaseId, theirs: &Amends, mine: &Amendment) -> Self {
        let state = name_of("state", theirs.state.code());
        let mut why = rust_i18n::t!("amend.finished", state = state).into_owned();
        let may_reopen =
            model.actor().is_some_and(|actor| allowed(Verb::Reopen, theirs.state, &actor).is_ok());
        if may_reopen {
            let key = model.keys.shown(Action::Reopen, false).unwrap_or_default();
            why = format!("{why}\n{}", rust_i18n::t!("aside.may_reopen", key = key));
        }
        let lines = mine
            .changed()
            .map(|field| line(&name_of(Field::KIND, field.code()), &amended(model, mine, field)));
        Self {
            item: ItemId::Act(draft.into()),
            case: theirs.case,
            version: theirs.version,
            verb: Verb::Amend,
            why,
            words: lines.collect::<Vec<_>>().join("\n"),
            list: ListState::default(),
            sure: false,
        }
    }

    /// Of an act that the outbox has put aside.
    pub fn of_item(model: &Model, item: &Item) -> Self {
        Self {
            item: item.id,
            case: item.case,
            version: item.parcel.seen.unwrap_or(1),
            verb: item.parcel.verb.unwrap_or(Verb::Note),
            why: reason(model, item.parcel.problem.as_ref()),
            words: words(model, item),
            list: ListState::default(),
            sure: false,
        }
    }

    /// The marked choice.
    pub fn marked(&self) -> AsideChoice {
        AsideChoice::ALL[self.list.selected().min(AsideChoice::ALL.len() - 1)]
    }

    /// The words as a note says them: what they were meant for comes first.
    fn note(&self) -> String {
        let verb = name_of("verb", self.verb.code());
        let note = rust_i18n::t!("aside.as_note", verb = verb, words = self.words).into_owned();
        note.chars().take(TEXT_LIMIT).collect()
    }
}

fn line(label: &str, words: &str) -> String {
    rust_i18n::t!("linear.field", field = label, value = words).into_owned()
}

/// Why an act was not done, in the person's language.
fn reason(model: &Model, problem: Option<&Problem>) -> String {
    let Some(problem) = problem else { return rust_i18n::t!("aside.no_reason").into_owned() };
    match (problem.code, &problem.rule) {
        (ProblemCode::Refused, Some(rule)) => {
            let state = problem.state.as_deref().map(|state| name_of("state", state)).unwrap_or_default();
            rust_i18n::t!("aside.refused", rule = name_of("rule", rule), state = state).into_owned()
        }
        (ProblemCode::Stale, _) if !problem.changed.is_empty() => {
            let fields: Vec<_> = problem.changed.iter().map(|field| name_of(Field::KIND, field)).collect();
            rust_i18n::t!("aside.stale", fields = fields.join("、")).into_owned()
        }
        _ => model.problem_in_words(problem),
    }
}

/// What was typed for an act, each text under its name.
fn words(model: &Model, item: &Item) -> String {
    let Ok(body) = serde_json::from_str::<Value>(&item.parcel.body) else { return String::new() };
    let department = |code: &Value| {
        let code: Option<DepartmentCode> = code.as_str().and_then(|code| code.parse().ok());
        let named =
            code.as_ref().zip(model.city.as_deref()).map(|(code, city)| city.department(code).to_owned());
        named.unwrap_or_default()
    };
    let order = &body["order"];
    let assisting: Vec<_> = order["assisting"].as_array().into_iter().flatten().map(department).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome: Option<Told> = serde_json::from_value(body["outcome"].clone()).ok();
    let all = [
        ("lead", department(&order["lead"])),
        ("assisting", assisting.join("、")),
        ("opinion", text(&order["opinion"])),
        ("reason", text(&body["reason"])),
        ("answer", text(&body["answer"])),
        ("result", text(&body["result"])),
        ("followed_up", outcome.map(i18n::outcome).unwrap_or_default()),
        ("remark", text(&body["text"])),
    ];
    let said = all.into_iter().filter(|(_, words)| !words.is_empty());
    said.map(|(name, words)| line(&name_of("field", name), &words)).collect::<Vec<_>>().join("\n")
}

/// Handles a key that does not close it.
pub(super) fn key(model: &mut Model, mut dialog: Box<AsideDialog>, press: &Press) -> Vec<Effect> {
    let accepts = matches!(press.control(Context::Dialog), Some(Control::Accept | Control::Send));
    if accepts {
        return chosen(model, dialog);
    }
    dialog.sure = false;
    let (at, n) = (dialog.list.selected(), AsideChoice::ALL.len());
    if press.is(Control::NextChoice) {
        dialog.list.select((at + 1) % n);
    } else if press.is(Control::PreviousChoice) {
        dialog.list.select((at + n - 1) % n);
    } else if let Some(edit) = press.edit() {
        let _ = dialog.list.apply(&edit, n);
    }
    model.overlay = Some(Overlay::Aside(dialog));
    Vec::new()
}

fn chosen(model: &mut Model, mut dialog: Box<AsideDialog>) -> Vec<Effect> {
    let (id, case) = (dialog.item, dialog.case);
    match dialog.marked() {
        AsideChoice::Keep => {
            model.uncover();
            Vec::new()
        }
        AsideChoice::Open => {
            model.uncover();
            case::open(model, case)
        }
        AsideChoice::Note => {
            let ItemId::Act(event) = id else { return Vec::new() };
            model.uncover();
            // The item becomes the note: nothing was done under its identity, and the words are never in two places.
            let act = Effect::Act(case, dialog.version, event, Box::new(Act::Note { text: dialog.note() }));
            let opened = leave(model, id, case);
            [act].into_iter().chain(opened).collect()
        }
        AsideChoice::Discard if !dialog.sure => {
            dialog.sure = true;
            model.say(Severity::Warning, rust_i18n::t!("aside.twice").into_owned());
            model.overlay = Some(Overlay::Aside(dialog));
            Vec::new()
        }
        AsideChoice::Discard => {
            model.uncover();
            model.say(Severity::Info, rust_i18n::t!("aside.discarded").into_owned());
            let drafted = model.intake.find_mut(id.draft()).is_some();
            let gone = if drafted { intake::discard(model, id.draft()) } else { vec![Effect::ThrowAway(id)] };
            let opened = leave(model, id, case);
            gone.into_iter().chain(opened).collect()
        }
    }
}

/// It is a draft no more, and whoever saw it in the form sees the case.
fn leave(model: &mut Model, id: ItemId, case: CaseId) -> Vec<Effect> {
    model.case.aside.retain(|item| item.id != id);
    let drafted = model.intake.remove(id.draft()).is_some();
    if drafted { case::open(model, case) } else { Vec::new() }
}

/// Paints it: why, the words, and the choices below.
pub(super) fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect, asked: &AsideDialog) -> Option<Position> {
    let title = rust_i18n::t!("aside.title", verb = name_of("verb", asked.verb.code()));
    let inside = open(model, buf, dialog(area, (74, 18)), &title);
    let choices = u16::try_from(AsideChoice::ALL.len()).unwrap_or(4);
    let mut top = 0;
    for why in asked.why.lines() {
        top = tell(model, buf, inside, top, why, Role::Warning);
    }
    let room = rows(inside, top + 1, inside.height.saturating_sub(top + choices + 2));
    let words = SafeText::block(&asked.words).into_cow().into_owned();
    let lines = wrap(&words, usize::from(room.width.max(1)));
    let ground = model.look.style(Role::Overlay);
    let more = lines.len() > usize::from(room.height);
    for (row, line) in (0..room.height).zip(lines) {
        put(buf, room, row, &words[line], ground);
    }
    if more && room.height > 0 {
        put(buf, room, room.height - 1, &text::pad(text::ELLIPSIS, usize::from(room.width)), ground);
    }
    let at = rows(inside, inside.height.saturating_sub(choices), choices);
    list::view(buf, at, &asked.list, AsideChoice::ALL.len(), &model.look.list_in_overlay(), |index, _| {
        let words = name_of(AsideChoice::KIND, AsideChoice::ALL[index].code());
        Line::from(span(&words, ground))
    });
    buf.rows(at, Target::Choices, asked.list.offset());
    None
}
