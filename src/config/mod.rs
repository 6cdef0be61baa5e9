//! Settings: built-in defaults, under `config.toml`, under the environment, under flags.
//!
//! Every setting is one row of [`setting::SETTINGS`]: its key, its environment variable and its type. A file
//! that has a key the table does not know, or a value it cannot read, is refused with file, line and key, and
//! so is a relative path in a file, because nobody can say what it would be relative to.

mod error;
mod file;
mod paths;
mod secret;
mod setting;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::domain::secret::Secret;

pub use error::ConfigError;
pub use paths::Paths;
pub use secret::{read_private_file, read_secret_file, world_readable};
pub use setting::{AmbiguousWidth, Borders, Database, Kind, SETTINGS, Setting, Settings};

/// Where a server listens unless told otherwise; the last digits remind of 12345.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8345);

/// How the desk shall look, as far as somebody says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookSettings {
    /// The theme's name.
    pub theme: Option<String>,
    /// The characters that borders are drawn with.
    pub borders: Option<Borders>,
}

impl LookSettings {
    fn of(settings: &Settings) -> Self {
        Self { theme: settings.theme.clone(), borders: settings.borders }
    }
}

/// What holds for this run of the program.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is kept.
    pub paths: Paths,
    /// The server to speak to; none means the one embedded in this program.
    pub server: Option<String>,
    /// The certificate authority (PEM) that the server's certificate must come from; the system's otherwise.
    pub ca: Option<PathBuf>,
    /// The language asked for, `zh-CN` or `en`; none is Chinese.
    pub language: Option<String>,
    /// The look that the environment and the file ask for; what was chosen at the desk lies over it.
    pub look: LookSettings,
    /// The look that flags ask for, over that again; a theme named so overrules `NO_COLOR`.
    pub look_flags: LookSettings,
    /// How wide the terminal draws characters that are one column here and two there.
    pub ambiguous_width: AmbiguousWidth,
    /// Whether what is copied goes to the clipboard of the terminal too, and so to other programs.
    pub clipboard: bool,
    /// Whether the desk listens to the mouse, if that was asked for.
    pub mouse: Option<bool>,
    /// Whether the desk counts and shows how long a call takes.
    pub call_clock: bool,
    /// Minutes without a key after which the desk is locked; 0 never.
    pub lock_minutes: u32,
    /// Whether the desk speaks line by line instead of drawing.
    pub linear: bool,
    /// The embedded database.
    pub database: PathBuf,
    /// The address of a PostgreSQL database that takes its place, with a password perhaps.
    pub postgres: Option<Secret>,
    /// The addresses of copies of it that only read.
    pub replicas: Vec<Secret>,
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// The folder of the city profile; none is the built-in demonstration city.
    pub profile: Option<PathBuf>,
    /// The server's certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// The server's private key, PEM, readable by its owner only.
    pub tls_key: Option<PathBuf>,
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u32,
    /// Hours after which a session ends, however busy.
    pub session_hours: u32,
}

impl Config {
    /// Reads the file and the environment and lays `flags` over them. `home` (or `HUIYIN_HOME`) puts
    /// configuration, data, state and cache under one folder.
    pub fn load(home: Option<PathBuf>, flags: Settings) -> Result<Self, ConfigError> {
        let env = |name: &str| std::env::var_os(name);
        let home = home.or_else(|| env("HUIYIN_HOME").filter(|value| !value.is_empty()).map(PathBuf::from));
        let paths = match home {
            Some(dir) => Paths::under(&std::path::absolute(dir).map_err(ConfigError::Folder)?),
            None => Paths::of_the_person().ok_or(ConfigError::NoHome)?,
        };
        let from_file = file::read(&paths.config.join("config.toml"))?;
        let from_env = setting::from_env(env)?;
        let (below, look_flags) = (from_env.over(from_file), LookSettings::of(&flags));
        let look = LookSettings::of(&below);
        Ok(Self { look, look_flags, ..Self::of(paths, flags.over(below)) })
    }

    /// Fills what `settings` leave open with the defaults.
    pub fn of(paths: Paths, settings: Settings) -> Self {
        let (database, postgres) = match settings.database.clone() {
            Some(Database::File(file)) => (Some(file), None),
            Some(Database::Postgres(address)) => (None, Some(address)),
            None => (None, None),
        };
        Self {
            look: LookSettings::of(&settings),
            look_flags: LookSettings::default(),
            database: database.unwrap_or_else(|| paths.data.join("huiyin.db")),
            postgres,
            replicas: settings.replicas.unwrap_or_default(),
            paths,
            server: settings.server,
            ca: settings.ca,
            language: settings.language,
            ambiguous_width: settings.ambiguous_width.unwrap_or_default(),
            clipboard: settings.clipboard.unwrap_or(true),
            mouse: settings.mouse,
            call_clock: settings.call_clock.unwrap_or(true),
            lock_minutes: settings.lock_minutes.unwrap_or(5),
            linear: settings.linear.unwrap_or(false),
            listen: settings.listen.unwrap_or(DEFAULT_LISTEN),
            profile: settings.profile,
            tls_cert: settings.tls_cert,
            tls_key: settings.tls_key,
            session_idle_minutes: settings.session_idle_minutes.unwrap_or(30),
            session_hours: settings.session_hours.unwrap_or(12),
        }
    }
}
