//! The stage: a folder with invented cases, and a desk on it for each scene, with its own copy of the cases.

use std::cell::Cell;
use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use rust_i18n::t;
use tokio::runtime::Runtime;

use super::scene::{Scene, Step};
use crate::cli::context::Context;
use crate::cli::demo::{Folder, fill};
use crate::cli::failure::Failure;
use crate::cli::{desk as desk_command, embedded};
use crate::clock::Clock;
use crate::config::Paths;
use crate::desk::action::Action;
use crate::desk::backend::{Painter, SharedSize};
use crate::desk::effects::Effect;
use crate::desk::frames::Frames;
use crate::desk::hands::Hands;
use crate::desk::input::Input;
use crate::desk::keymap::row_of;
use crate::desk::keys::Chord;
use crate::desk::mailbox::Mailbox;
use crate::desk::model::{Connection, Model};
use crate::desk::msg::Msg;
use crate::desk::picture::Picture;
use crate::desk::run::Runner;
use crate::desk::screens::intake::{FieldId, Safety};
use crate::desk::{Arrival, Desk, Options, Server};
use crate::domain::account::AccountName;
use crate::domain::code::Role;
use crate::domain::secret::Secret;
use crate::journal::Journal;
use crate::server::random_secret;

/// When everything on the pictures happens: a Monday morning.
const NOW: &str = "2026-11-23T10:20:00+08:00";
/// How many cases are invented, by which seed, and who takes the calls.
const CASES: u64 = 3000;
const SEED: u64 = 12_345;
const WHO: &str = "林晓";
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

type Show = Runner<Desk, Painter<io::Sink>, Hands>;

/// A folder with cases in it.
pub(super) struct Stage<'a> {
    context: &'a Context,
    runtime: Runtime,
    clock: Clock,
    folder: Folder,
    who: (AccountName, Secret),
    played: Cell<u32>,
}

impl<'a> Stage<'a> {
    /// Invents the cases.
    pub(super) fn open(context: &'a Context) -> Result<Self, Failure> {
        let now: Timestamp = NOW.parse().map_err(anyhow::Error::from)?;
        let (folder, clock) = (Folder::make()?, Clock::manual(now));
        let runtime = crate::cli::context::runtime()?;
        let stock = at(context, &folder, &clock, "stock")?;
        let name: AccountName = WHO.parse().map_err(anyhow::Error::from)?;
        let password = random_secret().map_err(anyhow::Error::from)?;
        runtime.block_on(fill(&stock, (name.clone(), &password), Role::Agent, SEED, CASES))?;
        Ok(Self { context, runtime, clock, folder, who: (name, password), played: Cell::new(0) })
    }

    /// Plays a scene to its end and looks at the screen.
    pub(super) fn play(&self, scene: &Scene, size: Size) -> Result<Picture, Failure> {
        self.played.set(self.played.get() + 1);
        // A desk has a clock of its own, for it may be moved.
        let context = at(self.context, &self.folder, &self.clock, &self.played.get().to_string())?;
        for entry in fs::read_dir(self.folder.path().join("stock/data"))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), context.config.paths.data.join(entry.file_name()))?;
            }
        }
        let embedded = self.runtime.block_on(embedded::attach(&context))?;
        let look = desk_command::look_by_flags(self.context, scene.theme)?;
        let server = Server::There(Arrival { client: embedded.client().clone(), setup_secret: None });
        let options = Options {
            server,
            data: context.config.paths.state.clone(),
            cache: context.config.paths.cache.clone(),
            themes: context.config.paths.config.join("themes"),
            realm: "screen".to_owned(),
            sign_in: None,
            demo: false,
            tour: false,
            look: look.clone(),
            keys: Arc::default(),
            snippets: Arc::default(),
            clipboard: false,
            mouse: false,
            call_clock: true,
            lock_minutes: 0,
            ambiguous_is_wide: false,
            runtime: self.runtime.handle().clone(),
            clock: self.clock.clone(),
        };
        let mailbox: Mailbox<Msg> = Mailbox::default();
        let news = mailbox.clone();
        let journal = Journal::open(&options.data, &options.realm, &options.clock, move |told| {
            news.post(Msg::Journal(told));
        });
        let journal = Arc::new(journal.map_err(anyhow::Error::from)?);
        let painter = Painter::new(io::sink(), SharedSize::new(size.width, size.height), look.depth());
        let desk = Desk::new(look, false, [7; 32], self.clock.now());
        let desk = if scene.signed_in { desk.signing_in_by_itself() } else { desk };
        let hands = Hands::new(options, journal, &mailbox);
        let mut show = Runner::new(desk, Frames::new(painter)?, mailbox, hands, self.clock.clone());
        show.start(if scene.signed_in {
            let (name, password) = self.who.clone();
            vec![Effect::SignIn { name, password }]
        } else {
            vec![Effect::Setup]
        });
        rest_for_long(&mut show, scene)?;
        for step in scene.steps {
            act(&mut show, scene, step)?;
        }
        rest_for_long(&mut show, scene)?;
        let picture = Picture::of(show.app(), size);
        drop(show);
        self.runtime.block_on(embedded.stop());
        Ok(picture)
    }
}

