//! The language of help, usage and complaints, before anything else is known.
//!
//! What a command and its arguments mean is said where they are declared, in both languages: `中文 / English`. The
//! half of the person's language is shown. The defaults, the choices and the variable of the environment are added
//! from the declaration itself, so that they cannot differ from it.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Arg, Command};
use rust_i18n::t;

use crate::config::{Config, SETTINGS, Settings};
use crate::i18n::{Language, current};

/// The language of this run: `--language`, else what the environment and the file say, else the first one.
pub(super) fn language(arguments: &[OsString]) -> Language {
    let tag = value_of(arguments, "--language").and_then(|tag| tag.into_string().ok()).or_else(|| {
        let home = value_of(arguments, "--home").map(PathBuf::from);
        Config::load(home, Settings::default()).ok()?.language
    });
    tag.map_or_else(Language::default, |tag| Language::of_tag(&tag))
}

/// Whether failures are to be told as JSON: `--json` stands before any `--`.
pub(super) fn wants_json(arguments: &[OsString]) -> bool {
    arguments.iter().skip(1).take_while(|argument| *argument != "--").any(|argument| argument == "--json")
}

/// What is given to an option, as `--option value` or `--option=value`.
fn value_of(arguments: &[OsString], option: &str) -> Option<OsString> {
    let mut arguments = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == option {
            return arguments.next().cloned();
        }
        if let Some(value) = argument.to_str().and_then(|text| text.strip_prefix(option)?.strip_prefix('=')) {
            return Some(value.into());
        }
    }
    None
}

/// Prints the help or the version that clap answers with. Whatever it says by itself and lets nobody translate is put
/// into the person's language here.
pub(super) fn print(answer: &clap::Error) {
    let styled = answer.render();
    let has_colours = std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
        && std::env::var_os("TERM").is_some_and(|term| term != "dumb");
    let text = if has_colours { styled.ansi().to_string() } else { styled.to_string() };
    // Nobody is left to hear that standard output failed.
    let _ = std::io::stdout().write_all(translated(text).as_bytes());
}

/// The headings get the colon of the language, and the usage line its words.
fn translated(mut help: String) -> String {
    let headings = [
        t!("cli.help.everywhere"),
        t!("cli.help.commands"),
        t!("cli.help.arguments"),
        t!("cli.help.options"),
    ];
    for heading in headings {
        help = help.replace(&format!("{heading}:"), &t!("cli.help.heading", name = heading));
    }
    help.replace("[OPTIONS]", &t!("cli.help.any_options")).replace("COMMAND", &t!("cli.help.any_command"))
}

/// The command with every help text in the language that is set.
pub(super) fn in_language(mut command: Command) -> Command {
    command.build();
    every_part(command, 0)
}

fn every_part(command: Command, depth: usize) -> Command {
    let about = match command.get_name() {
        "help" if depth > 0 => t!("cli.help.help").into_owned(),
        _ => half(command.get_about()),
    };
    let template =
        format!("{{about-with-newline}}\n{}{{usage}}\n\n{{all-args}}{{after-help}}", t!("cli.help.usage"));
    command
        .about(about)
        .help_template(template)
        .subcommand_help_heading(t!("cli.help.commands").into_owned())
        .mut_args(|argument| {
            let heading = if argument.is_positional() {
                t!("cli.help.arguments")
            } else if is_for_every_command(&argument) {
                t!("cli.help.everywhere")
            } else {
                t!("cli.help.options")
            };
            let help = meaning(&argument);
            // The options of signing in are handed down and would stand between a command's own.
            let argument = if argument.is_global_set() { argument.display_order(900) } else { argument };
            argument
                .help(help)
                .long_help(None::<&str>)
                .help_heading(heading.into_owned())
                .hide_default_value(true)
                .hide_possible_values(true)
                .hide_env(true)
        })
        .mut_subcommands(|command| every_part(command, depth + 1))
}

/// Whether an option is the same on every command.
pub(super) fn is_for_every_command(argument: &Arg) -> bool {
    argument.is_global_set() && !matches!(argument.get_id().as_str(), "user" | "password_file")
        || matches!(argument.get_id().as_str(), "help" | "version")
}

/// The help of an argument, with what its declaration says beside it.
fn meaning(argument: &Arg) -> String {
    let mut meaning = match argument.get_id().as_str() {
        "help" => t!("cli.help.flag").into_owned(),
        "version" => t!("cli.help.version").into_owned(),
        "subcommand" => t!("cli.help.subcommand").into_owned(),
        _ => half(argument.get_help()),
    };
    let mut say = |what: std::borrow::Cow<'_, str>| meaning.push_str(&what);
    if argument.get_action().takes_values() {
        let choices: Vec<_> = argument
            .get_possible_values()
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| value.get_name().to_owned())
            .collect();
        if !choices.is_empty() {
            say(t!("cli.help.choices", choices = choices.join(", ")));
        }
        let defaults: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if defaults.iter().any(|value| !value.is_empty()) {
            say(t!("cli.help.default", value = defaults.join(", ")));
        }
    }
    if let Some(variable) = variable(argument) {
        say(t!("cli.help.variable", name = variable));
    }
    meaning
}

/// The variable of the environment that stands for an option.
pub(super) fn variable(argument: &Arg) -> Option<String> {
    if let Some(name) = argument.get_env() {
        return Some(name.to_string_lossy().into_owned());
    }
    match argument.get_long()? {
        "home" => Some("HUIYIN_HOME".to_owned()),
        long => {
            let key = long.replace('-', "_");
            SETTINGS.iter().find(|setting| setting.key == key).map(|setting| setting.env.to_owned())
        }
    }
}

/// The half of `中文 / English` in the language that is set; the whole where there is one half only.
fn half(text: Option<&StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    match (text.split_once(" / "), current()) {
        (Some((chinese, _)), Language::Zh) => chinese.to_owned(),
        (Some((_, english)), Language::En) => english.to_owned(),
        (None, _) => text,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every command and argument that this program declares: where, and what it says of itself.
    fn texts(command: &Command, path: &str, into: &mut Vec<(String, String)>) {
        let path = format!("{path} {}", command.get_name());
        into.push((path.clone(), command.get_about().map(ToString::to_string).unwrap_or_default()));
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            into.push((format!("{path} {}", argument.get_id()), help));
        }
        command.get_subcommands().for_each(|inner| texts(inner, &path, into));
    }

    #[test]
    fn every_command_and_argument_says_what_it_is_in_both_languages() {
        let mut all = Vec::new();
        texts(&super::super::Cli::command(), "", &mut all);
        assert!(all.len() > 50);
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for (place, text) in all {
            let (chinese, english) = text.split_once(" / ").unwrap_or_default();
            assert!(chinese.chars().any(is_han), "{place}: {text}");
            assert!(!english.is_empty() && !english.chars().any(is_han), "{place}: {text}");
        }
    }

    #[test]
    fn what_an_option_is_given_is_found_in_both_forms() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(value_of(&words("huiyin --language en search"), "--language"), Some("en".into()));
        assert_eq!(value_of(&words("huiyin search --language=en"), "--language"), Some("en".into()));
        assert_eq!(value_of(&words("huiyin search -- --language en"), "--language"), None);
        assert!(
            wants_json(&words("huiyin search x --json")) && !wants_json(&words("huiyin search -- --json"))
        );
    }
}
