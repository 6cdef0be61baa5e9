//! What a key does to the form, and what each change sets off: the draft is kept, the caller's history and
//! like cases are looked up.

use super::Draft;
use super::form::{FieldId, Form, Input, OutcomeChoice};
use super::put_off::{like_soon, save, save_durably_soon, save_soon};
use super::record::DraftRecordBody;
use super::{Merging, reading, suggestion};
use crate::desk::effects::Effect;
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::uses::{Shelf, Uses};
use crate::desk::widgets::edit::{Edit, Outcome};
use crate::domain::code::{Channel, DepartmentCode, Kind};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Secret;
use crate::i18n::name_of;
use crate::wire::case::{NewCase, Outcome as CaseOutcome};
use crate::wire::search::LikeRequest;
use jiff::Timestamp;

/// The shortest text that like cases are looked for, in characters.
const LIKE_FROM: usize = 4;
/// The shortest number a history is looked for, in digits.
const HISTORY_FROM: usize = 7;

/// What a key came to.
enum Did {
    /// It is none of the input's.
    Nothing,
    /// The caret moved.
    Moved,
    /// Something was typed or chosen.
    Changed,
    /// There is no room for more.
    Full,
}

impl From<Outcome> for Did {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Edited => Self::Changed,
            Outcome::Moved => Self::Moved,
            Outcome::Idle => Self::Nothing,
            Outcome::Refused(_) => Self::Full,
        }
    }
}

/// Handles a key that is no action.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    if model.intake.current().side.has_keys() {
        return beside(model, press);
    }
    // A person may type before the city is known; only picking needs it.
    let city = model.city.clone();
    let city = city.as_deref();
    let edit = press.edit();
    let types = matches!(edit, Some(Edit::Insert(_)));
    if model.intake.current().sending {
        if types {
            model.say(Severity::Warning, name_of("why_not", "sending"));
        }
        return Vec::new();
    }
    let before = Watched::of(model.intake.current());
    let form = &mut model.intake.current_mut().form;
    let did = match form.input() {
        Input::Line(line) => edit.as_ref().map_or(Did::Nothing, |edit| line.apply(edit).into()),
        Input::Area(area) => edit.as_ref().map_or(Did::Nothing, |edit| area.apply(edit).into()),
        Input::Choice => Did::Nothing,
        Input::Division(pick) => city.map_or(Did::Nothing, |city| {
            pick.key(press, &city.divisions, model.uses.places(Shelf::Division)).into()
        }),
        Input::Matter(pick) => city.map_or(Did::Nothing, |city| {
            pick.key(press, &city.matters, model.uses.places(Shelf::Matter)).into()
        }),
        Input::Department(pick) => city.map_or(Did::Nothing, |city| {
            pick.key(press, &city.departments, model.uses.places(Shelf::Department)).into()
        }),
    };
    match did {
        Did::Full => {
            model.say(Severity::Error, rust_i18n::t!("desk.field_full").into_owned());
            return Vec::new();
        }
        Did::Moved => return Vec::new(),
        Did::Changed => {}
        Did::Nothing => {
            let (channels, kinds) = match city {
                Some(city) => (&*city.body.channels, &*city.body.kinds),
                None => (Channel::ALL, Kind::ALL),
            };
            let turn = |form: &mut Form, forward| form.turn(forward, channels, kinds);
            let moved = match press.control(Context::Form) {
                Some(Control::GoOn) => {
                    let draft = model.intake.current_mut();
                    if suggestion::accept(draft) || !collect(&mut draft.form) {
                        draft.form.go_on();
                    }
                    true
                }
                Some(Control::NextField) => step(form, true),
                Some(Control::PreviousField) => step(form, false),
                Some(Control::NextChoice) => turn(form, true),
                Some(Control::PreviousChoice) => turn(form, false),
                _ => false,
            };
            if !moved {
                if types {
                    let words = not_typed(model);
                    model.say(Severity::Warning, words);
                }
                return Vec::new();
            }
        }
    }
    after(model, &before)
}

