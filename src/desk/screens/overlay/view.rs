//! How dialogs, receipt, help and palette are painted.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{
    Chooser, Choosing, DispatchDialog, DispatchField, Knowledge, Overlay, Prompt, Question, aside, clash,
    first_keys, password, receipt, themes,
};
use crate::desk::action::{self, Action};
use crate::desk::buffer::Buffer;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Deed};
use crate::desk::layout::{self, dialog};
use crate::desk::model::Model;
use crate::desk::paint::{self, columns, put, rows, span};
use crate::desk::screens::{reader, sign_in};
use crate::desk::text::wrap;
use crate::desk::widgets::bars::KeyHint;
use crate::desk::widgets::{list, overlay};
use crate::domain::act::Verb;
use crate::domain::check::Fault;
use crate::i18n::{self, name_of};
use crate::theme::Role;

/// Columns of a label.
const LABEL: u16 = 10;

/// Paints what lies over the screen, whose caret is at `caret`; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect, caret: Option<Position>) -> Option<Position> {
    match model.overlay.as_ref()? {
        Overlay::SignIn => sign_in::view_over(model, buf, area),
        Overlay::Help(help) => help.view(model, buf, area),
        Overlay::Palette(palette) => palette.view(model, buf, area),
        Overlay::Menu(menu) => menu.view(model, buf, area),
        Overlay::Chooser(chooser) => chooser_view(model, buf, area, chooser),
        Overlay::Knowledge(open) => knowledge(model, buf, area, open),
        Overlay::Prompt(prompt) => prompt_view(model, buf, area, prompt),
        Overlay::Dispatch(dialog) => dispatch(model, buf, area, dialog),
        Overlay::Password(asked) => password::view(model, buf, area, asked),
        Overlay::Clash(asked) => clash::view(model, buf, area, asked),
        Overlay::Aside(asked) => aside::view(model, buf, area, asked),
        Overlay::Receipt(receipt) => receipt::view(model, buf, area, receipt),
        Overlay::Confirm(question) => confirm(model, buf, area, question),
        Overlay::FirstKeys => first_keys::view(model, buf, area, caret),
        Overlay::Themes(picker) => themes::view(model, buf, area, picker),
    }
}

/// The keys that work in an overlay.
pub fn hints<'a>(model: &'a Model, overlay: &Overlay) -> Vec<KeyHint<'a>> {
    use Control as C;
    let named = |deed: Deed, name: &str| KeyHint {
        key: model.keys.key_of(deed).into(),
        name: name_of("overlay_key", name).into(),
        enabled: true,
        priority: 0,
        deed: Some(deed),
    };
    let hint = |control, name| named(Deed::Control(control), name);
    let act = |action, name| named(Deed::Action(action), name);
    let only = |hint, enabled| KeyHint { enabled, ..hint };
    let can_do = |marked: Option<Deed>| match marked {
        Some(Deed::Action(action)) => action::available(action, model).is_ok(),
        marked => marked.is_some(),
    };
    match overlay {
        Overlay::Prompt(_) => vec![hint(C::Send, "send"), hint(C::Cancel, "cancel")],
        Overlay::Dispatch(_) | Overlay::Password(_) => {
            vec![hint(C::Send, "send"), hint(C::NextField, "next"), hint(C::Cancel, "cancel")]
        }
        Overlay::Clash(_) => vec![
            hint(C::Send, "send"),
            hint(C::NextChoice, "other_text"),
            hint(C::NextField, "next"),
            hint(C::Cancel, "cancel"),
        ],
        Overlay::Receipt(_) => {
            let copy = act(Action::CopyNumber, "copy_number");
            vec![hint(C::Accept, "go_on"), copy, act(Action::GoWork, "open_case")]
        }
        Overlay::FirstKeys => vec![hint(C::Accept, "close")],
        Overlay::Confirm(_) => vec![hint(C::Accept, "yes"), hint(C::Cancel, "no")],
        Overlay::Help(_) => vec![hint(C::Cancel, "close")],
        Overlay::Themes(_) => {
            vec![hint(C::Accept, "keep"), hint(C::NextBorders, "borders"), hint(C::Cancel, "take_back")]
        }
        Overlay::Chooser(chooser) => {
            let take = |name| only(hint(C::Take, name), chooser.marked().is_some());
            match chooser.choosing {
                Choosing::SavedSearch => {
                    vec![take("search"), hint(C::Send, "keep_search"), hint(C::Cancel, "close")]
                }
                Choosing::Topic => vec![take("search"), hint(C::Cancel, "close")],
                _ => vec![take("take"), hint(C::Cancel, "close")],
            }
        }
        Overlay::Palette(palette) => {
            vec![
                only(hint(C::Accept, "do"), can_do(palette.marked().map(Deed::Action))),
                hint(C::Cancel, "close"),
            ]
        }
        Overlay::Menu(menu) => {
            vec![only(hint(C::Accept, "do"), can_do(menu.marked())), hint(C::Cancel, "close")]
        }
        Overlay::Aside(_) => vec![hint(C::Accept, "do"), hint(C::Cancel, "close")],
        Overlay::Knowledge(_) => {
            vec![
                hint(C::Accept, "answer"),
                named(Deed::Edit("page_down"), "read_on"),
                hint(C::Cancel, "close"),
            ]
        }
        Overlay::SignIn => {
            vec![hint(C::GoOn, "sign_in"), act(Action::Quit, "quit")]
        }
    }
}

