//! A paste of 3,000 characters into the text of a case, over a pseudo-terminal: how long until its end is shown.

use std::time::Duration;

use crate::frame::to_the_text;
use crate::home::Home;
use crate::screen::Size;
use crate::start::sign_in;
use crate::table::{Times, ms, print};

const PASTES: usize = 12;
const SIZES: [Size; 3] = [(80, 24), (120, 36), (200, 60)];
/// What it may take at the 99th percentile, in milliseconds.
const AT_MOST: f64 = 20.0;
/// Another draft for each paste.
const ANOTHER: &str = "\x0e";

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for size in SIZES {
        let home = Home::new(None)?;
        let mut desk = sign_in(&home, size)?;
        desk.rest(Duration::from_millis(500))?;
        let (mut times, mut bytes) = (Vec::new(), 0);
        for n in 0..PASTES {
            desk.send(ANOTHER)?;
            to_the_text(&mut desk)?;
            desk.rest(Duration::from_millis(300))?;
            // The end of each is another, and a new line shows it on a row of its own.
            let end =
                format!("第{}次粘贴到此为止", char::from_u32(0x4e00 + u32::try_from(n)?).unwrap_or('零'));
            let text: String = (0..2990).filter_map(|n| char::from_u32(0x5000 + n % 2000)).collect();
            desk.paste(&format!("{text}\n{end}"))?;
            times.push(desk.wait(&end)?);
            bytes += desk.rest(Duration::from_millis(300))?;
        }
        let times = Times::new(times);
        let kept = if times.at(99).as_secs_f64() * 1000.0 <= AT_MOST { "✓" } else { "✗" };
        rows.push(vec![
            format!("{}×{}", size.0, size.1),
            times.cell(),
            format!("{} {kept}", ms(times.at(99))),
            (bytes / PASTES).to_string(),
        ]);
    }
    let heads =
        ["", "from the last byte to its end shown: p50 / p99 ms", "at most 20 ms", "bytes sent after it"];
    print("A paste of 3,000 Chinese characters into the text of a case", &heads, &rows);
    Ok(())
}
