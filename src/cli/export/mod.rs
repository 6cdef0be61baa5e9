//! `huiyin export QUERY`: cases into a table, newest first, page by page, so that a hundred thousand of them take no
//! more memory than a hundred.
//!
//! Who called is masked, as it is in every list: callers are revealed one by one, on the desk, and each look is
//! recorded; there is no route for many, and this command makes no way round that. Confidential cases are left out.

mod cell;
mod columns;
mod guard;
mod sheet;
mod target;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::pin::pin;

use clap::{Args, ValueEnum};
use futures_util::{StreamExt as _, stream};
use rust_i18n::t;

use super::context::{Context, absolute, block_on};
use super::failure::Failure;
use super::progress::Progress;
use super::reach::Connection;
use super::sign_in::SignInArgs;
use super::{output, resolve, value};
use crate::client::{Client, ClientError, NextStep, equal_jitter, full_jitter};
use crate::wire::problem::ProblemCode;
use crate::wire::search::{CaseHit, SearchRequest};
use columns::{Column, Names, Row};
use sheet::Sheet;
use target::Target;

/// Cases a page; the most the server gives.
const PAGE: u32 = 100;
/// Whole cases that are fetched at once.
const FLIGHTS: usize = 8;
/// How often a request is sent before the export gives up: some minutes.
const ATTEMPTS: u32 = 10;

/// What to write, and where.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// 查询语句，与工作台相同；不给则全部 / the query, as on the desk; without one, everything
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// 写入此文件，写完才出现；不给则写到标准输出 / write to FILE, which appears once it is whole; else to stdout
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
    /// 格式；不给则看文件名，再不然是 csv / the format; by the name of the file if absent, else csv
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// CSV 以字节顺序标记开头，Excel 才认得是 UTF-8 / begin CSV with a byte order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// 只要这些列，逗号分隔 / only these columns, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// 最多多少件 / how many at most
    #[arg(long, short = 'n', value_name = "N", value_parser = |text: &str| value::count(text, 100_000_000))]
    limit: Option<u32>,
    #[command(flatten)]
    sign_in: SignInArgs,
}

/// What the table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Csv,
    Jsonl,
    Xlsx,
}

/// How an export ended.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
struct Totals {
    exported: u64,
    left_out: u64,
}

pub(super) fn run(args: &ExportArgs, context: &Context) -> Result<(), Failure> {
    // Everything that can be wrong with the call is found before anybody signs in.
    let columns = columns::chosen(&args.columns)?;
    let path = absolute(args.output.as_deref())?;
    let format = format(args, context.json)?;
    let target = Target::open(path.as_deref())?;
    let totals = block_on(async {
        // From the first moment on: a signal that nobody hears would leave half a file.
        let mut end = pin!(asked_to_end());
        let cancelled = || Failure::refused("export_cancelled", t!("cli.export.cancelled"));
        let connection = tokio::select! {
            connection = Connection::open(context, &args.sign_in) => connection?,
            () = &mut end => return Err(cancelled()),
        };
        let done = tokio::select! {
            done = write(args, &columns, format, target, &connection.client) => done,
            () = end => Err(cancelled()),
        };
        connection.close().await;
        done
    })?;
    if path.is_some() {
        if context.json {
            return output::json(&totals);
        }
        output::say(&t!("cli.export.done", n = totals.exported));
    }
    if totals.left_out > 0 && !context.json {
        output::advise(&t!("cli.export.left_out", n = totals.left_out));
    }
    Ok(())
}

fn format(args: &ExportArgs, json: bool) -> Result<Format, Failure> {
    let Some(path) = &args.output else {
        return match args.format {
            Some(Format::Xlsx) => Err(Failure::usage("export_output", t!("cli.export.output"))),
            Some(Format::Csv) if json => Err(Failure::usage("export_json", t!("cli.export.json"))),
            None if json => Ok(Format::Jsonl),
            format => Ok(format.unwrap_or(Format::Csv)),
        };
    };
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    Ok(args.format.unwrap_or(match ending.as_str() {
        "xlsx" => Format::Xlsx,
        "jsonl" | "ndjson" => Format::Jsonl,
        _ => Format::Csv,
    }))
}

async fn write(
    args: &ExportArgs,
    columns: &[&'static Column],
    format: Format,
    target: Target,
    client: &Client,
) -> Result<Totals, Failure> {
    let profile = resolve::profile(client).await?;
    let names = Names::of(&profile);
    let whole = columns.iter().any(|column| column.whole);
    let mut sheet = Sheet::begin(format, args.bom, columns, &target, resolve::zone(&profile))?;
    let progress = Progress::new(target.is_file() || !io::stdout().is_terminal());
    progress.expect(args.limit.map(u64::from));
    let mut totals = Totals::default();
    let most = args.limit.map_or(u64::MAX, u64::from);
    let mut cursor = None;
    loop {
        let request = SearchRequest {
            query: args.query.join(" "),
            limit: Some(PAGE),
            cursor: cursor.take(),
            ..SearchRequest::default()
        };
        let page = patiently(|| client.search(&request)).await?;
        let (open, confidential): (Vec<_>, Vec<_>) =
            page.cases.into_iter().partition(|hit| !hit.row.confidential);
        totals.left_out += confidential.len() as u64;
        let rows = stream::iter(open).map(|hit| fetch(client, hit, whole)).buffered(FLIGHTS);
        let mut rows = pin!(rows);
        while totals.exported < most
            && let Some(row) = rows.next().await
        {
            let Some(row) = row? else {
                totals.left_out += 1;
                continue;
            };
            sheet.row(columns.iter().map(|column| (column.value)(&row, &names)))?;
            totals.exported += 1;
            progress.done(1);
        }
        cursor = page.next;
        if cursor.is_none() || totals.exported >= most {
            break;
        }
    }
    drop(progress);
    let cut = sheet.finish(&target)?;
    if cut > 0 {
        output::advise(&t!("cli.export.cut", n = cut));
    }
    target.keep()?;
    Ok(totals)
}

/// The case of a line, whole if a column wants that. None if it has gone out of this person's sight meanwhile.
async fn fetch(client: &Client, hit: CaseHit, whole: bool) -> Result<Option<Row>, Failure> {
    if !whole {
        return Ok(Some(Row { row: hit.row, case: None }));
    }
    let id = hit.row.id;
    match patiently(|| client.case(id)).await {
        Ok(case) if case.row.confidential => Ok(None),
        Ok(case) => Ok(Some(Row { row: case.row.clone(), case: Some(Box::new(case)) })),
        Err(error) if error.is(ProblemCode::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Asks again while the server is busy or away.
async fn patiently<T, F>(ask: impl Fn() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, ClientError>>,
{
    let mut attempt = 0;
    loop {
        attempt += 1;
        let error = match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let wait = match error.next_step() {
            NextStep::Retry if attempt < ATTEMPTS => full_jitter(attempt),
            NextStep::RetryAfter(asked) if attempt < ATTEMPTS => equal_jitter(asked),
            _ => return Err(error),
        };
        tokio::time::sleep(wait).await;
    }
}

/// Waits for Ctrl-C or a request to end.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
