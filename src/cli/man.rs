//! `huiyin man`: the page of the manual, with every command on it.

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use rust_i18n::t;

use super::failure::Failure;
use super::{output, reference};

pub(super) fn run() -> Result<(), Failure> {
    output::raw(&page()?)
}

fn page() -> Result<Vec<u8>, Failure> {
    let program = super::described();
    let mut page = Vec::new();
    let man = Man::new(program.clone()).title("HUIYIN").section("1").manual("Huiyin");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    let mut roff = Roff::new();
    roff.control("SH", [t!("cli.help.everywhere").trim_end_matches(['：', ':'])]);
    arguments(&mut roff, &program);
    roff.control("SH", [t!("cli.help.commands").trim_end_matches(['：', ':'])]);
    commands(&mut roff, &program, "huiyin");
    roff.control("SH", [&*t!("cli.reference.exit")]);
    for (code, meaning) in reference::exit_codes() {
        roff.control("TP", []).text([bold(code)]).text([roman(meaning)]);
    }
    roff.control("SH", [&*t!("cli.reference.environment")]);
    for (name, meaning) in reference::variables() {
        roff.control("TP", []).text([bold(name)]).text([roman(meaning)]);
    }
    roff.to_writer(&mut page)?;
    Ok(page)
}

fn commands(roff: &mut Roff, command: &Command, path: &str) {
    for inner in reference::shown(command) {
        let path = format!("{path} {}", inner.get_name());
        let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
        roff.control("SS", [path.as_str()]).text([roman(about)]);
        arguments(roff, inner);
        commands(roff, inner, &path);
    }
}

fn arguments(roff: &mut Roff, command: &Command) {
    let everywhere = command.get_name() == "huiyin";
    let own = |argument: &&Arg| super::spoken::is_for_every_command(argument) == everywhere;
    for argument in command.get_arguments().filter(own) {
        let (name, value) = reference::written(argument);
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        roff.control("TP", []).text([bold(name), italic(value)]).text([roman(help)]);
    }
}