/// The settings of a run in the folder `name` of the stage: the built-in city, and nothing of the person's own but
/// the look.
fn at(context: &Context, folder: &Folder, clock: &Clock, name: &str) -> Result<Context, Failure> {
    let mut config = context.config.clone();
    config.paths = Paths { config: config.paths.config, ..Paths::under(&folder.path().join(name)) };
    config.paths.make()?;
    config.database = config.paths.data.join("huiyin.db");
    config.postgres = None;
    (config.server, config.profile) = (None, None);
    Ok(Context { config, clock: clock.clone(), ..context.clone() })
}

fn act(show: &mut Show, scene: &Scene, step: &Step) -> Result<(), Failure> {
    match step {
        Step::Do(action) => press(show, scene, key_of(*action)),
        Step::Keys(keys) => keys.split(' ').try_for_each(|key| press(show, scene, key.parse().ok())),
        Step::Type(text) => type_text(show, scene, text),
        Step::Fill(field, text) => {
            for _ in FieldId::ALL {
                if show.app().model().intake.current().form.focus == *field {
                    break;
                }
                press(show, scene, "tab".parse().ok())?;
            }
            type_text(show, scene, text)
        }
    }
}

/// The key of an action that works also where text is typed.
fn key_of(action: Action) -> Option<Chord> {
    row_of(action)?.keys.first()?.parse().ok()
}

fn press(show: &mut Show, scene: &Scene, key: Option<Chord>) -> Result<(), Failure> {
    if let Some(key) = key {
        show.mailbox().input(Input::Key(key));
    }
    rest(show, scene)
}

fn type_text(show: &mut Show, scene: &Scene, text: &str) -> Result<(), Failure> {
    for c in text.chars() {
        let key = if c == ' ' { "space".to_owned() } else { c.to_string() };
        if let Ok(key) = key.parse() {
            show.mailbox().input(Input::Key(key));
        }
    }
    rest(show, scene)
}

/// Until nothing is under way.
fn rest(show: &mut Show, scene: &Scene) -> Result<(), Failure> {
    if show.settle(PATIENCE)? { Ok(()) } else { Err(stuck(scene)) }
}

/// Until what comes by itself has come as well: the city, the live stream, and the word that what is typed is safe.
fn rest_for_long(show: &mut Show, scene: &Scene) -> Result<(), Failure> {
    let ready = |model: &Model| {
        let safe = matches!(model.intake.current().safety, Safety::Empty | Safety::Saved);
        let inside = model.connection == Connection::Online && model.city.is_some();
        safe && (inside || !scene.signed_in)
    };
    let came = show.settle_until(PATIENCE, |show| ready(show.app().model()))?;
    if came { rest(show, scene) } else { Err(stuck(scene)) }
}

fn stuck(scene: &Scene) -> Failure {
    Failure::refused("internal", t!("screen.stuck", name = scene.name))
}
