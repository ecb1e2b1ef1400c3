//! Compaction: many files as they came become one file per month and bucket, in bounded memory.
//!
//! All inputs are sorted alike, so one merge yields every event by customer and time; each row goes
//! to the writer of its month and bucket, which therefore gets its rows in order, too. Memory is
//! one batch per input plus the row groups under way, which are flushed when they exceed the limit.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::TimestampMicrosecondType;
use futures::StreamExt;
use rapport_domain::{ContactId, Timestamp};

use crate::file::{SegmentWriter, bucket_path};
use crate::snapshot::{sort_order, view_of};
use crate::{Lake, LakeError, Segment, bucket_of};

/// How files are laid out.
#[derive(Debug, Clone)]
pub struct CompactOptions {
    /// Events that one file should hold at most; a month with more gets more buckets.
    pub target_rows: u64,
    /// Bytes that unfinished row groups may hold.
    pub write_buffer_bytes: usize,
}

impl Default for CompactOptions {
    fn default() -> Self {
        Self {
            target_rows: 1_000_000,
            write_buffer_bytes: 128 * 1024 * 1024,
        }
    }
}

impl Lake {
    /// Merges segments into files per month and bucket and returns these.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction and then calls
    /// [`Lake::remove`]. The number of buckets is the same for all months of one call: the power of
    /// two that keeps the average month's files under `target_rows`.
    ///
    /// # Errors
    /// [`LakeError`] where an input is damaged or an output cannot be written; what was written by
    /// then is an orphan for [`Lake::sweep`].
    pub async fn compact(
        &self,
        segments: &[Segment],
        options: &CompactOptions,
    ) -> Result<Vec<Segment>, LakeError> {
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        // One partition per file keeps every partition sorted, so that the plan merges and never sorts.
        let context = self.session(segments.len())?;
        let merged = view_of(self, &context, segments, &[])?.sort(sort_order())?;
        let mut stream = merged.execute_stream().await?;
        let mut writers = Writers::new(self, n_buckets(segments, options.target_rows));
        while let Some(batch) = stream.next().await {
            writers.write(&batch?)?;
            writers.flush_above(options.write_buffer_bytes)?;
        }
        writers.finish().await
    }
}

/// The power of two that keeps the files of an average month under `target_rows`.
fn n_buckets(segments: &[Segment], target_rows: u64) -> u32 {
    let rows: u64 = segments.iter().map(|segment| segment.rows).sum();
    let first = segments.iter().map(|segment| segment.min_at).min();
    let last = segments.iter().map(|segment| segment.max_at).max();
    let days = match (first, last) {
        (Some(first), Some(last)) => {
            (last.as_micros() - first.as_micros()) / Timestamp::MICROS_PER_DAY
        }
        _ => 0,
    };
    let n_months = u64::try_from(days / 30).unwrap_or(0) + 1;
    let needed = (rows / n_months)
        .div_ceil(target_rows.max(1))
        .clamp(1, 1024);
    u32::try_from(needed.next_power_of_two()).expect("at most 1,024")
}

struct Writers<'a> {
    lake: &'a Lake,
    n_buckets: u32,
    open: BTreeMap<(i32, u32), SegmentWriter>,
}

impl<'a> Writers<'a> {
    fn new(lake: &'a Lake, n_buckets: u32) -> Self {
        Self {
            lake,
            n_buckets,
            open: BTreeMap::new(),
        }
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        for ((month, bucket), rows) in self.targets(batch)? {
            let part = take_record_batch(batch, &UInt32Array::from(rows))?;
            let n_buckets = self.n_buckets;
            let writer = match self.open.entry((month, bucket)) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    let path = bucket_path(&month_name(month), bucket);
                    entry.insert(SegmentWriter::create(
                        &self.lake.location,
                        &path,
                        Some((bucket, n_buckets)),
                    )?)
                }
            };
            writer.write(&part)?;
        }
        Ok(())
    }

    /// Rows of a batch by month and bucket, in order.
    fn targets(&self, batch: &RecordBatch) -> Result<BTreeMap<(i32, u32), Vec<u32>>, LakeError> {
        let customers = batch["customer_id"].as_string::<i32>();
        let times = batch["occurred_at"].as_primitive::<TimestampMicrosecondType>();
        let mut targets: BTreeMap<(i32, u32), Vec<u32>> = BTreeMap::new();
        // Rows come by customer, so the bucket is computed once per run of equal ids.
        let mut run: Option<(&str, u32)> = None;
        for (row, &micros) in (0_u32..).zip(times.values()) {
            let idx = row as usize;
            let bucket = if customers.is_null(idx) {
                bucket_of(None, self.n_buckets)
            } else {
                let text = customers.value(idx);
                match run {
                    Some((customer, bucket)) if customer == text => bucket,
                    _ => {
                        let id: ContactId = text.parse().map_err(|_| LakeError::BadRow {
                            event_id: batch["event_id"].as_string::<i32>().value(idx).to_owned(),
                            column: "customer_id",
                        })?;
                        let bucket = bucket_of(Some(id.as_uuid().as_bytes()), self.n_buckets);
                        run = Some((text, bucket));
                        bucket
                    }
                }
            };
            targets
                .entry((month_of(micros), bucket))
                .or_default()
                .push(row);
        }
        Ok(targets)
    }

    fn flush_above(&mut self, limit: usize) -> Result<(), LakeError> {
        let held: usize = self.open.values().map(SegmentWriter::memory_bytes).sum();
        if held > limit {
            let largest = self
                .open
                .values_mut()
                .max_by_key(|writer| writer.memory_bytes());
            if let Some(writer) = largest {
                writer.flush()?;
            }
        }
        Ok(())
    }

    async fn finish(self) -> Result<Vec<Segment>, LakeError> {
        let mut segments = Vec::with_capacity(self.open.len());
        for writer in self.open.into_values() {
            segments.push(writer.finish(self.lake).await?);
        }
        Ok(segments)
    }
}

/// Months since year 0.
fn month_of(micros: i64) -> i32 {
    use chrono::Datelike;

    let date = Timestamp::from_micros(micros).date().0;
    date.year() * 12 + date.month0() as i32
}

fn month_name(month: i32) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_by_year_and_number() {
        let at: Timestamp = "2025-12-31T23:59:59Z".parse().unwrap();

        assert_eq!(month_name(month_of(at.as_micros())), "2025-12");
        assert_eq!(
            month_name(month_of(at.plus_seconds(1).as_micros())),
            "2026-01"
        );
    }

    #[test]
    fn a_crowded_month_gets_more_buckets() {
        let segment = |rows| Segment {
            path: String::new(),
            rows,
            bytes: 0,
            bucket: None,
            n_buckets: None,
            min_at: Timestamp::from_millis(0),
            max_at: Timestamp::from_millis(0),
        };

        assert_eq!(n_buckets(&[segment(999)], 1000), 1);
        assert_eq!(n_buckets(&[segment(2500), segment(600)], 1000), 4);
    }
}
