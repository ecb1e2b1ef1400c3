//! Routing: each row of a sorted stream goes to the file of its month and bucket.
//!
//! The stream comes by customer and time, so that every file gets its rows in order, too.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::TimestampMicrosecondType;
use chrono::Datelike;
use rapport_domain::{ContactId, Timestamp};
use tokio::sync::mpsc::Receiver;

use crate::file::{SegmentWriter, Written, bucket_path, inbox_path};
use crate::{Lake, LakeError, bucket_of};

/// How rows are divided into files.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Layout {
    /// All in one.
    Whole,
    /// By month and bucket, of which there are so many.
    Buckets(u32),
}

/// What comes to the thread that writes. Without an end the work was given up.
pub(crate) enum Message {
    /// The next rows.
    Rows(RecordBatch),
    /// There are no more.
    End,
}

/// Month (since year 0) and bucket.
type Place = (i32, u32);

/// The files under way. Dropped before the end, they leave nothing behind.
pub(crate) struct Writers {
    lake: Lake,
    layout: Layout,
    buffer_bytes: usize,
    open: BTreeMap<Place, SegmentWriter>,
}

impl Writers {
    pub(crate) fn new(lake: Lake, layout: Layout, buffer_bytes: usize) -> Self {
        Self {
            lake,
            layout,
            buffer_bytes,
            open: BTreeMap::new(),
        }
    }

    /// Writes all that comes and finishes the files; blocks. Nothing is written where no end comes.
    pub(crate) fn write_all(
        mut self,
        mut messages: Receiver<Message>,
    ) -> Result<Vec<Written>, LakeError> {
        loop {
            match messages.blocking_recv() {
                Some(Message::Rows(batch)) => {
                    self.write(&batch)?;
                    self.flush_above_limit()?;
                }
                Some(Message::End) => break,
                None => return Ok(Vec::new()),
            }
        }
        self.open.into_values().map(SegmentWriter::finish).collect()
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let Layout::Buckets(n_buckets) = self.layout else {
            return self.writer_at((0, 0))?.write(batch);
        };
        for (place, rows) in places(batch, n_buckets)? {
            let part = take_record_batch(batch, &UInt32Array::from(rows))?;
            self.writer_at(place)?.write(&part)?;
        }
        Ok(())
    }

    fn writer_at(&mut self, place: Place) -> Result<&mut SegmentWriter, LakeError> {
        match self.open.entry(place) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let (path, bucket) = match self.layout {
                    Layout::Whole => (inbox_path(), None),
                    Layout::Buckets(n_buckets) => {
                        let (month, bucket) = place;
                        (
                            bucket_path(&month_name(month), bucket),
                            Some((bucket, n_buckets)),
                        )
                    }
                };
                Ok(entry.insert(SegmentWriter::create(&self.lake, path, bucket)?))
            }
        }
    }

    /// Ends the largest row group under way when all together hold too much.
    fn flush_above_limit(&mut self) -> Result<(), LakeError> {
        let held: usize = self.open.values().map(SegmentWriter::memory_bytes).sum();
        if held <= self.buffer_bytes {
            return Ok(());
        }
        let largest = self
            .open
            .values_mut()
            .max_by_key(|writer| writer.memory_bytes());
        largest.map_or(Ok(()), SegmentWriter::flush)
    }
}

/// Rows of a batch by month and bucket, in order.
fn places(batch: &RecordBatch, n_buckets: u32) -> Result<BTreeMap<Place, Vec<u32>>, LakeError> {
    let customers = batch["customer_id"].as_string::<i32>();
    let times = batch["occurred_at"].as_primitive::<TimestampMicrosecondType>();
    let mut rows_at: BTreeMap<Place, Vec<u32>> = BTreeMap::new();
    // Rows come by customer, so the bucket is computed once per run of equal ids.
    let mut run: Option<(&str, u32)> = None;
    for (row, &micros) in (0_u32..).zip(times.values()) {
        let idx = row as usize;
        let bucket = if customers.is_null(idx) {
            bucket_of(None, n_buckets)
        } else {
            let text = customers.value(idx);
            match run {
                Some((customer, bucket)) if customer == text => bucket,
                _ => {
                    let bucket = bucket_of_text(batch, idx, text, n_buckets)?;
                    run = Some((text, bucket));
                    bucket
                }
            }
        };
        let place = (month_of(micros), bucket);
        rows_at.entry(place).or_default().push(row);
    }
    Ok(rows_at)
}

fn bucket_of_text(
    batch: &RecordBatch,
    row: usize,
    customer: &str,
    n_buckets: u32,
) -> Result<u32, LakeError> {
    let id: ContactId = customer.parse().map_err(|_| LakeError::BadRow {
        event_id: batch["event_id"].as_string::<i32>().value(row).to_owned(),
        column: "customer_id",
    })?;
    Ok(bucket_of(Some(id.as_uuid().as_bytes()), n_buckets))
}

fn month_of(micros: i64) -> i32 {
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
}
