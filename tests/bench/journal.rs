//! From a keystroke to the journal: handed over, written (a killed process does not lose it), durable (a power cut does
//! not), and a submission; beside what the disk does alone.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use huiyin::clock::Clock;
use huiyin::domain::secret::Secret;
use huiyin::journal::outbox::Item;
use huiyin::journal::{DraftRecord, Journal, News};

use crate::filled::{id, sample};
use crate::home::{NAME, PASSWORD, folder};
use crate::put::{disk, new_case};
use crate::table::{Times, print};

/// Changes of a draft; submissions are a fourth of that.
const CHANGES: usize = 400;
/// Changes that are left alone until the deadline has made them durable.
const LEFT_ALONE: usize = 20;
/// Nothing takes longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let (folder, clock) = (folder()?, Clock::default());
    let (tell, news) = channel();
    let journal = Journal::open(folder.path(), "figures", &clock, move |item| drop(tell.send(item)))?;
    journal.unlock(&NAME.parse()?, &Secret::new(PASSWORD.to_owned()))?;
    let cases: Vec<_> = sample(CHANGES as u64)?.collect();
    let draft = |n: usize| -> anyhow::Result<DraftRecord> {
        let body = serde_json::to_string(&new_case(&cases[n]))?;
        Ok(DraftRecord { id: id(2, &cases[0]), version: n as u64 + 1, updated_at: clock.now(), body })
    };
    let (mut handed, mut written, mut flushed) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..CHANGES {
        let draft = draft(n)?;
        let typed = Instant::now();
        journal.save_draft(draft);
        handed.push(typed.elapsed());
        until(&news, |item| matches!(item, News::Written { .. }))?;
        written.push(typed.elapsed());
        journal.flush()?;
        flushed.push(typed.elapsed());
        while news.try_recv().is_ok() {}
    }
    let mut by_itself = Vec::new();
    for n in 0..LEFT_ALONE {
        let draft = DraftRecord { version: (CHANGES + n) as u64 + 1, ..draft(n)? };
        let typed = Instant::now();
        journal.save_draft(draft);
        until(&news, |item| matches!(item, News::Durable(_)))?;
        by_itself.push(typed.elapsed());
    }
    let mut submitted = Vec::new();
    for case in cases.iter().take(CHANGES / 4) {
        let case_id = id(3, case);
        let item = Item::filing(case_id, &new_case(case), String::new(), &clock)?;
        let pressed = Instant::now();
        journal.submit(item)?;
        submitted.push(pressed.elapsed());
    }
    let (synced, _) = disk(folder.path())?;
    let row = |what: &str, times| vec![what.to_owned(), Times::new(times).cell()];
    let rows = [
        row("handed over, which is all that the loop waits for", handed),
        row("written", written),
        row("durable, asked for at once", flushed),
        row("durable, by the deadline of 500 ms", by_itself),
        row("a case submitted, durable", submitted),
        vec!["4 KiB and `fdatasync`".to_owned(), synced.cell()],
    ];
    print("From a keystroke to the journal", &["", "p50 / p99 ms"], &rows);
    Ok(())
}

fn until(news: &Receiver<News>, wanted: impl Fn(&News) -> bool) -> anyhow::Result<()> {
    loop {
        if wanted(&news.recv_timeout(PATIENCE).context("the journal says nothing")?) {
            return Ok(());
        }
    }
}