pub(super) fn open(model: &Model, buf: &mut Buffer, over: Rect, title: &str) -> Rect {
    let inside = overlay::open(buf, over, title, &model.look.overlay());
    columns(inside, 1, inside.width.saturating_sub(2))
}

/// A paragraph from `top` on; returns the row below it.
pub(super) fn tell(model: &Model, buf: &mut Buffer, area: Rect, top: u16, words: &str, role: Role) -> u16 {
    let style = model.look.style(Role::Overlay).patch(model.look.style(role));
    let mut row = top;
    for line in wrap(words, usize::from(area.width.max(1))) {
        put(buf, area, row, &words[line], style);
        row = row.saturating_add(1);
    }
    row
}

fn chooser_view(model: &Model, buf: &mut Canvas<'_>, area: Rect, chooser: &Chooser) -> Option<Position> {
    let inside = open(model, buf, dialog(area, (78, 18)), &chooser.choosing.title());
    let look = &model.look;
    let hint = rust_i18n::t!(match chooser.choosing {
        Choosing::SavedSearch => "saved.hint",
        Choosing::Outcome => "follow_up.hint",
        _ => "pick.choose",
    });
    let at = rows(inside, 0, 1);
    let cursor = chooser.query.view(buf, at, &look.field(false), &hint, true);
    buf.hit(at, Target::Typed);
    let below = rows(inside, 1, inside.height.saturating_sub(1));
    if chooser.found.is_empty() {
        let none = if chooser.query.is_empty() {
            chooser.choosing.none(model)
        } else {
            rust_i18n::t!("desk.no_candidate").into_owned()
        };
        put(buf, below, 0, &none, look.style(Role::TextDim));
        return cursor;
    }
    let has_digits = chooser.choosing.has_digits() && chooser.query.is_empty();
    list::view(buf, below, &chooser.list, chooser.found.len(), &look.list_in_overlay(), |index, _| {
        let entry = chooser.entry(index);
        let digit = if has_digits && index < 9 { format!("{} ", index + 1) } else { String::new() };
        Line::from(vec![
            span(&format!("{digit}{}  ", entry.name), look.style(Role::Overlay)),
            span(&entry.path.replace('\n', " "), look.style(Role::TextDim)),
        ])
    });
    buf.rows(below, Target::Choices, chooser.list.offset());
    cursor
}

/// The knowledge base: the query, the articles that fit, and the marked one in full below or beside.
fn knowledge(model: &Model, buf: &mut Canvas<'_>, area: Rect, open: &Knowledge) -> Option<Position> {
    let city = model.city.as_deref()?;
    let over = layout::knowledge(area);
    let inside = overlay::open(buf, over.whole, &rust_i18n::t!("knowledge.title"), &model.look.overlay());
    let at = over.query.intersection(inside);
    let hint = rust_i18n::t!("knowledge.hint");
    let cursor = open.query.view(buf, at, &model.look.field(false), &hint, true);
    buf.hit(at, Target::Typed);
    list::view(buf, over.list, &open.list, open.found.len(), &model.look.list(true), |index, _| {
        let article = &city.body.knowledge[open.found[index]];
        span(&article.title, model.look.style(Role::Overlay)).into()
    });
    buf.rows(over.list, Target::Choices, open.list.offset());
    if let Some(article) = open.marked().map(|at| &city.body.knowledge[at]) {
        buf.hit(over.article, Target::Reading);
        let (longest, page) = reader::article(model, buf, over.article, article, open.scroll);
        open.scroll_end.set(longest.saturating_sub(page));
        open.page.set(page);
    }
    cursor
}

fn fault_line(model: &Model, buf: &mut Buffer, area: Rect, fault: Option<&Fault>, sending: bool) {
    if sending {
        put(buf, area, 0, &name_of("safety", "sending"), model.look.style(Role::Info));
    } else if let Some(fault) = fault {
        put(buf, area, 0, &name_of("fault", fault.code.code()), model.look.style(Role::Error));
    }
}

