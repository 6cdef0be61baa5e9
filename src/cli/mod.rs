//! The command line: one subcommand a file, each with its arguments and its `run`.
//!
//! What scripts rely on: exit code 0 for done, 1 for refused with the reason on stderr, 2 for used wrongly;
//! `--json` prints JSON and nothing else on stdout, and a failure as JSON on stderr. Every text for people passes
//! through `SafeText`. What a command and its arguments are is said where they are declared, in both languages.

#[cfg(feature = "server")]
mod backup;
#[cfg(feature = "desk")]
mod case;
#[cfg(all(feature = "desk", feature = "server"))]
mod coming;
mod completions;
mod context;
#[cfg(all(feature = "desk", feature = "server"))]
mod demo;
#[cfg(feature = "desk")]
mod desk;
#[cfg(feature = "desk")]
mod doctor;
#[cfg(all(feature = "desk", feature = "server"))]
mod embedded;
#[cfg(feature = "desk")]
mod export;
mod failure;
#[cfg(feature = "server")]
mod host;
#[cfg(feature = "desk")]
mod import;
mod import_divisions;
#[cfg(feature = "desk")]
mod keys;
mod logging;
mod man;
#[cfg(feature = "server")]
mod migrate;
mod misuse;
mod output;
#[cfg(feature = "desk")]
mod password;
mod profile;
mod progress;
#[cfg(feature = "desk")]
mod reach;
mod reference;
#[cfg(feature = "desk")]
mod resolve;
#[cfg(feature = "server")]
mod restore;
#[cfg(feature = "server")]
mod retention;
#[cfg(all(feature = "desk", feature = "server"))]
mod screen;
#[cfg(feature = "desk")]
mod search;
#[cfg(feature = "server")]
mod serve;
#[cfg(feature = "desk")]
mod sign_in;
mod spoken;
#[cfg(feature = "server")]
pub mod stock;
#[cfg(feature = "desk")]
mod suggest;
mod terminal;
#[cfg(feature = "server")]
mod user;
mod value;
mod version;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{Config, Database, Settings};
#[cfg(all(feature = "desk", feature = "server"))]
use crate::domain::code::Role;
use context::Context;
use failure::Failure;

