//! The desk: the terminal program, from the terminal's modes up to the screens.
//!
//! `terminal` owns the modes, `backend` paints, `input` reads, `run` is the loop between them; `text` measures.
//! `msg` is all that can happen, `update` decides what follows, `effects` does it, `view` paints what is.

pub mod action;
pub mod backend;
pub mod buffer;
mod city;
mod city_cache;
pub mod clipboard;
mod copy;
mod cramped;
mod early;
pub mod effects;
mod expand;
mod find_here;
pub mod frames;
pub mod hands;
pub mod hits;
mod hot;
mod ids;
mod in_hand;
mod in_words;
pub mod input;
mod kept;
pub mod keymap;
pub mod keys;
mod lane;
pub mod layout;
pub mod linear;
mod lock;
mod look;
pub mod mailbox;
pub mod model;
pub mod msg;
mod open_again;
mod outbox;
mod own_case;
pub mod own_file;
mod paint;
pub mod picture;
mod pointing;
pub mod presence;
mod preview;
pub mod probe;
pub mod run;
mod saved;
pub mod screens;
mod signing_in;
mod signs;
pub mod snippets;
mod submitting;
pub mod surroundings;
pub mod terminal;
pub mod text;
pub mod tour;
mod update;
pub mod uses;
pub mod view;
pub mod widgets;
mod writing;

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use ratatui::layout::{Position, Size};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::client::{Client, Live};
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::journal::{Journal, News};
use crate::theme::{Depth, Shelf};
use buffer::Buffer;
use effects::Effect;
use frames::Frames;
use hands::Hands;
use hits::Hits;
use input::Input;
use keymap::Keymap;
use mailbox::Mailbox;
use model::{Model, Severity};
use msg::Msg;
use run::{App, Runner};
use screens::intake::{Call, Drafts};
use snippets::Snippets;
use widgets::overlay::Borders;

pub use kept::KeptLook;
pub use look::{Asked, Look};

/// The server that the desk asks. The first frame does not wait for it.
#[derive(Debug)]
pub enum Server {
    /// It is there.
    There(Arrival),
    /// It is brought up behind the first frame.
    Coming(Coming),
}

/// A server that is not there yet.
#[derive(Debug)]
pub struct Coming {
    /// Told once something is asked for, which is after the first frame: until then the machine is the desk's.
    pub begin: oneshot::Sender<()>,
    /// A sender that is dropped says that it will not come; then the desk is over.
    pub arrival: oneshot::Receiver<Arrival>,
}

/// A server that is there.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// A client of it, not signed in.
    pub client: Client,
    /// The right to make the first account, where this program holds the server.
    pub setup_secret: Option<Secret>,
}

/// What the desk starts with.
#[derive(Debug)]
pub struct Options {
    /// The server.
    pub server: Server,
    /// The folder of the journal.
    pub data: PathBuf,
    /// The folder of what can be fetched again.
    pub cache: PathBuf,
    /// The folder of the person's own themes.
    pub themes: PathBuf,
    /// Which server's drafts and cache: its address, or a word for the embedded one.
    pub realm: String,
    /// Signs in by itself, for the demonstration.
    pub sign_in: Option<(crate::domain::account::AccountName, Secret)>,
    /// Whether the data is invented and thrown away.
    pub demo: bool,
    /// Whether somebody is led through a case.
    pub tour: bool,
    /// Colours and borders.
    pub look: Look,
    /// Which key does what.
    pub keys: Arc<Keymap>,
    /// The person's own short texts.
    pub snippets: Arc<Snippets>,
    /// Whether what is copied goes to the clipboard of the terminal too.
    pub clipboard: bool,
    /// Whether the mouse is listened to; text is selected with Shift held then.
    pub mouse: bool,
    /// Whether the time of calls is counted and shown.
    pub call_clock: bool,
    /// Minutes without a key after which the screen is locked; 0 never.
    pub lock_minutes: u32,
    /// Whether the terminal gives characters of ambiguous width two columns.
    pub ambiguous_is_wide: bool,
    /// Where network work runs.
    pub runtime: Handle,
    /// The time.
    pub clock: Clock,
}

/// The desk as the loop runs it.
#[derive(Debug)]
pub struct Desk {
    model: Model,
    /// What stands where on the last frame: of the frame, not of the model.
    hits: RefCell<Hits>,
    /// How much of what is read late it showed, see [`Drafts::late`].
    late: Cell<u64>,
}

