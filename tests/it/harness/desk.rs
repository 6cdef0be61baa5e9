//! A real desk: its loop, its hands, its journal, driven by keys and looked at as text.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use huiyin::clock::Clock;
use huiyin::desk::backend::SharedSize;
use huiyin::desk::effects::Effect;
use huiyin::desk::frames::Frames;
use huiyin::desk::hands::Hands;
use huiyin::desk::input::{self, Input};
use huiyin::desk::keymap::Keymap;
use huiyin::desk::layout;
use huiyin::desk::mailbox::Mailbox;
use huiyin::desk::model::{Connection, Model, Screen as Front, Severity};
use huiyin::desk::msg::Msg;
use huiyin::desk::run::{App as _, Runner};
use huiyin::desk::screens::intake::{FieldId, Safety};
use huiyin::desk::screens::overlay::Overlay;
use huiyin::desk::screens::sign_in::Asking;
use huiyin::desk::snippets::Snippets;
use huiyin::desk::text;
use huiyin::desk::widgets::overlay::Borders;
use huiyin::desk::{Arrival, Coming, Desk as App, Look, Options, Server as Connected};
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::theme::{Depth, Theme};
use jiff::Timestamp;
use ratatui::buffer::Cell;
use ratatui::layout::Position;
use tokio::sync::oneshot;

use super::screen::Screen;
use super::server::{PASSWORD, Server};
use super::{PATIENCE, RUNTIME};

/// What a desk is opened with.
pub(crate) struct Seat {
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    /// Colours.
    pub(crate) depth: Depth,
    /// The theme, where it is not the usual one.
    pub(crate) theme: Option<Theme>,
    /// Where its journal and cache are; a folder of its own if none.
    pub(crate) folder: Option<PathBuf>,
    /// The right to make the first account.
    pub(crate) setup: Option<&'static str>,
    /// Told apart from another desk's by this: what its identities are made of.
    pub(crate) seed: u8,
    /// Which key does what.
    pub(crate) keys: Arc<Keymap>,
    /// Short texts of the person's own.
    pub(crate) snippets: Arc<Snippets>,
    /// Its time, where it is not the server's.
    pub(crate) clock: Option<Clock>,
    /// Whether calls are counted.
    pub(crate) call_clock: bool,
    /// Minutes after which it locks itself; 0 never.
    pub(crate) lock: u32,
    /// Whether its terminal gives characters of ambiguous width two columns.
    pub(crate) wide: bool,
    /// Whether newcomers are shown the first keys.
    pub(crate) greets: bool,
    /// Whether somebody is led through a case.
    pub(crate) tour: bool,
    /// Who is signed in without being asked.
    pub(crate) by_itself: Option<(&'static str, &'static str)>,
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            size: (80, 24),
            depth: Depth::True,
            theme: None,
            folder: None,
            setup: None,
            seed: 1,
            keys: Arc::default(),
            snippets: Arc::default(),
            clock: None,
            call_clock: true,
            lock: 0,
            wide: false,
            greets: false,
            tour: false,
            by_itself: None,
        }
    }
}

impl Seat {
    /// Opens the desk; nobody is signed in.
    pub(crate) fn open(self, server: &Server) -> Desk {
        let setup_secret = self.setup.map(|word| Secret::new(word.to_owned()));
        let clock = self.clock.clone().unwrap_or_else(|| server.clock.clone());
        let client = server.client().with_clock(clock);
        self.open_on(Connected::There(Arrival { client, setup_secret }), server)
    }

    /// Opens the desk before its server is there, and gives what brings it.
    pub(crate) fn open_before(self, server: &Server) -> (Desk, oneshot::Sender<Arrival>) {
        let ((begin, _), (arrive, arrival)) = (oneshot::channel(), oneshot::channel());
        (self.open_on(Connected::Coming(Coming { begin, arrival }), server), arrive)
    }

