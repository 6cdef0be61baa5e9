//! Durations put in order, and the tables that are printed.

use std::time::Duration;

/// What was measured, in order.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Puts them in order.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub(crate) fn all(self) -> Vec<Duration> {
        self.0
    }

    /// The time that `percent` of them do not exceed.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get((self.0.len() * percent / 100).min(last)).copied().unwrap_or_default()
    }

    /// `p50 / p99` in milliseconds.
    pub(crate) fn cell(&self) -> String {
        format!("{} / {}", ms(self.at(50)), ms(self.at(99)))
    }
}

/// Milliseconds, to three figures.
pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        ..1.0 => format!("{ms:.3}"),
        ..10.0 => format!("{ms:.2}"),
        _ => format!("{ms:.1}"),
    }
}

/// A figure and whether it keeps what was promised.
pub(crate) fn mark(figure: f64, at_most: f64) -> String {
    format!("{figure:.2} {}", if figure <= at_most { "✓" } else { "✗" })
}

/// How many times as long.
pub(crate) fn ratio(time: Duration, beside: Duration) -> f64 {
    time.as_secs_f64() / beside.as_secs_f64().max(f64::EPSILON)
}

/// The middle one.
pub(crate) fn median(mut of: Vec<f64>) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

/// Prints a table as Markdown, so that it can be put into `docs/benchmarks.md` as it is.
pub(crate) fn print(title: &str, heads: &[&str], rows: &[Vec<String>]) {
    println!("\n{title}\n");
    println!("| {} |", heads.join(" | "));
    println!("|---{}|", "|--:".repeat(heads.len() - 1));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}

/// Says what is going on.
pub(crate) fn say(what: &str) {
    println!("{what}");
}
