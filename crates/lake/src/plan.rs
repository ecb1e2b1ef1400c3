//! Which files to merge next, decided from the catalogue alone.
//!
//! Files as they came are gathered and sorted into months first. What one merge writes into a month
//! is a *run*: one file per bucket. A month's runs are merged by size: the smaller ones together
//! with the next larger, as soon as they hold half as many events. So every run is more than twice
//! as large as all smaller ones together; a month of a hundred million events has ten runs at most,
//! a customer is in one file of each, and an event is rewritten a number of times that grows with
//! the logarithm of the month's size.

use std::collections::BTreeMap;

use crate::reader::MERGE_FAN_IN;
use crate::{CompactOptions, Segment, month};

/// Files as they came that may wait; more are merged.
const FRESH_FILES_MAX: usize = 16;
/// Runs of fewer events are merged whatever their sizes: that costs next to nothing.
const SMALL_ROWS: u64 = 10_000;

/// The files that should be merged next; none where the layout is as it should be. `is_eager` does
/// not wait for files as they came to gather.
///
/// The inputs of one merge are replaced by what [`Lake::compact`](crate::Lake::compact) makes of
/// them before this is asked again.
pub fn next_merge(
    segments: &[Segment],
    is_eager: bool,
    options: &CompactOptions,
) -> Option<Vec<Segment>> {
    fresh_group(segments, is_eager, options)
        .or_else(|| runs_by_month(segments).into_values().find_map(mergeable))
}

/// Files as they came, so many that they fit into one merge and one file per month.
fn fresh_group(
    segments: &[Segment],
    is_eager: bool,
    options: &CompactOptions,
) -> Option<Vec<Segment>> {
    let fresh: Vec<&Segment> = segments.iter().filter(|s| s.bucket.is_none()).collect();
    let n_waiting_max = if is_eager { 1 } else { FRESH_FILES_MAX - 1 };
    if fresh.len() <= n_waiting_max {
        return None;
    }
    let mut group = Vec::new();
    let mut rows = 0;
    for segment in fresh.into_iter().take(MERGE_FAN_IN) {
        rows += segment.rows;
        if rows > options.target_rows && !group.is_empty() {
            break;
        }
        group.push(segment.clone());
    }
    Some(group)
}

/// A run: its number of events and its files.
type Run = (u64, Vec<Segment>);

/// The runs of each month, the smallest first.
fn runs_by_month(segments: &[Segment]) -> BTreeMap<i32, Vec<Run>> {
    let mut months: BTreeMap<i32, BTreeMap<&str, Run>> = BTreeMap::new();
    for segment in segments.iter().filter(|s| s.bucket.is_some()) {
        let runs = months.entry(month::of(segment.min_at)).or_default();
        let (rows, files) = runs.entry(segment.file_name()).or_default();
        *rows += segment.rows;
        files.push(segment.clone());
    }
    let by_size = |runs: BTreeMap<&str, Run>| {
        let mut runs: Vec<Run> = runs.into_values().collect();
        runs.sort_by_key(|(rows, _)| *rows);
        runs
    };
    months
        .into_iter()
        .map(|(month, runs)| (month, by_size(runs)))
        .collect()
}

/// The files of the smallest runs up to the largest one that is due.
fn mergeable(runs: Vec<Run>) -> Option<Vec<Segment>> {
    let mut rows_below = 0;
    let mut n_due = 0;
    for (idx, (rows, _)) in runs.iter().enumerate() {
        if idx > 0 && *rows <= (2 * rows_below).max(SMALL_ROWS) {
            n_due = idx + 1;
        }
        rows_below += rows;
    }
    let files = runs.into_iter().take(n_due).flat_map(|(_, files)| files);
    (n_due > 0).then(|| files.collect())
}

#[cfg(test)]
mod tests {
    use rapport_domain::{ContactId, Timestamp};
    use rapport_testing::at;
    use uuid::Uuid;

    use super::*;
    use crate::compact::buckets_by_month;

    /// A catalogue whose files exist on paper only.
    #[derive(Default)]
    struct Paper {
        segments: Vec<Segment>,
        n_names: u64,
        rows_rewritten: u64,
    }

