//! `huiyin demo` and `huiyin tour`: the desk on a few thousand invented cases, thrown away at the end.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::context::Context;
use super::desk::{self, Start};
use super::failure::Failure;
use super::host::{city, open_store};
use super::{coming, stock, value};
use crate::config::Paths;
use crate::domain::account::AccountName;
use crate::domain::code::Role;
use crate::domain::secret::Secret;
use crate::i18n::name_of;
use crate::server::{hash_new, random_secret};
use crate::store::{StoreError, accounts};

/// How much is invented.
#[derive(Debug, Clone, Args)]
pub(super) struct DemoArgs {
    /// 虚构工单数 / how many cases to invent
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = |text: &str| value::count(text, 1_000_000))]
    cases: u32,
    /// 随机种子：相同则城市相同 / the seed: the same one invents the same city
    #[arg(long, value_name = "N", default_value_t = 12345)]
    seed: u64,
    /// 逐行模式：供读屏软件和点显器使用 / line by line, for screen readers and braille lines
    #[arg(long)]
    linear: bool,
}

pub(super) fn run(args: &DemoArgs, context: &Context) -> Result<(), Failure> {
    open(args, context, Role::Admin, false)
}

/// Opens the desk of somebody with this role on invented cases; with `tour` they are led through one.
pub(super) fn open(args: &DemoArgs, context: &Context, role: Role, tour: bool) -> Result<(), Failure> {
    let folder = Folder::make()?;
    let mut config = context.config.clone();
    // The person's own themes and keys hold here too.
    config.paths = Paths { config: config.paths.config, ..Paths::under(&folder.0) };
    config.paths.make()?;
    config.database = config.paths.data.join("huiyin.db");
    config.postgres = None;
    config.server = None;
    config.linear |= args.linear;
    let context = Context { config, ..context.clone() };
    let name: AccountName = "demo".parse().map_err(anyhow::Error::from)?;
    let password = random_secret().map_err(anyhow::Error::from)?;
    let start = Start { sign_in: Some((name.clone(), password.clone())), demo: true, tour };
    let args = args.clone();
    let stock = move |context| async move {
        fill(&context, (name, &password), role, args.seed, u64::from(args.cases)).await
    };
    let (server, coming) = coming::bring_up(&context, false, stock)?;
    let done = desk::open(&context, server, super::reach::EMBEDDED.to_owned(), start);
    coming.end(done)
}

/// Makes an account and the cases.
pub(super) async fn fill(
    context: &Context,
    (name, password): (AccountName, &Secret),
    role: Role,
    seed: u64,
    cases: u64,
) -> Result<(), Failure> {
    let city = city(&context.config)?;
    let store = open_store(&context.config)?;
    let hash =
        hash_new(password, &[]).map_err(|_| Failure::refused("internal", name_of("problem", "internal")))?;
    let (account, at) = (name.clone(), context.clock.now());
    store
        .write(move |tx| accounts::create(tx, &account, role, &[], &hash, at))
        .await
        .map_err(|error: StoreError| Failure::from(&error))?;
    let filled = stock::fill(&store, &city, &name, seed, cases, at).await;
    store.close().await;
    filled.map_err(anyhow::Error::from)?;
    Ok(())
}

/// A folder for nobody else, gone when dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn make() -> Result<Self, Failure> {
        let word = random_secret().map_err(anyhow::Error::from)?;
        let path = std::env::temp_dir().join(format!("huiyin-demo-{}", &word.expose()[..16]));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let path: &Path = &self.0;
        let _ = fs::remove_dir_all(path);
    }
}
