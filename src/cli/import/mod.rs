//! `huiyin import FILE`: cases from a table, a row a case.
//!
//! A reader thread turns the file into rows, the mapping turns each into a case, and a few batches are under way at
//! once. A case's id is made from what the row says, so the same row is the same case however often it is brought;
//! nothing remembers how far an import came, for nothing needs to.

mod columns;
mod dates;
mod decode;
mod file;
mod mapping;
mod read_csv;
mod read_jsonl;
mod read_xlsx;
mod report;
mod row;
mod send;

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;
use rust_i18n::t;
use serde::Serialize;

use super::context::{Context, absolute, block_on};
use super::failure::Failure;
use super::reach::Connection;
use super::sign_in::SignInArgs;
use super::{output, resolve};
use columns::Rule;
use file::Line;
use mapping::Mapping;
use report::Report;
use row::{Item, Maker};

/// Rows shown by a dry run.
const SHOWN: usize = 5;
/// Rows that may wait between the reader and the network.
const QUEUE: usize = 1024;

/// What to bring in, and how.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// 表格文件 / the file: .csv, .xlsx or .jsonl
    file: PathBuf,
    /// 列对应关系，可多次：字段=列名、字段={列}…{列} 或 字段=代码 / what a field is made of, repeatable:
    /// field=Column, field={Column}: {Column}, or field=code
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// 只看对应关系与前几行，不导入 / show the mapping and the first rows, import nothing
    #[arg(long)]
    dry_run: bool,
    /// 时间所在时区；不给则为城市时区 / the zone of the times in the file, the city's if absent
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// 未收行的报告（CSV） / write the refused rows, with number and reason, to FILE as CSV
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignInArgs,
}

/// How an import ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
struct Totals {
    accepted: u64,
    repeated: u64,
    refused: u64,
}

pub(super) fn run(args: &ImportArgs, context: &Context) -> Result<(), Failure> {
    // Everything that can be wrong with the call is found before anybody signs in.
    let rules = args.map.iter().map(|text| Rule::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let path = absolute(Some(&args.file))?.unwrap_or_default();
    let format = file::Format::of(&path)?;
    let zone = match &args.zone {
        Some(name) => Some(
            TimeZone::get(name)
                .map_err(|_| Failure::usage("import_zone", t!("cli.import.zone", name = name)))?,
        ),
        None => None,
    };
    std::fs::File::open(&path).map_err(|error| Failure::file(&path, &error))?;
    let report = Report::new(absolute(args.report.as_deref())?.as_deref())?;
    block_on(async {
        let connection = Connection::open(context, &args.sign_in).await?;
        let job = Job { path, format, rules, zone, report, dry_run: args.dry_run, json: context.json };
        let done = job.run(&connection).await;
        connection.close().await;
        let totals = done?;
        if context.json && !args.dry_run {
            output::json(&totals)?;
        }
        let nothing = totals.accepted == 0 && totals.repeated == 0 && totals.refused > 0;
        if nothing { Err(Failure::Told) } else { Ok(()) }
    })
}

struct Job {
    path: PathBuf,
    format: file::Format,
    rules: Vec<Rule>,
    zone: Option<TimeZone>,
    report: Report,
    dry_run: bool,
    json: bool,
}

impl Job {
    async fn run(mut self, connection: &Connection) -> Result<Totals, Failure> {
        let profile = resolve::profile(&connection.client).await?;
        let zone = match self.zone.take() {
            Some(zone) => zone,
            None => resolve::zone(&profile),
        };
        let shown_zone = zone.clone();
        let (send, mut items) = tokio::sync::mpsc::channel(QUEUE);
        let (path, format, rules) = (self.path.clone(), self.format, std::mem::take(&mut self.rules));
        // Parsing is work for a processor, not for a thread that answers.
        let reader = tokio::task::spawn_blocking(move || {
            let mut maker = None;
            file::read(&path, format, &mut |line| {
                let item = match line {
                    Line::Header { columns, rows } => {
                        let mapping = Mapping::new(&columns, &rules)?;
                        let shown = mapping.told(&columns);
                        maker = Some(Maker::new(mapping, zone.clone(), &profile));
                        Item::Start { mapping: shown, rows }
                    }
                    Line::Row { number, cells } => match &maker {
                        Some(maker) => maker.make(number, &cells),
                        None => return Ok(()),
                    },
                    Line::Bad { number, fault } => Item::Refused { number, fault },
                };
                // Nobody listens any more: the import has failed elsewhere, and says so there.
                send.blocking_send(item).map_err(|_| Failure::Told)
            })
        });
        let totals = if self.dry_run {
            show(&mut items, &shown_zone, self.json).await
        } else {
            send::all(&connection.client, &mut items, &mut self.report, !self.json).await
        };
        drop(items);
        let read = reader.await.map_err(|_| Failure::refused("import_stopped", t!("cli.import.stopped")))?;
        // What went wrong while sending is the reason; that the reader then stopped is not.
        let totals = totals?;
        match read {
            Err(Failure::Told) if self.dry_run => {}
            other => other?,
        }
        self.report.finish()?;
        if !self.json && !self.dry_run {
            let Totals { accepted, repeated, refused } = totals;
            output::say(&t!("cli.import.done", accepted = accepted, repeated = repeated, refused = refused));
        }
        Ok(totals)
    }
}

/// Shows the mapping and the first rows.
async fn show(
    items: &mut tokio::sync::mpsc::Receiver<Item>,
    zone: &TimeZone,
    json: bool,
) -> Result<Totals, Failure> {
    let (mut told_mapping, mut told_rows) = (Vec::new(), Vec::new());
    let mut left = SHOWN;
    while left > 0
        && let Some(item) = items.recv().await
    {
        match item {
            Item::Start { mapping, .. } if json => told_mapping = mapping,
            Item::Start { mapping, .. } => mapping.iter().for_each(|line| output::say(line)),
            Item::Refused { number, fault } => {
                if json {
                    told_rows.push(serde_json::json!({ "row": number, "refused": fault.to_string() }));
                } else {
                    output::say(&format!("{number}: {fault}"));
                }
                left -= 1;
            }
            Item::Case { number, case, .. } => {
                let (at, title) = (case.received_at, &case.intake.title);
                if json {
                    told_rows.push(serde_json::json!({ "row": number, "received_at": at, "title": title }));
                } else {
                    output::say(&format!("{number}: {}  {title}", crate::i18n::date_time(at, zone)));
                }
                left -= 1;
            }
        }
    }
    if json {
        output::json(&serde_json::json!({ "mapping": told_mapping, "rows": told_rows }))?;
    }
    Ok(Totals::default())
}