/// 回音：政府热线的键盘工作台与服务器 / a keyboard call desk for government hotlines, and its server
#[derive(Debug, Parser)]
#[command(name = "huiyin", version, subcommand_precedence_over_arg = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Global {
    /// 所有文件都放在此目录下 / keep configuration, data, state and cache under DIR
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// 服务器地址；不给则使用内置服务器 / the server; without one, the embedded one
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// 只信任此证书机构（PEM） / the only certificate authority to believe, PEM
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// 语言 / the language
    #[arg(long, global = true, value_name = "TAG", value_parser = ["zh-CN", "zh", "en"])]
    language: Option<String>,
    /// 配色：dark、light 等，或自己的 / the theme, built-in or one's own
    #[arg(long, global = true, value_name = "NAME")]
    theme: Option<String>,
    /// 边框：圆角、直角或 ASCII / the characters of borders
    #[arg(long, global = true, value_name = "KIND", value_parser = ["rounded", "plain", "ascii"])]
    borders: Option<String>,
    /// 宽度不定的字符占几列 / how wide the terminal draws ambiguous characters
    #[arg(long, global = true, value_name = "WIDTH", value_parser = ["auto", "narrow", "wide"])]
    ambiguous_width: Option<String>,
    /// 逐行模式：供读屏软件和点显器使用 / line by line, for screen readers and braille lines
    #[arg(long)]
    linear: bool,
    /// 内置数据库文件，或 postgres:// 地址 / the embedded database, or a postgres:// address
    #[arg(long, global = true, value_name = "FILE")]
    database: Option<PathBuf>,
    /// 城市配置目录 / the folder of the city profile
    #[arg(long, global = true, value_name = "DIR")]
    profile: Option<PathBuf>,
    /// 标准输出只有 JSON，出错时标准错误也是 / print JSON and nothing else, errors on stderr too
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 用虚构数据试用工作台，退出即丢弃 / try the desk on invented cases, thrown away at the end
    #[cfg(all(feature = "desk", feature = "server"))]
    Demo(demo::DemoArgs),
    /// 带新手走一遍受理：同样是虚构数据 / lead a new call-taker through one case, on invented data too
    #[cfg(all(feature = "desk", feature = "server"))]
    Tour(demo::DemoArgs),
    /// 画出工作台的画面 / draw a screen of the desk, on invented cases
    #[cfg(all(feature = "desk", feature = "server"))]
    Screen(screen::ScreenArgs),
    /// 查询工单 / find cases
    #[cfg(feature = "desk")]
    Search(search::SearchArgs),
    /// 新建、查看、派发工单 / file, show or dispatch a case
    #[cfg(feature = "desk")]
    Case(case::CaseArgs),
    /// 从表格导入工单 / bring in cases from a table
    #[cfg(feature = "desk")]
    Import(import::ImportArgs),
    /// 把工单导出成表格，来电人只有遮蔽后的 / write cases into a table, with callers masked
    #[cfg(feature = "desk")]
    Export(export::ExportArgs),
    /// 事项和单位的建议：全部重学 / what is suggested: learn it anew
    #[cfg(feature = "desk")]
    Suggest(suggest::SuggestArgs),
    /// 修改自己的密码，草稿的钥匙一并更换 / change one's own password, and the key of one's drafts with it
    #[cfg(feature = "desk")]
    Password(password::PasswordArgs),
    /// 检查这台机器，结果可以粘贴给别人看 / look this machine over, to be pasted for others to read
    #[cfg(feature = "desk")]
    Doctor(doctor::DoctorArgs),
    /// 列出全部按键 / list every key
    #[cfg(feature = "desk")]
    Keys(keys::KeysArgs),
    /// 运行服务器 / run the server
    #[cfg(feature = "server")]
    Serve(serve::ServeArgs),
    /// 管理账号 / manage the accounts of this machine's database
    #[cfg(feature = "server")]
    User(user::UserArgs),
    /// 备份本机的数据库，服务器运行时也可以 / copy this machine's database, while it is served or not
    #[cfg(feature = "server")]
    Backup(backup::BackupArgs),
    /// 用备份替换本机的数据库，须先停掉服务器 / put a backup in the place of this machine's database
    #[cfg(feature = "server")]
    Restore(restore::RestoreArgs),
    /// 把全部数据搬到另一个数据库 / copy everything into another database, SQLite or PostgreSQL
    #[cfg(feature = "server")]
    Migrate(migrate::MigrateArgs),
    /// 到期的数据：按月删除 / what is past its time: drop it by the month
    #[cfg(feature = "server")]
    Retention(retention::RetentionArgs),
    /// 检查城市配置，生成街道 / check a city profile, or make its divisions
    Profile(profile::ProfileArgs),
    /// 输出命令行补全脚本 / print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// 输出手册页 / print the page of the manual
    Man,
    /// 输出参考手册（Markdown） / print a reference, as Markdown
    #[command(hide = true)]
    Reference(reference::ReferenceArgs),
    /// 版本 / the version
    Version,
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    crate::i18n::set(spoken::language(&arguments));
    let json = spoken::wants_json(&arguments);
    // Every text in the person's language is more work than all else before a command begins, so it is done only where
    // they are told.
    let matches = match Cli::command()
        .try_get_matches_from(&arguments)
        .or_else(|_| described().try_get_matches_from(arguments))
    {
        Ok(matches) => matches,
        // Help and version are no mistakes; clap knows which is which.
        Err(error) if !error.use_stderr() => {
            spoken::print(&error);
            return ExitCode::SUCCESS;
        }
        Err(error) => return misuse::told(&error).tell(json),
    };
    let done = match Cli::from_arg_matches(&matches) {
        Ok(cli) => start(cli),
        Err(error) => Err(misuse::told(&error)),
    };
    done.map_or_else(|failure| failure.tell(json), |()| ExitCode::SUCCESS)
}

