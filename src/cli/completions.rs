//! `huiyin completions SHELL`: the script by which a shell completes this program's command line.

use clap::Args;
use clap_complete::Shell;

use super::failure::Failure;
use super::output;

/// For which shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// 哪种 shell / the shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::described(), "huiyin", &mut script);
    output::raw(&script)
}