impl Desk {
    /// A desk that nobody has signed in to. `seed` makes its identities: 32 random bytes.
    pub fn new(look: Look, demo: bool, seed: [u8; 32], now: Timestamp) -> Self {
        let model = Model::new(look, demo, ids::Ids::new(seed), now);
        Self { model, hits: RefCell::default(), late: Cell::default() }
    }

    /// The same desk, which will be signed in to without anybody being asked.
    #[must_use]
    pub fn signing_in_by_itself(mut self) -> Self {
        self.model.sign_in.asking = screens::sign_in::Asking::Nobody;
        self.model.early = Some(early::Early::default());
        self
    }

    /// With other keys than the default ones.
    #[must_use]
    pub fn with_keys(mut self, keys: Arc<Keymap>) -> Self {
        self.model.keys = keys;
        self
    }

    /// With short texts of the person's own.
    #[must_use]
    pub fn with_snippets(mut self, snippets: Arc<Snippets>) -> Self {
        self.model.snippets = snippets;
        self
    }

    /// The same desk, which counts calls or does not.
    #[must_use]
    pub fn with_call_clock(mut self, counts: bool) -> Self {
        self.model.intake = Drafts::new(counts);
        self
    }

    /// The same desk, which locks itself after so many minutes without a key; 0 never. The demonstration has no password
    /// to open it with.
    #[must_use]
    pub fn locking_after(mut self, minutes: u32) -> Self {
        let after = jiff::SignedDuration::from_mins(i64::from(minutes));
        self.model.lock.after = (minutes > 0 && !self.model.demo).then_some(after);
        self
    }

    /// The same desk, which was started by a shell that takes the terminal back for a while, or was not.
    #[must_use]
    pub fn with_shell(mut self, is_there: bool) -> Self {
        self.model.has_shell = is_there;
        self
    }

    /// The same desk, which begins by saying that the locale names another encoding than UTF-8, if it does.
    #[must_use]
    pub fn with_encoding(mut self, foreign: Option<&str>) -> Self {
        if let Some(encoding) = foreign {
            let told = rust_i18n::t!("terminal.encoding", encoding = encoding).into_owned();
            self.model.say(Severity::Warning, told);
        }
        self
    }

    /// The same desk, which shows the first keys to who signs in for the first time.
    #[must_use]
    pub fn greeting(mut self) -> Self {
        self.model.greets = true;
        self
    }

    /// The same desk, which leads through a case.
    #[must_use]
    pub fn on_tour(mut self) -> Self {
        self.model.tour = Some(tour::Tour::default());
        self
    }

    /// The same desk, which listens to the mouse or does not.
    #[must_use]
    pub fn with_mouse(mut self, listens: bool) -> Self {
        self.model.mouse = listens;
        self
    }

    /// All that it knows, to look at.
    pub fn model(&self) -> &Model {
        &self.model
    }
}

impl App for Desk {
    type Msg = Msg;
    type Effect = Effect;

    fn on_input(&self, input: Input) -> Option<Msg> {
        match input {
            Input::Key(chord) => Some(Msg::Key(chord)),
            Input::Paste(text) => Some(Msg::Paste(text)),
            Input::NotUtf8 => Some(Msg::NotUtf8),
            Input::Stop(_) => Some(Msg::Stop),
            Input::Mouse(event) if self.model.mouse => {
                let (hit, gesture) = self.hits.borrow_mut().pointed(&event, &self.model)?;
                Some(Msg::Point(hit, gesture))
            }
            // What lines mean depends on what was asked: `linear` reads them.
            Input::Mouse(_)
            | Input::Resize
            | Input::Redraw
            | Input::Line(_)
            | Input::NoMoreLines
            | Input::Interrupt => None,
        }
    }

    fn on_size(&self, size: Size) -> Option<Msg> {
        Some(Msg::Size(size))
    }

    fn on_wake(&self) -> Msg {
        Msg::Wake
    }

    fn is_seen(&self, msg: &Msg) -> bool {
        // Only what is durable is called saved.
        match msg {
            Msg::Journal(News::Written { .. }) => false,
            Msg::Journal(News::Durable(drafts)) => {
                self.model.not_written
                    || self.model.intake.all().iter().any(|draft| draft.becomes_safe(drafts))
            }
            Msg::Present(case, present) => presence::is_news(&self.model, *case, present),
            Msg::Live(Live::Presence(change)) => presence::is_news(&self.model, change.case, &change.present),
            _ => true,
        }
    }

    fn update(&mut self, msg: Msg, now: Timestamp) -> Vec<Effect> {
        self.model.now = now;
        update::update(&mut self.model, msg)
    }