fn prompt_view(model: &Model, buf: &mut Canvas<'_>, area: Rect, prompt: &Prompt) -> Option<Position> {
    let inside = open(model, buf, dialog(area, (70, 12)), &action::name(prompt.action, model));
    let mut top = 0;
    let others = model.open_case().map_or(0, |file| file.case.row.attached);
    if others > 0 && matches!(prompt.verb, Verb::Close | Verb::Answer) {
        top = tell(model, buf, inside, top, &rust_i18n::t!("merge.before_end", n = others), Role::Warning);
    }
    if let Some(outcome) = prompt.outcome {
        top = tell(model, buf, inside, top, &i18n::outcome(outcome.into()), Role::TextStrong);
    }
    let top = tell(model, buf, inside, top, &name_of("prompt", prompt.verb.code()), Role::TextDim);
    let room = rows(inside, top, inside.height.saturating_sub(top + 1));
    let cursor = prompt.text.view(buf, room, &model.look.field(prompt.fault.is_some()), "", true);
    buf.hit(room, Target::Typed);
    fault_line(
        model,
        buf,
        rows(inside, inside.height.saturating_sub(1), 1),
        prompt.fault.as_ref(),
        prompt.sending,
    );
    cursor
}

fn dispatch(model: &Model, buf: &mut Canvas<'_>, area: Rect, asked: &DispatchDialog) -> Option<Position> {
    let city = model.city.as_deref()?;
    let over = dialog(area, (74, 18));
    let inside = open(model, buf, over, &name_of("verb", asked.verb.code()));
    let look = &model.look;
    let (mut top, mut cursor) = (0, None);
    let mut picking = None;
    for field in asked.fields() {
        let focused = asked.focus == *field;
        let role = if focused { Role::LabelFocus } else { Role::Label };
        let label = name_of("dispatch_field", field.code());
        let at = rows(columns(inside, LABEL, inside.width.saturating_sub(LABEL)), top, 1);
        let (before, painted) =
            (rows(columns(inside, 0, LABEL), top, 1), look.style(Role::Overlay).patch(look.style(role)));
        put(buf, before, 0, &label, painted);
        let mark = match (focused, &asked.fault) {
            (true, Some(_)) => paint::REFUSED,
            (true, None) => paint::FOCUS,
            (false, _) => "",
        };
        paint::mark(buf, before, mark, painted);
        let style = look.field(focused && asked.fault.is_some());
        let (chosen, line) = match field {
            DispatchField::Lead => {
                let chosen = asked.lead.chosen().map(|code| city.department(code).to_owned());
                (chosen, asked.lead.query())
            }
            DispatchField::Assisting => {
                let codes = asked.assisting.iter().chain(asked.assist.chosen());
                let names: Vec<_> = codes.map(|code| city.department(code)).collect();
                ((!names.is_empty()).then(|| names.join("、")), asked.assist.query())
            }
            DispatchField::Opinion => (None, &asked.opinion),
            DispatchField::Reason => (None, &asked.reason),
        };
        let hint =
            chosen.unwrap_or_else(|| if focused { name_of("hint", field.code()) } else { String::new() });
        cursor = cursor.or(line.view(buf, at, &style, &hint, focused));
        buf.hit(at, Target::Dispatch(*field));
        if focused {
            picking = match field {
                DispatchField::Lead => Some(asked.lead.candidates()),
                DispatchField::Assisting => Some(asked.assist.candidates()),
                _ => None,
            };
        }
        top += 1;
    }
    top += 1;
    if let Some(file) = model.open_case() {
        let row = &file.case.row;
        let due = city.due_at(row.kind, row.urgency, model.now);
        let at = crate::i18n::date_time(due, city.zone());
        top = tell(model, buf, inside, top, &rust_i18n::t!("dispatch.due", at = at), Role::Warning);
    }
    fault_line(model, buf, rows(inside, top, 1), asked.fault.as_ref(), asked.sending);
    if let Some((found, state)) = picking.filter(|(found, _)| !found.is_empty()) {
        let room = rows(inside, top + 1, inside.height.saturating_sub(top + 1));
        list::view(buf, room, state, found.len(), &look.list_in_overlay(), |index, _| {
            let entry = &city.departments.entries()[found[index]];
            let duties =
                city.body.departments.get(found[index]).map_or("", |department| department.duties.as_str());
            Line::from(vec![
                span(&format!("{}  ", entry.name), look.style(Role::Overlay)),
                span(duties, look.style(Role::TextDim)),
            ])
        });
        buf.rows(room, Target::Choices, state.offset());
    }
    cursor
}

fn confirm(model: &Model, buf: &mut Buffer, area: Rect, question: &Question) -> Option<Position> {
    let words = question.words(model);
    // What will happen is read before it is confirmed: all of it.
    let (columns, high) = (56, u16::try_from(wrap(&words, 52).len()).unwrap_or(u16::MAX));
    let over = dialog(area, (columns, high.saturating_add(4).max(7)));
    let inside = open(model, buf, over, &rust_i18n::t!("confirm.title"));
    tell(model, buf, inside, 1, &words, Role::Overlay);
    None
}
