//! `huiyin keys`: every key of the desk as it is on this machine, with `keys.toml` over the defaults.

use clap::Args;

use super::context::Context;
use super::failure::Failure;
use super::output;
use crate::config::Paths;
use crate::desk::keymap::Keymap;
use crate::desk::text::pad;
use crate::i18n::{current, name_of};

/// How to print them.
#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    /// 输出 Markdown / print Markdown
    #[arg(long)]
    markdown: bool,
}

/// The keys that hold with this folder of the configuration; what is wrong in `keys.toml` is told.
pub(super) fn load(paths: &Paths) -> Result<Keymap, Failure> {
    Keymap::load(&paths.config.join("keys.toml"))
        .map_err(|error| Failure::usage("bad_keys", error.to_string()))
}

pub(super) fn run(args: &KeysArgs, context: &Context) -> Result<(), Failure> {
    let keys = load(&context.config.paths)?;
    if args.markdown {
        return output::raw(keys.markdown(current()).as_bytes());
    }
    let lines = keys.lines(current());
    if context.json {
        return output::json(&lines);
    }
    let mut table = "";
    for line in &lines {
        if line.context != table {
            table = line.context;
            output::say(&format!("[{table}]  {}", name_of("context", table)));
        }
        let (keys, name) = (pad(&line.keys.join(" "), 20), pad(line.name, 18));
        output::say(&format!("  {keys} {name} {}  {}", pad(&line.title, 14), line.help));
    }
    Ok(())
}
