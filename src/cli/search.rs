//! `huiyin search QUERY`: cases, newest first.

use clap::Args;
use jiff::tz::TimeZone;
use rust_i18n::t;

use super::context::{Context, block_on};
use super::failure::Failure;
use super::reach::Connection;
use super::sign_in::SignInArgs;
use super::{output, resolve, value};
use crate::desk::text::{pad, truncate};
use crate::domain::safe::SafeText;
use crate::i18n::name_of;
use crate::wire::search::{CaseHit, SearchRequest};

/// The longest page the server gives.
const PAGE: u32 = 100;

/// What to find.
#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    /// 查询语句，与工作台相同 / the query, as on the desk
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// 最多多少条 / how many at most
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, value_parser = |text: &str| value::count(text, 100_000))]
    limit: u32,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(args: &SearchArgs, context: &Context) -> Result<(), Failure> {
    block_on(async {
        let connection = Connection::open(context, &args.sign_in).await?;
        let found = find(args, context.json, &connection).await;
        connection.close().await;
        found
    })
}

async fn find(args: &SearchArgs, json: bool, connection: &Connection) -> Result<(), Failure> {
    // A person reads the times of the city; a script reads instants.
    let zone = if json { TimeZone::UTC } else { resolve::zone(&resolve::profile(&connection.client).await?) };
    let mut left = args.limit;
    let mut cursor = None;
    let mut none = true;
    loop {
        let limit = left.min(PAGE);
        let request = SearchRequest {
            query: args.query.join(" "),
            limit: Some(limit),
            cursor: cursor.take(),
            ..SearchRequest::default()
        };
        let page = connection.client.search(&request).await?;
        for hit in &page.cases {
            none = false;
            if json { output::json(hit)? } else { output::say(&line(hit, &zone)) }
        }
        left = left.saturating_sub(u32::try_from(page.cases.len()).unwrap_or(limit));
        cursor = page.next;
        if left == 0 || cursor.is_none() || page.cases.is_empty() {
            break;
        }
    }
    if none && !json {
        output::complain(&t!("cli.search.none"));
    }
    Ok(())
}

fn line(hit: &CaseHit, zone: &TimeZone) -> String {
    let row = &hit.row;
    let title = SafeText::line(&row.title);
    format!(
        "{}  {}  {}  {}",
        row.number.grouped(),
        pad(&name_of("state", row.state.code()), 10),
        crate::i18n::date_time(row.received_at, zone),
        truncate(title.as_str(), 60),
    )
}
