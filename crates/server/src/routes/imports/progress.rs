//! How far an import is, how fast, and how long it will take.

use rapport_domain::Timestamp;
use rapport_store::imports::Import;
use serde::Serialize;
use utoipa::ToSchema;

/// How far an import is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ImportProgress {
    /// Rows read.
    pub(crate) rows_done: u64,
    /// Rows in all, where known; a guess until the end.
    pub(crate) rows_total: Option<u64>,
    /// Speed since the start.
    pub(crate) rows_per_second: Option<f64>,
    /// Time left at that speed.
    pub(crate) seconds_left: Option<f64>,
}

impl ImportProgress {
    /// Progress as of now. Rows in all are guessed from the bytes read so far, which the size of
    /// the file bounds, until they are known.
    pub(super) fn of(import: &Import, now: Timestamp) -> Self {
        let begun = import.started_at;
        let ended = import.finished_at.unwrap_or(now);
        let seconds = begun.map(|begun| (ended.as_micros() - begun.as_micros()) as f64 / 1e6);
        let seconds = seconds.filter(|&seconds| seconds > 0.0);
        let share = (import.bytes > 0)
            .then(|| import.bytes_done as f64 / import.bytes as f64)
            .filter(|&share| share > 0.0 && share <= 1.0);
        let is_running = import.finished_at.is_none();
        Self {
            rows_done: import.rows_done,
            rows_total: import
                .rows_total
                .or_else(|| share.map(|share| (import.rows_done as f64 / share).round() as u64)),
            rows_per_second: seconds.map(|seconds| import.rows_done as f64 / seconds),
            seconds_left: seconds
                .zip(share)
                .filter(|_| is_running)
                .map(|(seconds, share)| seconds / share - seconds),
        }
    }
}
