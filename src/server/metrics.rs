//! What the server counts, as `/metrics` shows it (Prometheus text). Labels are bounded: a route's template, never
//! what somebody put into it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::store::Target;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The counters of one server.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(String, &'static str, u16), u64>>,
    latencies: Mutex<BTreeMap<String, Latency>>,
    listeners: Gauge,
    connections: Gauge,
}

#[derive(Debug, Default)]
struct Latency {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// A number that goes up and down; it is down again when what [`Gauge::up`] gave is dropped.
#[derive(Debug, Default, Clone)]
pub(crate) struct Gauge(Arc<AtomicI64>);

/// One of those that a [`Gauge`] counts.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

impl Gauge {
    /// One more, as long as what it returns lives.
    pub(crate) fn up(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(self.clone())
    }

    /// How many there are.
    pub(crate) fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// The clients of the live stream.
    pub(crate) const fn listeners(&self) -> &Gauge {
        &self.listeners
    }

    /// The open connections.
    pub(crate) const fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// Counts one answered request of the route with this template.
    pub(crate) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            *requests.entry((route.to_owned(), method, status)).or_default() += 1;
        }
        let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        let latency = latencies.entry(route.to_owned()).or_default();
        latency.count += 1;
        latency.seconds += seconds;
        for (bucket, upper) in latency.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= upper);
        }
    }

    /// All of it as text; `queued` is how many writes wait for the store, `shed` how many readings it turned away.
    pub(crate) fn text(&self, queued: usize, shed: u64) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, queued, shed);
        text
    }

    fn write(&self, out: &mut String, queued: usize, shed: u64) -> std::fmt::Result {
        writeln!(out, "# TYPE huiyin_http_requests_total counter")?;
        for ((route, method, status), count) in
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter()
        {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            writeln!(out, "huiyin_http_requests_total{{{labels}}} {count}")?;
        }
        writeln!(out, "# TYPE huiyin_http_request_duration_seconds histogram")?;
        for (route, latency) in self.latencies.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let name = "huiyin_http_request_duration_seconds";
            for (count, upper) in latency.buckets.iter().zip(BUCKETS) {
                writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{upper}\"}} {count}")?;
            }
            writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", latency.count)?;
            writeln!(out, "{name}_sum{{route=\"{route}\"}} {}", latency.seconds)?;
            writeln!(out, "{name}_count{{route=\"{route}\"}} {}", latency.count)?;
        }
        for (name, value) in [
            ("huiyin_store_queue", i64::try_from(queued).unwrap_or(i64::MAX)),
            ("huiyin_event_listeners", self.listeners.now()),
            ("huiyin_connections", self.connections.now()),
        ] {
            writeln!(out, "# TYPE {name} gauge\n{name} {value}")?;
        }
        writeln!(out, "# TYPE huiyin_store_shed_total counter\nhuiyin_store_shed_total {shed}")?;
        Ok(())
    }
}

/// Where lists are read, as text; nothing where there is but one place for it.
pub(crate) fn targets(targets: &[Target]) -> String {
    type Figure = fn(&Target) -> String;
    let mut text = String::new();
    let figures: [(&str, &str, Figure); 4] = [
        ("huiyin_list_reads_total", "counter", |target| target.reads.to_string()),
        ("huiyin_replica_behind_total", "counter", |target| target.behind.to_string()),
        ("huiyin_replica_left_out_total", "counter", |target| target.left_out.to_string()),
        ("huiyin_replica_lag_seconds", "gauge", |target| format!("{:.3}", target.lag.as_secs_f64())),
    ];
    for (name, kind, figure) in figures.iter().filter(|_| !targets.is_empty()) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# TYPE {name} {kind}");
        for target in targets {
            let _ = writeln!(text, "{name}{{target=\"{}\"}} {}", target.name, figure(target));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_route_and_status() {
        let metrics = Metrics::default();
        let listening = metrics.listeners().up();
        metrics.answered("/v1/cases/{id}", "GET", 200, Duration::from_millis(3));
        metrics.answered("/v1/cases/{id}", "GET", 200, Duration::from_secs(9));
        metrics.answered("/v1/cases/{id}", "GET", 404, Duration::from_micros(80));
        let text = metrics.text(4, 9);
        for line in [
            r#"huiyin_http_requests_total{route="/v1/cases/{id}",method="GET",status="200"} 2"#,
            r#"huiyin_http_requests_total{route="/v1/cases/{id}",method="GET",status="404"} 1"#,
            r#"huiyin_http_request_duration_seconds_bucket{route="/v1/cases/{id}",le="0.001"} 1"#,
            r#"huiyin_http_request_duration_seconds_bucket{route="/v1/cases/{id}",le="0.005"} 2"#,
            r#"huiyin_http_request_duration_seconds_bucket{route="/v1/cases/{id}",le="+Inf"} 3"#,
            "huiyin_store_queue 4",
            "huiyin_store_shed_total 9",
            "huiyin_event_listeners 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}\n{text}");
        }
        drop(listening);
        assert_eq!(metrics.listeners().now(), 0);
    }
}
