//! `huiyin` without a subcommand: the desk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use super::context::Context;
use super::failure::Failure;
use super::reach;
use crate::config::{AmbiguousWidth, Borders, Config, LookSettings, read_secret_file};
use crate::desk::snippets::Snippets;
use crate::desk::widgets::overlay;
use crate::desk::{self, Arrival, Look, Options, Server};
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;
use crate::i18n::name_of;
use crate::journal::JournalError;
use crate::theme::Shelf;

/// Opens the desk on the configured server, or else on the embedded one.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    if let Some(client) = reach::configured(&context.config)? {
        let realm = client.server().to_owned();
        let server = Server::There(Arrival { client, setup_secret: None });
        return open(context, server, realm, Start::default());
    }
    #[cfg(feature = "server")]
    {
        let (server, coming) = super::coming::bring_up(context, true, |_| async { Ok(()) })?;
        let done = open(context, server, reach::EMBEDDED.to_owned(), Start::default());
        coming.end(done)
    }
    #[cfg(not(feature = "server"))]
    Err(Failure::usage("no_server", rust_i18n::t!("cli.no_server")))
}

/// What differs between one start of the desk and another.
#[derive(Default)]
pub(super) struct Start {
    /// Signs in by itself.
    pub(super) sign_in: Option<(AccountName, Secret)>,
    /// Whether the data is invented and thrown away.
    pub(super) demo: bool,
    /// Whether somebody is led through a case.
    pub(super) tour: bool,
}

/// Runs the desk on this terminal until the person leaves.
pub(super) fn open(context: &Context, server: Server, realm: String, start: Start) -> Result<(), Failure> {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let config = &context.config;
    let look = look(&context.config)?;
    let keys = super::keys::load(&config.paths)?;
    let snippets = Snippets::load(&config.paths.config.join("snippets.toml"))
        .map_err(|error| Failure::usage("bad_snippets", error.to_string()))?;
    let Start { sign_in, demo, tour } = start;
    let runtime = runtime()?;
    let options = Options {
        server,
        data: config.paths.state.clone(),
        cache: config.paths.cache.clone(),
        themes: themes_of(config),
        realm,
        sign_in: sign_in.map_or_else(from_environment, |who| Ok(Some(who)))?,
        demo,
        tour,
        look,
        keys: Arc::new(keys),
        snippets: Arc::new(snippets),
        clipboard: config.clipboard,
        mouse: config.mouse.unwrap_or_else(|| !desk::surroundings::holds_esc_for_the_mouse()),
        call_clock: config.call_clock,
        lock_minutes: config.lock_minutes,
        ambiguous_is_wide: ambiguous_is_wide(config),
        runtime: runtime.handle().clone(),
        clock: context.clock.clone(),
    };
    let done = if config.linear {
        desk::linear::run(options, None)
    } else if is_dumb {
        desk::linear::run(options, Some(&rust_i18n::t!("linear.dumb_terminal")))
    } else {
        desk::run(options)
    };
    done.map_err(|error| match error.downcast_ref::<JournalError>() {
        // It was to be opened, and nothing is to be submitted soon.
        Some(journal) if journal.code() == "not_written" => {
            Failure::refused("journal", rust_i18n::t!("journal.no_disk"))
        }
        Some(journal) => Failure::refused("journal", name_of("journal", journal.code())),
        None => Failure::from(error),
    })
}

/// What the desk's requests run on: one thread, for one person asks at a time.
fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_multi_thread().worker_threads(1).thread_name("desk-net").enable_all().build()?)
}

/// The look that settings, flags and the choice of last time ask for.
pub(super) fn look(config: &Config) -> Result<Look, Failure> {
    let (flags, settings) = (asked(&config.look_flags), asked(&config.look));
    desk::look(flags, settings, Shelf::read(&themes_of(config)), &config.paths.state)
        .map_err(|why| Failure::usage("bad_theme", why))
}

/// The look that flags alone ask for, on a terminal that shows all colours: a picture is the same whoever draws it.
#[cfg(feature = "server")]
pub(super) fn look_by_flags(context: &Context, theme: Option<&str>) -> Result<Look, Failure> {
    let mut flags = asked(&context.config.look_flags);
    flags.theme = theme.map(str::to_owned).or(flags.theme);
    Look::of_flags(flags, Shelf::read(&themes_of(&context.config)))
        .map_err(|why| Failure::usage("bad_theme", why))
}

/// Whether the terminal gives characters of ambiguous width two columns: as the settings say, or the environment.
pub(super) fn ambiguous_is_wide(config: &Config) -> bool {
    match config.ambiguous_width {
        AmbiguousWidth::Narrow => false,
        AmbiguousWidth::Wide => true,
        AmbiguousWidth::Auto => desk::surroundings::ambiguous_is_wide(),
    }
}

fn asked(look: &LookSettings) -> desk::Asked {
    let borders = look.borders.map(|borders| match borders {
        Borders::Rounded => overlay::Borders::Rounded,
        Borders::Plain => overlay::Borders::Plain,
        Borders::Ascii => overlay::Borders::Ascii,
    });
    desk::Asked { theme: look.theme.clone(), borders }
}

/// The folder of the person's own themes.
fn themes_of(config: &Config) -> PathBuf {
    config.paths.config.join("themes")
}

/// Who signs in without being asked: `HUIYIN_USER` with `HUIYIN_PASSWORD_FILE`, as for every other command.
fn from_environment() -> Result<Option<(AccountName, Secret)>, Failure> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let (Some(user), Some(file)) = (set("HUIYIN_USER"), set("HUIYIN_PASSWORD_FILE")) else { return Ok(None) };
    let name = user.to_str().and_then(|name| name.parse().ok());
    let name = name.ok_or_else(|| {
        Failure::usage("bad_value", format!("HUIYIN_USER: {}", rust_i18n::t!("cli.value.account")))
    })?;
    Ok(Some((name, read_secret_file(Path::new(&file))?)))
}
