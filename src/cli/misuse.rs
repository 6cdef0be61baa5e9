//! What the command line is used for wrongly, told in the person's language: clap knows what, this says it.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use rust_i18n::t;

use super::failure::Failure;

/// The failure for what clap refuses.
pub(super) fn told(error: &clap::Error) -> Failure {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let failure = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            Failure::usage("value_needed", t!("cli.misuse.value_needed", argument = argument))
        }
        ErrorKind::InvalidValue => {
            let known = text(error, ContextKind::ValidValue);
            let what = t!("cli.misuse.value", argument = argument, value = value, known = known);
            Failure::usage("bad_value", what)
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            Failure::usage(
                "bad_value",
                t!("cli.misuse.refused", argument = argument, value = value, why = why),
            )
        }
        ErrorKind::UnknownArgument => {
            let near = nearest(error, ContextKind::SuggestedArg);
            if near.is_empty() {
                Failure::usage("unknown_argument", t!("cli.misuse.argument", argument = argument))
            } else {
                Failure::usage(
                    "unknown_argument",
                    t!("cli.misuse.argument_near", argument = argument, near = near),
                )
            }
        }
        ErrorKind::InvalidSubcommand => {
            let command = text(error, ContextKind::InvalidSubcommand);
            let near = nearest(error, ContextKind::SuggestedSubcommand);
            if near.is_empty() {
                Failure::usage("unknown_command", t!("cli.misuse.command", command = command))
            } else {
                Failure::usage(
                    "unknown_command",
                    t!("cli.misuse.command_near", command = command, near = near),
                )
            }
        }
        ErrorKind::ArgumentConflict => {
            let other = text(error, ContextKind::PriorArg);
            Failure::usage(
                "conflict_of_arguments",
                t!("cli.misuse.conflict", argument = argument, other = other),
            )
        }
        ErrorKind::MissingRequiredArgument => {
            Failure::usage("argument_needed", t!("cli.misuse.needed", argument = argument))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::usage("command_needed", t!("cli.misuse.command_needed"))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Failure::usage("bad_value", t!("cli.misuse.count", argument = argument))
        }
        ErrorKind::InvalidUtf8 => Failure::usage("not_text", t!("cli.misuse.not_text")),
        _ => Failure::usage("bad_value", t!("cli.misuse.other")),
    };
    failure.advise(t!("cli.misuse.next", command = command(error)))
}

/// What clap says of one side of the fault.
fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

/// What was meant, most likely: clap puts the nearest last.
fn nearest(error: &clap::Error, kind: ContextKind) -> String {
    text(error, kind).rsplit(", ").next().unwrap_or_default().to_owned()
}

/// The command that was meant, as its usage line begins: `huiyin case new`.
fn command(error: &clap::Error) -> String {
    let usage = text(error, ContextKind::Usage);
    let words = usage.split_whitespace().skip_while(|word| *word != "huiyin");
    let plain =
        |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    let words: Vec<_> = words.take_while(plain).collect();
    if words.is_empty() { "huiyin".to_owned() } else { words.join(" ") }
}
