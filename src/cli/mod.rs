//! The command line: one subcommand a file, each with its arguments and its `run`.
//!
//! What scripts rely on: exit code 0 for done, 1 for refused with the reason on stderr, 2 for used wrongly;
//! `--json` prints JSON and nothing else on stdout. Every text for people passes through `SafeText`.

#[cfg(feature = "desk")]
mod case;
#[cfg(all(feature = "desk", feature = "server"))]
mod coming;
mod context;
#[cfg(all(feature = "desk", feature = "server"))]
mod demo;
#[cfg(feature = "desk")]
mod desk;
#[cfg(all(feature = "desk", feature = "server"))]
mod embedded;
mod failure;
#[cfg(feature = "server")]
mod host;
#[cfg(feature = "desk")]
mod import;
mod logging;
mod output;
mod profile;
#[cfg(feature = "desk")]
mod reach;
#[cfg(feature = "desk")]
mod resolve;
#[cfg(feature = "desk")]
mod search;
#[cfg(feature = "server")]
mod serve;
#[cfg(feature = "desk")]
mod sign_in;
#[cfg(feature = "server")]
pub mod stock;
mod terminal;
#[cfg(feature = "server")]
mod user;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Settings};
use crate::i18n::Language;
use context::Context;
use failure::Failure;

/// 回音：政府热线的键盘工作台与服务器 / a keyboard call desk for government hotlines, and its server.
#[derive(Debug, Parser)]
#[command(name = "huiyin", version, about, subcommand_precedence_over_arg = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Global {
    /// 所有文件都放在此目录下 / keep configuration, data, state and cache under DIR (`HUIYIN_HOME`)
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// 服务器地址；不给则使用内置服务器 / the server; without one, the embedded one (`HUIYIN_SERVER`)
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// 只信任此证书机构（PEM）/ the only certificate authority to believe, PEM (`HUIYIN_CA`)
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// 语言：zh-CN 或 en / the language (`HUIYIN_LANGUAGE`)
    #[arg(long, global = true, value_name = "TAG", value_parser = ["zh-CN", "zh", "en"])]
    language: Option<String>,
    /// 内置数据库文件 / the embedded database (`HUIYIN_DATABASE`)
    #[arg(long, global = true, value_name = "FILE")]
    database: Option<PathBuf>,
    /// 城市配置目录 / the folder of the city profile (`HUIYIN_PROFILE`)
    #[arg(long, global = true, value_name = "DIR")]
    profile: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 用虚构数据试用工作台，退出即丢弃 / try the desk on invented cases, thrown away at the end
    #[cfg(all(feature = "desk", feature = "server"))]
    Demo(demo::DemoArgs),
    /// 查询工单 / find cases
    #[cfg(feature = "desk")]
    Search(search::SearchArgs),
    /// 新建、查看、派发工单 / file, show or dispatch a case
    #[cfg(feature = "desk")]
    Case(case::CaseArgs),
    /// 从表格导入工单 / bring in cases from a table
    #[cfg(feature = "desk")]
    Import(import::ImportArgs),
    /// 运行服务器 / run the server
    #[cfg(feature = "server")]
    Serve(serve::ServeArgs),
    /// 管理账号 / manage the accounts of this machine's database
    #[cfg(feature = "server")]
    User(user::UserArgs),
    /// 检查城市配置 / check a city profile
    Profile(profile::ProfileArgs),
    /// 版本 / the version
    Version(version::VersionArgs),
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no mistakes; clap knows which is which.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn start(cli: Cli) -> Result<(), Failure> {
    // Until the settings are read they are complained about in the first language.
    crate::i18n::set(Language::default());
    let Cli { global, command } = cli;
    if let Some(Command::Version(args)) = command {
        return version::run(&args);
    }
    let flags = global_settings(&global)?;
    let config = Config::load(global.home, flags)?;
    if let Some(tag) = &config.language {
        crate::i18n::set(Language::of_tag(tag));
    }
    let context = Context::new(config);
    let _log = logging::start(&context.config.paths)?;
    match command {
        #[cfg(all(feature = "desk", feature = "server"))]
        Some(Command::Demo(args)) => demo::run(&args, &context),
        #[cfg(feature = "desk")]
        Some(Command::Search(args)) => search::run(&args, &context),
        #[cfg(feature = "desk")]
        Some(Command::Case(args)) => case::run(args, &context),
        #[cfg(feature = "desk")]
        Some(Command::Import(args)) => import::run(&args, &context),
        #[cfg(feature = "server")]
        Some(Command::Serve(args)) => serve::run(&args, &context),
        #[cfg(feature = "server")]
        Some(Command::User(args)) => user::run(args, &context),
        Some(Command::Profile(args)) => profile::run(args),
        Some(Command::Version(args)) => version::run(&args),
        #[cfg(feature = "desk")]
        None => desk::run(&context),
        #[cfg(not(feature = "desk"))]
        None => Err(Failure::Usage(rust_i18n::t!("cli.no_desk").into_owned())),
    }
}

/// The settings among the flags. A path on the command line may be relative: to where the person stands.
fn global_settings(global: &Global) -> Result<Settings, Failure> {
    let mut flags = Settings::default();
    for (key, value) in [("server", &global.server), ("language", &global.language)] {
        if let Some(value) = value {
            flags.set(key, value).map_err(|what| Failure::Usage(format!("--{key}: {what}")))?;
        }
    }
    flags.ca = context::absolute(global.ca.as_deref())?;
    flags.database = context::absolute(global.database.as_deref())?;
    flags.profile = context::absolute(global.profile.as_deref())?;
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