/// The command line as it is described in the language that is set.
fn described() -> clap::Command {
    spoken::in_language(Cli::command())
}

fn start(cli: Cli) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    match command {
        #[cfg(all(feature = "desk", feature = "server"))]
        Some(Command::Demo(args)) => prepared(global, |context| demo::run(&args, context)),
        #[cfg(all(feature = "desk", feature = "server"))]
        Some(Command::Tour(args)) => {
            prepared(global, |context| demo::open(&args, context, Role::Agent, true))
        }
        #[cfg(all(feature = "desk", feature = "server"))]
        Some(Command::Screen(args)) => prepared(global, |context| screen::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Search(args)) => prepared(global, |context| search::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Case(args)) => prepared(global, |context| case::run(args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Import(args)) => prepared(global, |context| import::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Export(args)) => prepared(global, |context| export::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Suggest(args)) => prepared(global, |context| suggest::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Password(args)) => prepared(global, |context| password::run(&args, context)),
        #[cfg(feature = "desk")]
        Some(Command::Doctor(args)) => doctor::run(&args, global),
        #[cfg(feature = "desk")]
        Some(Command::Keys(args)) => prepared(global, |context| keys::run(&args, context)),
        #[cfg(feature = "server")]
        Some(Command::Serve(args)) => prepared(global, |context| serve::run(&args, context)),
        #[cfg(feature = "server")]
        Some(Command::User(args)) => prepared(global, |context| user::run(args, context)),
        #[cfg(feature = "server")]
        Some(Command::Backup(args)) => prepared(global, |context| backup::run(&args, context)),
        #[cfg(feature = "server")]
        Some(Command::Restore(args)) => prepared(global, |context| restore::run(&args, context)),
        #[cfg(feature = "server")]
        Some(Command::Migrate(args)) => prepared(global, |context| migrate::run(&args, context)),
        #[cfg(feature = "server")]
        Some(Command::Retention(args)) => prepared(global, |context| retention::run(args, context)),
        Some(Command::Profile(args)) => prepared(global, |context| profile::run(args, context.json)),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Man) => man::run(),
        Some(Command::Reference(args)) => reference::run(&args),
        Some(Command::Version) => version::run(global.json),
        #[cfg(feature = "desk")]
        None => prepared(global, desk::run),
        #[cfg(not(feature = "desk"))]
        None => Err(Failure::usage("no_desk", rust_i18n::t!("cli.no_desk"))),
    }
}

/// Runs a command that needs the settings and the log.
fn prepared(global: Global, run: impl FnOnce(&Context) -> Result<(), Failure>) -> Result<(), Failure> {
    let flags = global_settings(&global)?;
    let context = Context::new(Config::load(global.home, flags)?, global.json);
    let _log = logging::start(&context.config.paths)?;
    run(&context)
}

/// The settings among the flags. A path on the command line may be relative: to where the person stands.
fn global_settings(global: &Global) -> Result<Settings, Failure> {
    let mut flags = Settings::default();
    for (key, value) in [
        ("server", &global.server),
        ("language", &global.language),
        ("theme", &global.theme),
        ("borders", &global.borders),
        ("ambiguous_width", &global.ambiguous_width),
    ] {
        if let Some(value) = value {
            flags.set(key, value).map_err(|what| Failure::usage("bad_value", format!("--{key}: {what}")))?;
        }
    }
    flags.linear = global.linear.then_some(true);
    flags.ca = context::absolute(global.ca.as_deref())?;
    flags.database = match global.database.as_deref().and_then(Path::to_str).map(Database::read) {
        Some(Ok(database @ Database::Postgres(_))) => Some(database),
        _ => context::absolute(global.database.as_deref())?.map(Database::File),
    };
    flags.profile = context::absolute(global.profile.as_deref())?;
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        described().debug_assert();
    }
}
