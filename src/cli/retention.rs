//! `huiyin retention drop`: a month of intake goes for good, with everything that is known of its cases.

use clap::{Args, Subcommand};
use rust_i18n::t;

use super::context::Context;
use super::failure::Failure;
use super::host::city;
use super::{output, terminal, value};
use crate::profile::Profile;
use crate::store::Store;
use crate::store::retention::{Held, KeptError};

/// What to do with what is old.
#[derive(Debug, Args)]
pub(super) struct RetentionArgs {
    #[command(subcommand)]
    command: RetentionCommand,
}

#[derive(Debug, Subcommand)]
enum RetentionCommand {
    /// 永久删除一个月收到的工单和经过，没有办结的不删 / drop the cases received in a month, and their events, for good
    Drop {
        /// 月份，如 202401（按 UTC） / the month, such as 202401, in UTC
        #[arg(value_name = "MONTH", value_parser = value::month)]
        month: String,
        /// 不再询问 / do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(args: RetentionArgs, context: &Context) -> Result<(), Failure> {
    let RetentionCommand::Drop { month, yes } = args.command;
    let Some(address) = &context.config.postgres else {
        return Err(Failure::usage("retention_engine", t!("cli.retention.engine")));
    };
    let (address, at, city) = (address.expose(), context.clock.now(), city(&context.config)?);
    let held = Store::month_at(address, &month, at).map_err(|why| told(&why, &month))?;
    if !yes {
        let what = sentence("cli.retention.goes", &month, &held, &city);
        let answer = if terminal::is_manned() {
            output::complain(&what);
            terminal::ask(&t!("cli.retention.ask", month = month))?
        } else {
            String::new()
        };
        if answer != month {
            return Err(Failure::refused("retention_unconfirmed", what));
        }
    }
    let held = Store::drop_month(address, &month, at).map_err(|why| told(&why, &month))?;
    if context.json {
        return output::json(&serde_json::json!({
            "dropped": month, "from": held.from, "until": held.until, "cases": held.cases, "events": held.events,
        }));
    }
    output::say(&sentence("cli.retention.gone", &month, &held, &city));
    Ok(())
}

/// What a month holds, with its ends as they are written in the city.
fn sentence(key: &str, month: &str, held: &Held, city: &Profile) -> String {
    let zone = &city.calendar().time_zone;
    let [from, until] =
        [held.from, held.until].map(|at| at.to_zoned_datetime(zone.clone()).strftime("%F %H:%M").to_string());
    let (cases, events) = (held.cases, held.events);
    t!(key, month = month, cases = cases, events = events, from = from, until = until).into_owned()
}

fn told(why: &KeptError, month: &str) -> Failure {
    match why {
        KeptError::Unknown => {
            Failure::refused("retention_unknown", t!("cli.retention.unknown", month = month))
        }
        KeptError::Recent => Failure::refused("retention_recent", t!("cli.retention.recent", month = month)),
        KeptError::Unfinished(cases) => {
            Failure::refused("retention_unfinished", t!("cli.retention.unfinished", month = month, n = cases))
        }
        KeptError::Store(error) => Failure::from(error),
    }
}
