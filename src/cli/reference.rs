//! `huiyin reference cli|config`: the references in `docs/`, made from the same tables that the program runs by.

use std::fmt::Write as _;

use clap::{Arg, Args, Command, ValueEnum};
use rust_i18n::t;

use super::failure::Failure;
use super::{output, spoken};
use crate::config::SETTINGS;
use crate::i18n::name_of;

/// Which reference.
#[derive(Debug, Args)]
pub(super) struct ReferenceArgs {
    /// 哪一册 / which one
    #[arg(value_name = "NAME")]
    name: Reference,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reference {
    Cli,
    Config,
}

pub(super) fn run(args: &ReferenceArgs) -> Result<(), Failure> {
    output::raw(
        match args.name {
            Reference::Cli => command_line(),
            Reference::Config => settings(),
        }
        .as_bytes(),
    )
}

/// The commands below `command` that people are shown.
pub(super) fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
}

/// An argument as it is written: its names, and what stands for its value.
pub(super) fn written(argument: &Arg) -> (String, String) {
    let value = argument.get_value_names().unwrap_or_default().join(" ");
    if argument.is_positional() {
        return (String::new(), value);
    }
    let short = argument.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let long = argument.get_long().unwrap_or_default();
    let value = if argument.get_action().takes_values() { format!(" {value}") } else { String::new() };
    (format!("{short}--{long}"), value)
}

/// Each exit code and what it means.
pub(super) fn exit_codes() -> [(&'static str, String); 3] {
    [
        ("0", t!("cli.exit.done").into_owned()),
        ("1", t!("cli.exit.refused").into_owned()),
        ("2", t!("cli.exit.misused").into_owned()),
    ]
}

/// Each variable of the environment that the program reads, and what it means.
pub(super) fn variables() -> Vec<(&'static str, String)> {
    let own = [
        ("HUIYIN_HOME", t!("cli.variable.home")),
        ("HUIYIN_USER", t!("cli.variable.user")),
        ("HUIYIN_PASSWORD_FILE", t!("cli.variable.password_file")),
        ("HUIYIN_LOG", t!("cli.variable.log")),
        ("NO_COLOR", t!("cli.variable.no_color")),
    ];
    let own = own.into_iter().map(|(name, meaning)| (name, meaning.into_owned()));
    own.chain(SETTINGS.iter().map(|setting| (setting.env, name_of("setting", setting.key)))).collect()
}

fn command_line() -> String {
    let program = super::described();
    let mut text = format!("# {}\n\n{}\n", t!("cli.reference.cli"), t!("cli.reference.made"));
    let _ = write!(text, "\n## huiyin\n\n{}\n", t!("cli.reference.desk"));
    options(&mut text, &program);
    every_command(&mut text, &program, "huiyin");
    let _ = write!(text, "\n## {}\n\n{}\n\n", t!("cli.reference.exit"), t!("cli.reference.exit_more"));
    table(&mut text, &exit_codes());
    let _ = write!(text, "\n## {}\n\n", t!("cli.reference.environment"));
    table(&mut text, &variables());
    text
}

fn every_command(text: &mut String, command: &Command, path: &str) {
    for inner in shown(command) {
        let path = format!("{path} {}", inner.get_name());
        let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(text, "\n## {path}\n\n{about}\n");
        if shown(inner).next().is_none() {
            let usage = inner.clone().render_usage().to_string();
            let usage = usage.trim_start_matches("Usage:").trim();
            let _ = write!(text, "\n```text\n{usage}\n```\n");
        }
        options(text, inner);
        let printed = name_of("json", path.trim_start_matches("huiyin ").replace(' ', "_").as_str());
        if printed.contains('{') {
            let _ = write!(text, "\n`--json`{printed}\n");
        }
        every_command(text, inner, &path);
    }
}

/// The options of a command, without those that every command has; at the top, those.
fn options(text: &mut String, command: &Command) {
    let everywhere = command.get_name() == "huiyin";
    let rows: Vec<_> = command
        .get_arguments()
        .filter(|argument| spoken::is_for_every_command(argument) == everywhere && !argument.is_hide_set())
        .map(|argument| {
            let (name, value) = written(argument);
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            (format!("{name}{value}"), help)
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        table(text, &rows);
    }
}

/// Two columns: what is written, and what it means.
fn table(text: &mut String, rows: &[(impl AsRef<str>, String)]) {
    let _ =
        write!(text, "| {} | {} |\n|---|---|\n", t!("cli.reference.written"), t!("cli.reference.meaning"));
    for (written, meaning) in rows {
        let _ = writeln!(text, "| `{}` | {} |", written.as_ref(), meaning.replace('|', "\\|"));
    }
}

fn settings() -> String {
    let mut text = format!("# {}\n\n{}\n", t!("cli.reference.config"), t!("cli.reference.made"));
    let _ = write!(text, "\n{}\n\n", t!("cli.reference.config_more"));
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} | {} | {} |\n|---|---|---|---|---|---|",
        t!("cli.reference.key"),
        t!("cli.reference.kind"),
        t!("cli.reference.default"),
        t!("cli.reference.variable"),
        t!("cli.reference.flag"),
        t!("cli.reference.meaning"),
    );
    let program = super::described();
    for setting in SETTINGS {
        let long = setting.key.replace('_', "-");
        let on =
            |command: &Command| command.get_arguments().any(|argument| argument.get_long() == Some(&long));
        let flag = if on(&program) {
            format!("`--{long}`")
        } else {
            let command = shown(&program).find(|command| on(command));
            command.map(|command| format!("`{} --{long}`", command.get_name())).unwrap_or_default()
        };
        let default =
            if setting.default.is_empty() { String::new() } else { format!("`{}`", setting.default) };
        let (key, env) = (setting.key, setting.env);
        let kind = name_of("setting_kind", setting.kind.code());
        let meaning = name_of("setting", key).replace('|', "\\|");
        let _ = writeln!(text, "| `{key}` | {kind} | {default} | `{env}` | {flag} | {meaning} |");
    }
    let _ = write!(text, "\n{}\n", t!("cli.reference.config_example"));
    text
}
