//! Commands: the actions of the table and a few ways of listening, found by number, name, pinyin, initials or key.

use crate::desk::action::{self, Action, TABLE};
use crate::desk::keys::Chord;
use crate::desk::model::{Model, Screen};
use crate::desk::screens::intake::FieldId;
use crate::desk::screens::overlay::{Choosing, Overlay};
use crate::desk::widgets::table::{Entry, Table};
use crate::domain::normalise::normalise;
use crate::i18n::name_of;

use super::read;

/// What can be asked for besides the actions: ways to listen, and to move where there are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listening {
    /// The next of the list in front.
    More,
    /// All of the screen or the dialog again.
    Again,
    /// Every field of the form with what stands in it.
    Fields,
    /// Go to a field, by its name.
    Field,
    /// The field before.
    Previous,
    /// The field after.
    Next,
    /// Send what the dialog holds.
    Send,
    /// Close the dialog.
    Cancel,
    /// Connection, drafts and call.
    Status,
}

impl Listening {
    /// Its name in English, and the key of its name: `linear_command.CODE`.
    fn code(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Again => "again",
            Self::Fields => "fields",
            Self::Field => "field",
            Self::Previous => "previous",
            Self::Next => "next",
            Self::Send => "send",
            Self::Cancel => "cancel",
            Self::Status => "status",
        }
    }
}

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// An action.
    Do(Action),
    /// One of the ways to listen.
    Listen(Listening),
    /// A key that is no action here.
    Press(Chord),
}

/// What a name led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A command, and what stood behind its name.
    One(Command, String),
    /// It may mean any of these.
    Several(Vec<String>),
    /// This action, which is not one of this place.
    NotHere(String),
    /// Nothing.
    Nothing,
}

impl Command {
    /// What it is called here.
    pub(super) fn name(self, model: &Model) -> String {
        match self {
            Self::Do(action) => action::name(action, model),
            Self::Listen(listening) => name_of("linear_command", listening.code()),
            Self::Press(chord) => chord.to_string(),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Do(action) => action.code(),
            Self::Listen(listening) => listening.code(),
            Self::Press(_) => "",
        }
    }

    /// Why it cannot be done now, in words.
    pub(super) fn why_not(self, model: &Model) -> Option<String> {
        let Self::Do(action) = self else { return None };
        if needs_a_screen(action) {
            return Some(rust_i18n::t!("linear.needs_a_screen").into_owned());
        }
        action::available(action, model).err().map(|why| name_of("why_not", why))
    }
}

/// Whether an action is about how things look.
pub(super) fn needs_a_screen(action: Action) -> bool {
    matches!(action, Action::Theme | Action::Mouse | Action::FirstKeys)
}

/// The commands of the place in front, in the order of their numbers.
pub(super) fn here(model: &Model) -> Vec<Command> {
    use Listening as L;
    let listen = |all: &[L]| all.iter().map(|one| Command::Listen(*one)).collect::<Vec<_>>();
    if let Some(overlay) = &model.overlay {
        return match overlay {
            Overlay::Prompt(_) => listen(&[L::Send, L::Cancel, L::Again, L::Status]),
            Overlay::Chooser(chooser) if chooser.choosing == Choosing::SavedSearch => {
                listen(&[L::Send, L::Cancel, L::Again, L::Status])
            }
            Overlay::Dispatch(_) | Overlay::Password(_) | Overlay::Clash(_) => {
                listen(&[L::Send, L::Cancel, L::Previous, L::Next, L::Again, L::Status])
            }
            Overlay::Receipt(_) => {
                let mut all = vec![Command::Do(Action::GoWork), Command::Do(Action::CopyNumber)];
                all.extend(listen(&[L::Again, L::Status]));
                all
            }
            Overlay::SignIn => {
                let mut all = vec![Command::Do(Action::Quit)];
                all.extend(listen(&[L::Previous, L::Again, L::Status]));
                all
            }
            Overlay::Help(_)
            | Overlay::Aside(_)
            | Overlay::Palette(_)
            | Overlay::Chooser(_)
            | Overlay::Knowledge(_)
            | Overlay::Menu(_)
            | Overlay::FirstKeys
            | Overlay::Themes(_)
            | Overlay::Confirm(_) => listen(&[L::Cancel, L::Again, L::Status]),
        };
    }
    let rows = TABLE.iter().filter(|row| row.belongs_to(model.screen)).map(|row| row.action);
    // Places of drafts that are not there need no name.
    let there = |action: &Action| action.draft().is_none_or(|place| place <= model.intake.count());
    let mut all: Vec<_> = rows.filter(there).map(Command::Do).collect();
    all.extend(listen(match model.screen {
        Screen::SignIn => &[L::Previous, L::Next, L::Again, L::Status],
        Screen::Intake => &[L::Fields, L::Field, L::Previous, L::Next, L::More, L::Again, L::Status],
        Screen::Search | Screen::Work | Screen::Drafts => &[L::More, L::Again, L::Status],
        Screen::Case => &[L::Again, L::Status],
    }));
    all
}