    impl Paper {
        fn name(&mut self) -> String {
            self.n_names += 1;
            format!("{:012}.parquet", self.n_names)
        }

        fn arrive(&mut self, rows: u64, from: Timestamp, to: Timestamp) {
            let path = format!("inbox/{}", self.name());
            self.segments.push(Segment {
                path,
                rows,
                bytes: 0,
                bucket: None,
                n_buckets: None,
                min_at: from,
                max_at: to,
            });
        }

        /// Merges as the lake would, all files being of one month.
        fn merge_all(&mut self, options: &CompactOptions) {
            while let Some(group) = next_merge(&self.segments, false, options) {
                let rows: u64 = group.iter().map(|s| s.rows).sum();
                self.rows_rewritten += rows;
                self.segments.retain(|s| !group.contains(s));
                let month = month::of(group[0].min_at);
                let n_buckets = buckets_by_month(&group, options.target_rows)[&month];
                let name = self.name();
                self.segments.extend((0..n_buckets).map(|bucket| Segment {
                    path: format!("month={}/bucket={bucket:03}/{name}", month::name(month)),
                    rows: rows / u64::from(n_buckets),
                    bucket: Some(bucket),
                    n_buckets: Some(n_buckets),
                    ..group[0].clone()
                }));
            }
        }
    }

    #[test]
    fn five_thousand_arrivals_lead_to_few_files_a_customer_and_each_event_is_rewritten_seldom() {
        let options = CompactOptions::default();
        let mut paper = Paper::default();
        let (from, to) = (at("2025-03-01T00:00:00Z"), at("2025-03-31T00:00:00Z"));

        for _ in 0..5_000 {
            paper.arrive(20_000, from, to);
            paper.merge_all(&options);
        }

        let customer = ContactId(Uuid::from_u128(77));
        let compacted = paper.segments.iter().filter(|s| s.bucket.is_some());
        let n_runs = compacted.clone().filter(|s| s.may_hold(customer)).count();
        let largest = compacted.filter_map(|s| s.n_buckets).max();
        assert!(n_runs <= 10, "{n_runs} files hold one customer");
        assert_eq!(largest, Some(128));
        assert!(paper.segments.iter().all(|s| s.rows <= options.target_rows));
        // 100 million events came; log2 of 5,000 arrivals is 12.3.
        let n_rewrites = paper.rows_rewritten as f64 / 1e8;
        assert!(n_rewrites < 12.3, "{n_rewrites}");
    }

    #[test]
    fn a_large_run_is_left_alone_until_enough_has_come() {
        let run = |name: &str, rows| Segment {
            path: format!("month=2025-03/bucket=000/{name}"),
            rows,
            bytes: 0,
            bucket: Some(0),
            n_buckets: Some(1),
            min_at: at("2025-03-01T00:00:00Z"),
            max_at: at("2025-03-02T00:00:00Z"),
        };
        let options = CompactOptions::default();
        let base = run("a.parquet", 900_000);
        let names = |merge: Option<Vec<Segment>>| merge.map(|files| files.len());

        let early = next_merge(&[base.clone(), run("b.parquet", 400_000)], true, &options);
        let small = next_merge(
            &[base.clone(), run("b.parquet", 10), run("c.parquet", 9_000)],
            true,
            &options,
        );
        let due = next_merge(&[base, run("b.parquet", 450_000)], true, &options);

        assert_eq!(
            (names(early), names(small), names(due)),
            (None, Some(2), Some(2))
        );
    }

    #[test]
    fn one_file_as_it_came_waits_and_two_are_merged_by_the_eager() {
        let options = CompactOptions::default();
        let mut paper = Paper::default();
        let day = at("2025-03-01T00:00:00Z");
        paper.arrive(10, day, day);
        assert_eq!(next_merge(&paper.segments, true, &options), None);

        paper.arrive(10, day, day);

        assert_eq!(next_merge(&paper.segments, false, &options), None);
        let group = next_merge(&paper.segments, true, &options);
        assert_eq!(group.map(|files| files.len()), Some(2));
    }
}
