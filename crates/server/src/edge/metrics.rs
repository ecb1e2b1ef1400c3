//! Measurements in Prometheus' text format.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const ARCHIVE_BYTES: &str = "rapport_archive_waiting_bytes";
const ARCHIVE_AGE: &str = "rapport_archive_behind_seconds";
const ARCHIVE_FAILING: &str = "rapport_archive_failing";

/// How often samples are folded into their buckets. The recorder keeps every sample until then, and
/// nobody may ever ask for the page.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Upper bounds of the latency histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The measurements of one server. They belong to its state and not to the process, so that two
/// servers in one process (tests) do not count each other's requests.
#[derive(Clone)]
pub(crate) struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

/// What is read from the records when somebody asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gauges {
    /// Jobs by status.
    pub(crate) jobs: Vec<(&'static str, u64)>,
    /// Acknowledged events that are not in a file of the lake yet.
    pub(crate) inbox_events: u64,
    /// Files of the lake.
    pub(crate) lake_files: u64,
    /// Events in files of the lake.
    pub(crate) lake_events: u64,
    /// Bytes in files of the lake.
    pub(crate) lake_bytes: u64,
    /// How the archive stands, where there is one.
    pub(crate) archive: Option<ArchiveGauges>,
}

/// How the archive stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArchiveGauges {
    /// Bytes that wait to be shipped.
    pub(crate) waiting_bytes: u64,
    /// Age of the first state that is not there yet.
    pub(crate) behind_seconds: u64,
    /// Whether nothing can be shipped at the moment.
    pub(crate) is_failing: bool,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        let metrics = Self {
            recorder: Arc::new(recorder),
            handle,
        };
        metrics.describe();
        metrics
    }

    fn describe(&self) {
        metrics::with_local_recorder(&*self.recorder, || {
            metrics::describe_counter!(REQUESTS, "requests answered, by route, method and status");
            metrics::describe_histogram!(DURATION, "seconds until the answer began, by route");
            metrics::describe_gauge!("rapport_jobs", "jobs, by status");
            metrics::describe_gauge!("rapport_inbox_events", "events not in the lake yet");
            metrics::describe_gauge!("rapport_lake_files", "files of the lake");
            metrics::describe_gauge!("rapport_lake_events", "events in files of the lake");
            metrics::describe_gauge!("rapport_lake_bytes", "bytes in files of the lake");
            metrics::describe_gauge!(ARCHIVE_BYTES, "bytes that wait to go to the archive");
            metrics::describe_gauge!(ARCHIVE_AGE, "seconds that the archive is behind");
            metrics::describe_gauge!(ARCHIVE_FAILING, "1 while nothing can go to the archive");
        });
    }

    /// Counts one answered request.
    pub(crate) fn count_request(&self, method: &str, route: &str, status: u16, elapsed: Duration) {
        metrics::with_local_recorder(&*self.recorder, || {
            let labels = [
                ("method", method.to_owned()),
                ("route", route.to_owned()),
                ("status", status.to_string()),
            ];
            metrics::counter!(REQUESTS, &labels).increment(1);
            metrics::histogram!(DURATION, "route" => route.to_owned()).record(elapsed);
        });
    }

    /// Keeps the samples few; never returns.
    pub(crate) async fn keep_up(self) {
        let mut ticks = tokio::time::interval(UPKEEP_EVERY);
        loop {
            ticks.tick().await;
            self.handle.run_upkeep();
        }
    }

    /// The page that Prometheus reads.
    pub(crate) fn render(&self, gauges: &Gauges) -> String {
        metrics::with_local_recorder(&*self.recorder, || {
            for (status, n_jobs) in &gauges.jobs {
                metrics::gauge!("rapport_jobs", "status" => *status).set(*n_jobs as f64);
            }
            metrics::gauge!("rapport_inbox_events").set(gauges.inbox_events as f64);
            metrics::gauge!("rapport_lake_files").set(gauges.lake_files as f64);
            metrics::gauge!("rapport_lake_events").set(gauges.lake_events as f64);
            metrics::gauge!("rapport_lake_bytes").set(gauges.lake_bytes as f64);
            if let Some(archive) = gauges.archive {
                metrics::gauge!(ARCHIVE_BYTES).set(archive.waiting_bytes as f64);
                metrics::gauge!(ARCHIVE_AGE).set(archive.behind_seconds as f64);
                metrics::gauge!(ARCHIVE_FAILING).set(u8::from(archive.is_failing));
            }
        });
        self.handle.render()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_by_route_method_and_status() {
        let metrics = Metrics::new();

        metrics.count_request("GET", "/api/v1/contacts", 200, Duration::from_millis(7));

        let page = metrics.render(&Gauges {
            jobs: vec![("queued", 2)],
            ..Gauges::default()
        });
        let line = r#"http_requests_total{method="GET",route="/api/v1/contacts",status="200"} 1"#;
        assert!(page.contains(line), "{page}");
        assert!(
            page.contains(r#"rapport_jobs{status="queued"} 2"#),
            "{page}"
        );
        assert!(page.contains(
            r#"http_request_duration_seconds_bucket{route="/api/v1/contacts",le="0.01"} 1"#
        ));
    }

    #[test]
    fn an_archive_that_is_behind_is_told_and_none_is_not() {
        let metrics = Metrics::new();
        assert!(!metrics.render(&Gauges::default()).contains(ARCHIVE_AGE));

        let archive = ArchiveGauges {
            waiting_bytes: 4096,
            behind_seconds: 61,
            is_failing: true,
        };
        let page = metrics.render(&Gauges {
            archive: Some(archive),
            ..Gauges::default()
        });

        assert!(
            page.contains("rapport_archive_waiting_bytes 4096"),
            "{page}"
        );
        assert!(page.contains("rapport_archive_behind_seconds 61"), "{page}");
        assert!(page.contains("rapport_archive_failing 1"), "{page}");
    }
}