/// Why what is typed goes nowhere: an input method commits into a choice as well, and nothing vanishes unseen.
fn not_typed(model: &mut Model) -> String {
    if !matches!(model.intake.current_mut().form.input(), Input::Choice) {
        return name_of("why_not", "no_city");
    }
    let [next, previous] =
        [Control::NextChoice, Control::PreviousChoice].map(|control| model.keys.shown_for(control));
    rust_i18n::t!("desk.is_chosen", next = next, previous = previous).into_owned()
}

/// Goes on to the next field; the field of assisting departments first adds the one picked, and stays.
fn step(form: &mut Form, forward: bool) -> bool {
    if !collect(form) {
        form.step(forward);
    }
    true
}

/// Adds the assisting department that is picked to the others; says whether there was one.
fn collect(form: &mut Form) -> bool {
    if form.focus != FieldId::Assisting {
        return false;
    }
    let Some(code) = form.assist.take() else { return false };
    if !form.assisting.contains(&code) {
        form.assisting.push(code);
    }
    true
}

/// Takes the next kind, from any field.
pub fn turn_kind(model: &mut Model) -> Vec<Effect> {
    let city = model.city.clone();
    let before = Watched::of(model.intake.current());
    let kinds = city.as_ref().map_or(Kind::ALL, |city| &*city.body.kinds);
    model.intake.current_mut().form.turn_kind(true, kinds);
    after(model, &before)
}

/// Puts the focus on a field that the form asks for now.
pub fn focus(model: &mut Model, field: FieldId) -> Vec<Effect> {
    let before = Watched::of(model.intake.current());
    let draft = model.intake.current_mut();
    if draft.sending || !draft.form.fields().any(|asked| asked == field) {
        return Vec::new();
    }
    draft.side.leave();
    if draft.form.focus == field {
        return Vec::new();
    }
    let _ = collect(&mut draft.form);
    draft.form.focus = field;
    after(model, &before)
}

/// Takes a pasted text into the field in focus; what does not fit is said.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let city = model.city.clone();
    let all = text.chars().count();
    if model.intake.current().side.has_keys() || model.intake.current().sending {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = all).into_owned());
        return Vec::new();
    }
    let before = Watched::of(model.intake.current());
    let refused = match model.intake.current_mut().form.input() {
        Input::Line(line) => line.paste(text),
        Input::Area(area) => area.paste(text),
        Input::Choice => all,
        Input::Division(pick) => {
            city.map_or(all, |city| pick.paste(text, &city.divisions, model.uses.places(Shelf::Division)))
        }
        Input::Matter(pick) => {
            city.map_or(all, |city| pick.paste(text, &city.matters, model.uses.places(Shelf::Matter)))
        }
        Input::Department(pick) => {
            city.map_or(all, |city| pick.paste(text, &city.departments, model.uses.places(Shelf::Department)))
        }
    };
    if refused > 0 {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = refused).into_owned());
    }
    after(model, &before)
}

/// Keys of the panel beside the form.
fn beside(model: &mut Model, press: &Press) -> Vec<Effect> {
    let n = model.intake.current().beside();
    let article = model.intake.current().selected_article();
    match (press.control(Context::List), article) {
        (Some(Control::OpenRow), Some(at)) => return crate::desk::screens::overlay::read_article(model, at),
        (Some(Control::OpenRow), None) => {
            let Some(id) = model.selected_case() else { return Vec::new() };
            return crate::desk::screens::case::open(model, id);
        }
        (Some(Control::TakeAsEarlier), Some(at)) => return super::knowledge::take_article(model, at),
        (Some(Control::TakeAsEarlier), None) => return take_as_earlier(model),
        _ => {}
    }
    let list = model.intake.current_mut().side.list_mut();
    let moved = press.edit().zip(list).is_some_and(|(edit, list)| list.apply(&edit, n) == Outcome::Moved);
    if moved { model.read_beside() } else { Vec::new() }
}

/// The selected case becomes the earlier case (旧工单) of the one being typed, and the form has the keys again.
fn take_as_earlier(model: &mut Model) -> Vec<Effect> {
    let before = Watched::of(model.intake.current());
    let draft = model.intake.current_mut();
    let Some(number) = draft.selected_beside().map(|row| row.number.grouped()) else { return Vec::new() };
    draft.form.earlier.set(&number);
    draft.side.leave();
    draft.faults.retain(|fault| FieldId::at(&fault.pointer) != Some(FieldId::Earlier));
    let effects = after(model, &before);
    model.say(Severity::Done, rust_i18n::t!("desk.taken_as_earlier", number = number).into_owned());
    effects
}