    fn open_on(self, connected: Connected, server: &Server) -> Desk {
        text::set_wide(self.wide);
        let own = tempfile::tempdir().unwrap();
        let folder = self.folder.unwrap_or_else(|| own.path().to_owned());
        let theme = self.theme.unwrap_or_else(|| Theme::built_in("dark", self.depth).unwrap());
        let look = Look::new(theme, self.depth, Borders::Rounded);
        let options = Options {
            server: connected,
            data: folder.clone(),
            cache: folder.clone(),
            themes: folder.join("themes"),
            realm: "stories".to_owned(),
            sign_in: None,
            demo: false,
            tour: self.tour,
            look: look.clone(),
            keys: Arc::clone(&self.keys),
            snippets: Arc::clone(&self.snippets),
            clipboard: false,
            mouse: true,
            call_clock: self.call_clock,
            lock_minutes: self.lock,
            ambiguous_is_wide: self.wide,
            runtime: RUNTIME.handle().clone(),
            clock: self.clock.unwrap_or_else(|| server.clock.clone()),
        };
        let mailbox: Mailbox<Msg> = Mailbox::default();
        let news = mailbox.clone();
        let journal = Journal::open_or_ask(&folder, &options.realm, &options.clock, move |told| {
            news.post(Msg::Journal(told));
        });
        let size = SharedSize::new(self.size.0, self.size.1);
        let frames = Frames::new(Screen::new(&size, self.depth, self.wide)).unwrap();
        let clock = options.clock.clone();
        let app = App::new(look, false, [self.seed; 32], clock.now())
            .with_keys(self.keys)
            .with_snippets(self.snippets)
            .with_call_clock(self.call_clock)
            .locking_after(self.lock);
        let app = if self.greets { app.greeting() } else { app };
        let app = if self.tour { app.on_tour() } else { app };
        let (app, first) = match self.by_itself {
            Some((name, password)) => {
                let (name, password) = (name.parse().unwrap(), Secret::new(password.to_owned()));
                (app.signing_in_by_itself(), Effect::SignIn { name, password })
            }
            None => (app, Effect::Setup),
        };
        let hands = Hands::new(options, Arc::new(journal.unwrap()), &mailbox);
        let mut runner = Runner::new(app, frames, mailbox, hands, clock);
        runner.start(vec![first]);
        let mut desk = Desk { runner, size, folder, error: RefCell::default(), _own: own };
        desk.settle();
        desk
    }

    /// Opens the desk and signs `name` in, by typing.
    pub(crate) fn signed_in(self, server: &Server, name: &str) -> Desk {
        let mut desk = self.open(server);
        desk.sign_in(name, PASSWORD);
        desk.until("the live stream", |model| model.connection == Connection::Online && model.city.is_some());
        desk.settle();
        desk
    }
}

/// A desk somebody works at.
pub(crate) struct Desk {
    runner: Runner<App, Screen, Hands>,
    size: SharedSize,
    folder: PathBuf,
    /// The last error at the foot, and whether the story has looked at it.
    error: RefCell<Option<(String, bool)>>,
    _own: tempfile::TempDir,
}

impl Desk {
    /// The usual desk, signed in.
    pub(crate) fn open(server: &Server, name: &str) -> Self {
        Seat::default().signed_in(server, name)
    }

    /// Types a name and a password on the sign-in screen.
    pub(crate) fn sign_in(&mut self, name: &str, password: &str) {
        self.type_text(name);
        self.keys("tab");
        self.type_text(password);
        self.keys("enter");
    }

