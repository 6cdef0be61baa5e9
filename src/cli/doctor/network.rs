//! The server: whether it answers, in which version, and how far its clock is from ours.

use jiff::tz::TimeZone;
use rust_i18n::t;

use super::report::{Report, Verdict};
use crate::cli::failure::Failure;
use crate::cli::reach;
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Config;

/// Clocks that differ by more than this are worth a look, in seconds.
const APART: i64 = 30;

pub(super) async fn look(report: &mut Report, config: &Config, clock: &Clock) {
    let zone = TimeZone::system();
    let now = clock.now().to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    report.ok("zone", format!("{} {now}", zone.iana_name().unwrap_or("-")));
    match reach::configured(config) {
        Ok(Some(client)) => ask(report, &client, clock).await,
        Ok(None) => embedded(report, config, clock).await,
        Err(failure) => refused(report, failure),
    }
}

fn refused(report: &mut Report, failure: Failure) {
    let (what, next) = failure.into_words();
    report.add("server", Verdict::Bad, what, next);
}

async fn ask(report: &mut Report, client: &Client, clock: &Clock) {
    let address = client.server().to_owned();
    let begun = clock.now();
    let facts = match client.server_facts().await {
        Ok(facts) => facts,
        Err(error) => {
            let (what, next) = Failure::from(error).into_words();
            return report.add("server", Verdict::Bad, format!("{address}: {what}"), next);
        }
    };
    let took = clock.now().as_millisecond() - begun.as_millisecond();
    let what = t!("doctor.server", address = address, version = facts.version, ms = took).into_owned();
    if facts.version == env!("CARGO_PKG_VERSION") {
        report.ok("server", what);
    } else {
        report.add("server", Verdict::Look, what, t!("doctor.versions"));
    }
    if let Some(theirs) = facts.clock {
        let apart = theirs.as_second() - (begun.as_millisecond() + took / 2) / 1000;
        let what = t!("doctor.apart", n = apart).into_owned();
        if apart.abs() > APART {
            report.add("clock", Verdict::Look, what, t!("doctor.apart_next"));
        } else {
            report.ok("clock", what);
        }
    }
}

/// The server of whoever has the database open, if somebody has.
async fn embedded(report: &mut Report, config: &Config, clock: &Clock) {
    #[cfg(feature = "server")]
    if let Some(note) = crate::cli::host::read_note(&config.database)
        && let Ok(client) = Client::new(&note.url, None)
        && client.server_facts().await.is_ok()
    {
        return ask(report, &client, clock).await;
    }
    let _ = (config, clock);
    report.ok("server", t!("doctor.embedded"));
}