/// What is watched for changes that set something off.
pub(super) struct Watched {
    /// Texts by the count of their changes: a copy of a long one at every key would be felt.
    number: u64,
    like: (u64, Option<String>, u64, Option<String>),
    departments: (Option<DepartmentCode>, usize),
    focus: FieldId,
}

impl Watched {
    pub(super) fn of(draft: &Draft) -> Self {
        let form = &draft.form;
        let like = (
            form.text.revision(),
            form.division.chosen().map(ToString::to_string),
            form.detail.revision(),
            form.matter.chosen().map(ToString::to_string),
        );
        let departments = (form.lead.chosen().cloned(), form.assisting.len());
        Self { number: form.number.revision(), like, departments, focus: form.focus }
    }
}

/// What a change sets off.
pub(super) fn after(model: &mut Model, before: &Watched) -> Vec<Effect> {
    let now = model.now;
    let mut effects = Vec::new();
    let begins = model.intake.current().is_untouched();
    let now_is = Watched::of(model.intake.current());
    let stepped = now_is.focus != before.focus;
    if begins && stepped {
        // Walking through an empty form is not typing.
        return Vec::new();
    }
    if begins {
        let id = model.ids.case(now);
        let draft = model.intake.current_mut();
        (draft.id, draft.received_at) = (Some(id), Some(now));
        effects.push(Effect::IssueNumber(id));
    }
    effects.extend(super::switch::typed(model, begins));
    let city = model.city.clone();
    let draft = model.intake.current_mut();
    if draft.form.focus == FieldId::Title && !stepped {
        draft.form.title_follows = draft.form.title.is_empty();
    }
    let proposed = if now_is.like.0 == before.like.0 {
        if now_is.like != before.like {
            reading::follow(draft, city.as_deref());
        }
        reading::kind(draft, city.as_deref())
    } else {
        draft.unread = Some(now);
        None
    };
    // Walking on changes nothing, unless it takes the candidate that is marked.
    if !stepped || now_is.like != before.like || now_is.departments != before.departments {
        let focus = before.focus;
        draft.faults.retain(|fault| FieldId::at(&fault.pointer) != Some(focus));
    }
    draft.changed_at = Some(now);
    reading::say_kind(model, proposed);
    let draft = model.intake.current_mut();
    if stepped && draft.unread.is_none() {
        effects.extend(save(draft));
        effects.push(Effect::MakeDurable);
    } else if stepped {
        save_durably_soon(draft, now);
    } else {
        save_soon(draft, now);
    }
    if now_is.number != before.number {
        effects.extend(history(model));
    }
    if now_is.like != before.like {
        like_soon(model);
    }
    effects
}

/// Looks up what belongs beside the draft in front, as if it had just been typed. What is there stays until the
/// answer comes, and with it the row that is selected.
pub fn look(model: &mut Model) -> Vec<Effect> {
    let side = &mut model.intake.current_mut().side;
    let (before, shown) = (side.history_of.take(), side.history.take());
    let asked = history(model);
    let side = &mut model.intake.current_mut().side;
    if side.history_of == before {
        side.history = shown;
    }
    asked.into_iter().chain(ask(model)).collect()
}

fn history(model: &mut Model) -> Option<Effect> {
    let (draft, turn) = model.intake.asking();
    let number = PhoneNumber::parse(draft.form.number.text()).ok();
    let number = number.filter(|number| number.as_str().len() >= HISTORY_FROM);
    let key = number.as_ref().map(|number| number.as_str().to_owned());
    if draft.side.history_of == key {
        return None;
    }
    draft.side.history = None;
    draft.side.history_of = key;
    draft.side.history_turn = turn;
    number.map(|number| Effect::History(turn, number))
}