    fn replaces(effect: &Effect, earlier: &Effect) -> bool {
        effect.replaces(earlier)
    }

    fn is_behind(&self) -> bool {
        self.late.get() != self.model.intake.late()
    }

    fn paint(&self, buf: &mut Buffer) -> Option<Position> {
        self.late.set(self.model.intake.late());
        view::view(&self.model, buf, &mut self.hits.borrow_mut())
    }

    fn wake_at(&self) -> Option<Timestamp> {
        let toast = self.model.toast.as_ref().map(|toast| toast.until);
        if self.model.lock.is_locked {
            return toast;
        }
        let call = self.model.call().and_then(Call::next_second);
        let offline = signs::changes_at(&self.model);
        let lock = self.model.lock.at(self.model.session.is_some());
        let again = self.model.said.map(presence::Said::again_at);
        toast.into_iter().chain(call).chain(offline).chain(lock).chain(again).min()
    }

    fn due(&self) -> Option<(Timestamp, Msg)> {
        self.model.intake.due_at().map(|at| (at, Msg::Due))
    }

    fn finished(&self) -> bool {
        self.model.finished
    }
}

/// Opens the desk on this terminal and runs it until the person leaves.
pub fn run(options: Options) -> anyhow::Result<()> {
    text::set_wide(options.ambiguous_is_wide);
    let mailbox: Mailbox<Msg> = Mailbox::default();
    // The lock of the journal is taken before the terminal is: a second desk is told so in plain text.
    let (journal, desk, first) = begin(&options, &mailbox)?;
    let desk = desk.with_shell(terminal::has_shell());
    let desk = if options.tour { desk.on_tour() } else { desk.greeting() };
    let title = rust_i18n::t!("desk.name").into_owned();
    let modes = terminal::Options { mouse: options.mouse, title, depth: options.look.depth() };
    let (guard, painter, mut ear) =
        terminal::Guard::open(&modes, &mailbox, &options.runtime).context("taking the terminal")?;
    let frames = Frames::new(painter).context("reading the terminal's size")?;
    let clock = options.clock.clone();
    let witness = in_hand::Witness(Arc::clone(&journal));
    let hands = Hands::new(options, Arc::clone(&journal), &mailbox);
    let mut runner = Runner::new(desk, frames, mailbox, hands, clock);
    runner.start(vec![first]);
    let ended = runner.run(|mailbox, limit| ear.wait(mailbox, limit));
    // Whoever waits for a journal that never came waits no longer.
    journal.give_up();
    drop(witness);
    drop(guard);
    if let Some(error) = journal.failure() {
        return Err(error.into());
    }
    ended.map(drop).context("running the desk")
}

/// The journal, a desk that nobody has signed in to, and what it does first.
fn begin(options: &Options, mailbox: &Mailbox<Msg>) -> anyhow::Result<(Arc<Journal>, Desk, Effect)> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("drawing random bytes")?;
    let news = mailbox.clone();
    let journal = Journal::open_or_ask(&options.data, &options.realm, &options.clock, move |told| {
        let can_wait = matches!(told, News::Written { .. });
        let msg = Msg::Journal(told);
        if can_wait { news.leave(msg) } else { news.post(msg) }
    })?;
    let desk = Desk::new(options.look.clone(), options.demo, seed, options.clock.now())
        .with_keys(Arc::clone(&options.keys))
        .with_snippets(Arc::clone(&options.snippets))
        .with_call_clock(options.call_clock)
        .locking_after(options.lock_minutes)
        .with_mouse(options.mouse)
        .with_encoding(surroundings::foreign_encoding().as_deref());
    let (desk, first) = match options.sign_in.clone() {
        Some((name, password)) => (desk.signing_in_by_itself(), Effect::SignIn { name, password }),
        None => (desk, Effect::Setup),
    };
    Ok((Arc::new(journal), desk, first))
}

/// The look that flags, what was chosen last time, settings and the terminal ask for. A theme that is named by flags or
/// settings and cannot be used is an error, in the person's language.
pub fn look(flags: Asked, settings: Asked, shelf: Shelf, state: &Path) -> Result<Look, String> {
    let depth = Depth::from_env(flags.theme.is_some());
    // A console's font has no round corners. What is chosen there is kept as a choice for consoles.
    let borders = settings.borders.or_else(|| surroundings::is_console().then_some(Borders::Plain));
    let settings = Asked { borders, ..settings };
    let kept = KeptLook::read(state);
    let shelved = shelf.clone();
    Look::asked(flags, &kept, settings, shelf, depth).map_err(|error| look::in_words(&error, &shelved))
}
