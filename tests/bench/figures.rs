//! The figures of `docs/benchmarks.md`, one at a time or all: `cargo bench --bench figures -- frame`.
//!
//! One program, so that it is linked once. Everything is compared with something measured beside it in the same run:
//! on a machine that others use too, only such ratios can be trusted.

#![expect(clippy::print_stdout, reason = "what is measured is told on stdout")]
#![expect(clippy::cast_precision_loss, reason = "no figure has more than three digits that mean anything")]

mod answers;
mod bare;
#[path = "../cluster/mod.rs"]
#[expect(dead_code, reason = "figures kill and freeze nothing")]
mod cluster;
mod crowd;
mod day;
mod drain;
mod filled;
mod frame;
mod get;
mod growth;
mod home;
mod http;
mod journal;
mod labelled;
mod lean;
mod like;
mod messages;
mod million;
mod moving;
mod order;
mod paste;
mod peers;
mod postgres;
mod processor;
mod pty;
mod put;
mod scene;
mod screen;
mod search;
mod start;
mod suggest;
mod table;
mod typeahead;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    // `cargo bench` adds a flag of its own.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [flag, backend, size] = wanted.as_slice()
        && flag == bare::FLAG
    {
        return bare::run(backend, size);
    }
    if wanted == [order::NAMED] {
        return order::run();
    }
    for name in &wanted {
        if !ALL.iter().any(|(known, _)| known == name) {
            bail!("`{name}` is none of: {}", ALL.map(|(known, _)| known).join(", "));
        }
    }
    for (name, run) in ALL {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            run()?;
        }
    }
    Ok(())
}

/// A figure: its name and what measures it.
type Figure = (&'static str, fn() -> anyhow::Result<()>);

const ALL: [Figure; 17] = [
    ("frame", frame::run),
    ("moving", moving::run),
    ("typeahead", typeahead::run),
    ("paste", paste::run),
    ("start", start::run),
    ("peers", peers::run),
    ("day", day::run),
    ("journal", journal::run),
    ("drain", drain::run),
    ("put", put::run),
    ("get", get::run),
    ("search", search::run),
    ("like", like::run),
    ("million", million::run),
    ("postgres", postgres::run),
    ("growth", growth::run),
    ("suggest", suggest::run),
];