/// Looks for like cases now, and asks what the text is about.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let (draft, turn) = model.intake.asking();
    let form = &draft.form;
    (draft.side.like_turn, draft.side.like_at) = (turn, None);
    if form.text.chars() < LIKE_FROM {
        draft.side.like = None;
        return Vec::new();
    }
    let request = LikeRequest {
        text: form.text.text().to_owned(),
        division: form.division.chosen().cloned(),
        detail: form.detail.text().to_owned(),
        matter: form.matter.chosen().cloned(),
        except: draft.amends.as_ref().map_or(draft.id, |amends| Some(amends.case)),
    };
    vec![Effect::Like(turn, Box::new(request)), super::learned::ask(draft, turn)]
}

/// Files the draft in front, or shows what is wrong with it.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.intake.current().id else { return Vec::new() };
    let mut effects = super::switch::typed(model, false);
    effects.extend(send(model, id));
    effects
}

/// Files the draft of a case, in front or not, or shows what is wrong with it.
pub fn send(model: &mut Model, id: CaseId) -> Vec<Effect> {
    file(model, id, None)
}

/// The same, and merges it `into` another: then it is registered and nothing else, whatever outcome was chosen.
pub(super) fn file(model: &mut Model, id: CaseId, into: Option<&CaseNumber>) -> Vec<Effect> {
    let (zone, now) = (model.zone(), model.now);
    let ids = [model.ids.event(now), model.ids.event(now)];
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    if draft.amends.is_some() {
        return super::amending::send(model, id);
    }
    // "Yesterday" is the day before the call, though the draft was left overnight.
    let chosen = draft.form.outcome;
    if into.is_some() {
        draft.form.outcome = OutcomeChoice::Register;
    }
    let read = draft.form.read(&zone, draft.received_at.unwrap_or(now), now);
    draft.form.outcome = chosen;
    match read {
        Ok(ready) => {
            draft.faults.clear();
            draft.not_sent = false;
            let case = NewCase {
                number: draft.number.clone(),
                received_at: draft.received_at.unwrap_or(now),
                intake: ready.intake.into(),
                outcome: ready.outcome,
            };
            let then = into.map(|into| super::same::behind(&draft.form, into, ids)).unwrap_or_default();
            let acts = then.iter().map(|(id, _)| *id).collect();
            draft.merging = into.map(|into| Merging { into: into.clone(), acts });
            let saved = save(draft);
            draft.sending = true;
            let typed = serde_json::to_string(&DraftRecordBody::from(&*draft)).unwrap_or_default();
            count(&mut model.uses, &case, now);
            let kept = model.keep_uses();
            let submit = Effect::Submit(id, Box::new(case), Secret::new(typed), then);
            saved.into_iter().chain([submit]).chain(kept).collect()
        }
        Err(faults) => {
            show_faults(model, id, faults);
            Vec::new()
        }
    }
}

/// Counts what was chosen for a case.
fn count(uses: &mut Uses, case: &NewCase, now: Timestamp) {
    let intake = &case.intake;
    if let Some(matter) = &intake.matter {
        uses.record(Shelf::Matter, matter.as_str(), now);
    }
    if let Some(division) = &intake.place.division {
        uses.record(Shelf::Division, division.as_str(), now);
    }
    for tag in &intake.tags {
        uses.record(Shelf::Tag, tag, now);
    }
    if let CaseOutcome::Dispatch(order) = &case.outcome {
        for department in std::iter::once(&order.lead).chain(&order.assisting) {
            uses.record(Shelf::Department, department.as_str(), now);
        }
    }
}

/// Marks what is wrong with a draft, puts it in front and goes to the first field of it.
pub fn show_faults(model: &mut Model, id: CaseId, faults: Vec<crate::domain::check::Fault>) {
    model.intake.show(id);
    let draft = model.intake.current_mut();
    draft.side.leave();
    let first = faults.iter().filter_map(|fault| FieldId::at(&fault.pointer)).min();
    draft.faults = faults;
    if let Some(field) = first {
        draft.form.focus = field;
        // A slot that is still open is ready to be filled in.
        if let Some(mut writing) = draft.form.writing() {
            writing.select_slot(0);
        }
    }
    let n = draft.faults.len();
    model.screen = Screen::Intake;
    model.say(Severity::Error, rust_i18n::t!("desk.faults", n = n).into_owned());
}