    /// Presses keys, written as in the key table with blanks between, and settles.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.runner.mailbox().input(Input::Key(key.parse().unwrap()));
        }
        self.settle()
    }

    /// Types a text as an input method gives it, character by character, and settles. A line break is Enter.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = if c == '\n' { "enter".to_owned() } else { c.to_string() };
            self.runner.mailbox().input(Input::Key(key.parse().unwrap()));
        }
        self.settle()
    }

    /// Presses keys as they would come now, and handles what there is without anything else coming or any time going
    /// by: what was put off waits for its moment.
    pub(crate) fn at_once(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.runner.mailbox().input(Input::Key(key.parse().unwrap()));
        }
        self.runner.turn().unwrap();
        self
    }

    /// Pastes a text, as it comes, and settles.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.runner.mailbox().input(Input::Paste(text.to_owned()));
        self.settle()
    }

    /// Pours bytes in as a terminal sends them, torn every `piece` bytes and faster than the desk looks, and settles.
    pub(crate) fn pour(&mut self, bytes: &[u8], piece: usize) -> &mut Self {
        let pieces = bytes.chunks(piece).map(<[u8]>::to_vec).collect();
        let mut ear = input::Ear::new(Pieces(pieces), true);
        loop {
            let mut heard = ear.hear(None);
            let over = heard.pop_if(|last| *last == Input::Stop(input::Stop::HangUp)).is_some();
            self.runner.mailbox().inputs(heard);
            if over {
                return self.settle();
            }
        }
    }

    /// Uses the mouse on the place where `text` stands, `right` columns further on, and settles; `report` is the
    /// number that a terminal gives the button.
    fn mouse(&mut self, report: u8, text: &str, right: u16) -> &mut Self {
        let (x, y) = self.find(text);
        self.pour(format!("\x1b[<{report};{};{}M", x + right + 1, y + 1).as_bytes(), 64)
    }

    /// Clicks on `text`.
    pub(crate) fn click(&mut self, text: &str) -> &mut Self {
        self.mouse(0, text, 0)
    }

    /// Clicks on the column so many to the right of where `text` begins.
    pub(crate) fn click_beside(&mut self, text: &str, right: u16) -> &mut Self {
        self.mouse(0, text, right)
    }

    /// Moves the held mouse onto `text`.
    pub(crate) fn drag(&mut self, text: &str) -> &mut Self {
        self.mouse(32, text, 0)
    }

    /// Clicks on `text` with the right button.
    pub(crate) fn click_right(&mut self, text: &str) -> &mut Self {
        self.mouse(2, text, 0)
    }

    /// Turns the wheel by a notch over `text`.
    pub(crate) fn wheel(&mut self, text: &str, down: bool) -> &mut Self {
        self.mouse(if down { 65 } else { 64 }, text, 0)
    }

    /// Goes to a field of the intake form by Tab and types into it.
    pub(crate) fn fill(&mut self, field: FieldId, text: &str) -> &mut Self {
        self.field(field).type_text(text)
    }

    /// Goes to a field of the intake form by Tab.
    pub(crate) fn field(&mut self, field: FieldId) -> &mut Self {
        for _ in FieldId::ALL {
            if self.model().intake.current().form.focus == field {
                return self;
            }
            self.keys("tab");
        }
        panic!("Tab does not lead to {field:?}:\n{}", self.screen());
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.size.set(columns, rows);
        self.runner.mailbox().input(Input::Resize);
        self.settle()
    }

    /// Waits until nothing is queued or in flight, and checks what must hold of every frame.
    pub(crate) fn settle(&mut self) -> &mut Self {
        assert!(self.runner.settle(PATIENCE).unwrap(), "the desk does not come to rest:\n{}", self.screen());
        self.check();
        self
    }

    /// Waits until the server was told something by itself; gives it.
    pub(crate) fn until_told<T>(&mut self, told: impl Fn() -> Vec<T>) -> Vec<T> {
        let by = Instant::now() + PATIENCE;
        while told().is_empty() {
            assert!(Instant::now() < by, "the server was not told:\n{}", self.screen());
            std::thread::yield_now();
        }
        told()
    }

    /// Waits for what comes by itself.
    pub(crate) fn until(&mut self, what: &str, met: impl Fn(&Model) -> bool) -> &mut Self {
        let came = self.runner.settle_until(PATIENCE, |runner| met(runner.app().model())).unwrap();
        assert!(came, "{what} did not come:\n{}", self.screen());
        self.check();
        self
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn until_shows(&mut self, text: &str) -> &mut Self {
        let shown = |runner: &Runner<App, Screen, Hands>| {
            runner.backend().rows().iter().any(|row| row.contains(text))
        };
        let came = self.runner.settle_until(PATIENCE, shown).unwrap();
        assert!(came, "`{text}` did not appear:\n{}", self.screen());
        self.check();
        self.read(text);
        self
    }

    /// Waits until what is typed is on the disk.
    pub(crate) fn until_saved(&mut self) -> &mut Self {
        self.until("the word that it is saved", |model| model.intake.current().safety == Safety::Saved)
    }

    /// The screen as text.
    pub(crate) fn screen(&self) -> String {
        self.runner.backend().rows().join("\n")
    }

    /// The cell at a column and row.
    pub(crate) fn cell(&self, x: u16, y: u16) -> &Cell {
        self.runner.backend().cell(x, y)
    }

    /// The column and row at which `text` stands, as cells.
    pub(crate) fn find(&self, text: &str) -> (u16, u16) {
        let rows = self.runner.backend().rows();
        let (y, row, at) = rows
            .iter()
            .enumerate()
            .find_map(|(y, row)| row.find(text).map(|at| (y, row, at)))
            .unwrap_or_else(|| panic!("no `{text}` in:\n{}", self.screen()));
        (u16::try_from(text::width(&row[..at])).unwrap(), u16::try_from(y).unwrap())
    }

    /// Fails unless the screen shows each of `texts`, each within one row.
    pub(crate) fn assert_shows(&mut self, texts: &[&str]) -> &mut Self {
        let screen = self.screen();
        for text in texts {
            assert!(screen.contains(text), "no `{text}` in:\n{screen}");
            self.read(text);
        }
        self
    }

    /// Says that the story knows of the error at the foot, whatever its words.
    pub(crate) fn heed(&mut self) -> &mut Self {
        if let Some((_, read)) = &mut *self.error.borrow_mut() {
            *read = true;
        }
        self
    }

    /// Fails if the screen shows `text`.
    pub(crate) fn assert_hides(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` in:\n{screen}");
        self
    }

    /// Where the cursor is, if it shows.
    pub(crate) fn cursor(&self) -> Option<Position> {
        self.runner.backend().cursor()
    }

    /// Whether a colour was ever painted.
    pub(crate) fn coloured(&self) -> bool {
        self.runner.backend().coloured
    }

    /// When it would wake by itself.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        self.runner.app().wake_at()
    }

    /// The bytes of the last frame.
    pub(crate) fn painted(&self) -> usize {
        self.runner.backend().painted
    }

    /// What the desk knows.
    pub(crate) fn model(&self) -> &Model {
        self.runner.app().model()
    }

    /// Whether the person has left.
    pub(crate) fn is_over(&self) -> bool {
        self.model().finished
    }

    /// The text of the case being typed.
    pub(crate) fn typed(&self) -> &str {
        self.model().intake.current().form.text.text()
    }

    /// Kills the desk as `kill -9` does, and gives what is left of it on the disk: nothing is closed or flushed.
    pub(crate) fn killed(self) -> tempfile::TempDir {
        let left = tempfile::tempdir().unwrap();
        copy(&self.folder, left.path());
        left
    }

    fn read(&self, text: &str) {
        if let Some((error, read)) = &mut *self.error.borrow_mut() {
            *read |= error.contains(text) || text.contains(error.as_str());
        }
    }

    fn check(&self) {
        let model = self.model();
        assert_eq!(
            self.cursor().is_some(),
            wants_cursor(model, &self.size),
            "the cursor:\n{}",
            self.screen()
        );
        let now =
            model.toast.as_ref().filter(|toast| toast.severity == Severity::Error).map(|toast| &toast.text);
        let mut last = self.error.borrow_mut();
        if let Some(now) = now
            && last.as_ref().is_none_or(|(before, _)| before != now)
        {
            if let Some((before, false)) = &*last {
                panic!("nobody looked at the error `{before}`:\n{}", self.screen());
            }
            *last = Some((now.clone(), false));
        }
    }
}

/// What a terminal sends, read by read.
struct Pieces(VecDeque<Vec<u8>>);

impl input::Source for Pieces {
    fn read(&mut self, into: &mut [u8], _: Option<Duration>) -> io::Result<input::Heard> {
        let piece = self.0.pop_front().ok_or(io::ErrorKind::UnexpectedEof)?;
        into[..piece.len()].copy_from_slice(&piece);
        Ok(input::Heard::Bytes(piece.len()))
    }
}

/// Whether an input has the focus, and so the cursor.
fn wants_cursor(model: &Model, size: &SharedSize) -> bool {
    let asks = !model.sign_in.waiting && model.sign_in.asking != Asking::Nobody;
    if !layout::has_room(size.get()) {
        return false;
    }
    if model.lock.is_locked {
        return asks;
    }
    // The first keys leave the caret where it is.
    let overlay = model.overlay.as_ref().filter(|overlay| !matches!(overlay, Overlay::FirstKeys));
    match (overlay, model.screen) {
        (Some(Overlay::SignIn), _) | (None, Front::SignIn) => asks,
        (
            Some(
                Overlay::Help(_)
                | Overlay::Palette(_)
                | Overlay::Chooser(_)
                | Overlay::Knowledge(_)
                | Overlay::Prompt(_)
                | Overlay::Dispatch(_)
                | Overlay::Password(_),
            ),
            _,
        ) => true,
        (
            Some(
                Overlay::FirstKeys
                | Overlay::Menu(_)
                | Overlay::Receipt(_)
                | Overlay::Clash(_)
                | Overlay::Aside(_)
                | Overlay::Confirm(_)
                | Overlay::Themes(_),
            ),
            _,
        )
        | (None, Front::Case | Front::Work | Front::Drafts) => false,
        (None, Front::Intake) => !model.intake.current().side.has_keys(),
        (None, Front::Search) => model.search.in_query,
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Some((error, false)) = self.error.take()
        {
            panic!("nobody looked at the error `{error}`:\n{}", self.screen());
        }
    }
}