/// The command that `text`, without its stroke, stands for.
pub(super) fn find(text: &str, model: &Model) -> Found {
    let here = here(model);
    if matches!(text, "?" | "？") {
        return Found::One(Command::Do(Action::Help), String::new());
    }
    if let Some(n) = read::number(text) {
        return here.get(n - 1).map_or(Found::Nothing, |command| Found::One(*command, String::new()));
    }
    let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match among(text, &here, model) {
        Found::Nothing => {}
        found => return found,
    }
    // With something behind it a name must be whole: what is behind it may be part of another.
    if let Some(command) = called(head, &here, model).filter(|_| !rest.is_empty()) {
        return Found::One(command, rest.trim().to_owned());
    }
    let anywhere: Vec<_> = TABLE.iter().map(|row| Command::Do(row.action)).collect();
    match among(text, &anywhere, model) {
        // In a dialog these two words mean the dialog.
        Found::One(Command::Do(Action::Submit), _) if model.overlay.is_some() => {
            Found::One(Command::Listen(Listening::Send), String::new())
        }
        Found::One(Command::Do(Action::Back), _) if model.overlay.is_some() => {
            Found::One(Command::Listen(Listening::Cancel), String::new())
        }
        Found::One(command, _) => Found::NotHere(command.name(model)),
        _ => Found::Nothing,
    }
}

/// The command whose code, name or key this is.
fn called(name: &str, commands: &[Command], model: &Model) -> Option<Command> {
    let wanted = normalise(name);
    let is = |command: &&Command| command.code() == wanted || normalise(&command.name(model)) == wanted;
    if let Some(command) = commands.iter().find(is) {
        return Some(*command);
    }
    let chord = wanted.parse::<Chord>().ok()?;
    let action = model.keys.action(chord, model.screen, false).map(Command::Do);
    action.or_else(|| chord.text().is_none().then_some(Command::Press(chord)))
}

fn among(name: &str, commands: &[Command], model: &Model) -> Found {
    if let Some(command) = called(name, commands, model) {
        return Found::One(command, String::new());
    }
    let entry = |command: &Command| Entry {
        code: command.code().to_owned(),
        name: command.name(model),
        extra: vec![command.code().replace('_', " ")],
        ..Entry::default()
    };
    let table = Table::new(commands.iter().map(entry).collect());
    let found = table.matches(name, commands.len());
    let covers = |found: &&crate::desk::widgets::table::Match| {
        let covered: usize = found.ranges.iter().map(std::iter::ExactSizeIterator::len).sum();
        covered == table.entries()[found.index].name.len()
    };
    let whole: Vec<_> = found.iter().filter(covers).collect();
    let fit =
        if whole.len() == 1 { vec![whole[0].index] } else { found.iter().map(|found| found.index).collect() };
    match fit.as_slice() {
        [] => Found::Nothing,
        [one] => Found::One(commands[*one], String::new()),
        several => Found::Several(several.iter().map(|at| commands[*at].name(model)).collect()),
    }
}

/// The field of the form that is called `name`.
pub(super) fn named(name: &str, model: &Model) -> Option<FieldId> {
    let mut fields = model.intake.current().form.fields();
    fields.find(|field| name_of("field", field.code()) == name)
}

/// The field of the form that a name stands for.
pub(super) fn field(name: &str, model: &Model) -> Option<FieldId> {
    let fields: Vec<_> = model.intake.current().form.fields().collect();
    if let Some(n) = read::number(name) {
        return fields.get(n - 1).copied();
    }
    let entry = |field: &FieldId| Entry {
        code: field.code().to_owned(),
        name: name_of("field", field.code()),
        ..Entry::default()
    };
    let table = Table::new(fields.iter().map(entry).collect());
    table.matches(name, 1).first().filter(|_| !name.trim().is_empty()).map(|found| fields[found.index])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::desk::widgets::overlay::Borders;
    use crate::desk::{Desk, Look};
    use crate::theme::{Depth, Theme};

    fn desk_on(screen: Screen) -> Desk {
        let look = Look::new(Theme::built_in("dark", Depth::None).unwrap(), Depth::None, Borders::Ascii);
        let mut desk = Desk::new(look, false, [7; 32], Timestamp::UNIX_EPOCH);
        desk.model.screen = screen;
        desk
    }

    #[test]
    fn every_action_of_the_table_is_found_by_its_code_its_name_and_its_key() {
        for row in TABLE {
            for screen in Screen::ALL.iter().filter(|screen| row.belongs_to(**screen)) {
                let desk = desk_on(*screen);
                let model = desk.model();
                let code = row.action.code();
                let found = find(code, model);
                if row.action.draft().is_some_and(|place| place > 1) {
                    assert!(matches!(found, Found::NotHere(_)), "{code}: {found:?}");
                    continue;
                }
                assert_eq!(found, Found::One(Command::Do(row.action), String::new()), "{code} on {screen}");
                let name = action::name(row.action, model);
                assert_eq!(find(&name, model), Found::One(Command::Do(row.action), String::new()), "{name}");
                for key in row.keys {
                    let found = find(key, model);
                    assert_eq!(
                        found,
                        Found::One(Command::Do(row.action), String::new()),
                        "{key} on {screen}"
                    );
                }
                let place = here(model).iter().position(|command| *command == Command::Do(row.action));
                let number = (place.unwrap() + 1).to_string();
                assert_eq!(find(&number, model), Found::One(Command::Do(row.action), String::new()));
            }
        }
    }

    #[test]
    fn what_may_mean_several_is_not_done() {
        let desk = desk_on(Screen::Intake);
        let Found::Several(names) = find("dr", desk.model()) else { panic!("one of the drafts was taken") };
        assert!(names.len() > 2, "{names:?}");
        assert_eq!(find("quit now", desk.model()), Found::One(Command::Do(Action::Quit), "now".to_owned()));
        assert_eq!(find("no such thing", desk.model()), Found::Nothing);
        assert!(matches!(find("void", desk.model()), Found::NotHere(_)));
        let f11 = Found::One(Command::Press("f11".parse().unwrap()), String::new());
        assert_eq!(find("F11", desk.model()), f11);
    }

    #[test]
    fn every_field_is_found_by_its_code_and_its_number() {
        let desk = desk_on(Screen::Intake);
        for (at, wanted) in desk.model().intake.current().form.fields().enumerate() {
            assert_eq!(field(wanted.code(), desk.model()), Some(wanted));
            assert_eq!(field(&(at + 1).to_string(), desk.model()), Some(wanted));
        }
    }
}
