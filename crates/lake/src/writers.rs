//! Routing: each row of a sorted stream goes to the file of its month and bucket.
//!
//! The stream comes by customer and time, so that every file gets its rows in order, too.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::TimestampMicrosecondType;
use rapport_domain::{ContactId, Timestamp};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use crate::file::{SegmentWriter, Written, bucket_path, inbox_path};
use crate::{Lake, LakeError, bucket_of, month};

/// How rows are divided into files.
#[derive(Debug, Clone)]
pub(crate) enum Layout {
    /// All in one.
    Whole,
    /// By month and bucket, of which each month has so many; one where it is not named.
    Buckets(BTreeMap<i32, u32>),
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
    run: Uuid,
    buffer_bytes: usize,
    open: BTreeMap<Place, SegmentWriter>,
}

impl Writers {
    pub(crate) fn new(lake: Lake, layout: Layout, buffer_bytes: usize) -> Self {
        Self {
            lake,
            layout,
            run: Uuid::now_v7(),
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
        let Layout::Buckets(n_buckets) = &self.layout else {
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
                let (path, bucket) = match &self.layout {
                    Layout::Whole => (inbox_path(), None),
                    Layout::Buckets(n_buckets) => {
                        let (month, bucket) = place;
                        (
                            bucket_path(&month::name(month), bucket, self.run),
                            Some((bucket, buckets_of(n_buckets, month))),
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

fn buckets_of(n_buckets: &BTreeMap<i32, u32>, month: i32) -> u32 {
    n_buckets.get(&month).copied().unwrap_or(1)
}

/// Rows of a batch by month and bucket, in order.
fn places(
    batch: &RecordBatch,
    n_buckets: &BTreeMap<i32, u32>,
) -> Result<BTreeMap<Place, Vec<u32>>, LakeError> {
    let customers = batch["customer_id"].as_string::<i32>();
    let times = batch["occurred_at"].as_primitive::<TimestampMicrosecondType>();
    let mut rows_at: BTreeMap<Place, Vec<u32>> = BTreeMap::new();
    // Rows come by customer and time, so the bucket is computed once per run of equal ids and
    // divisions.
    let mut latest: Option<(&str, u32, u32)> = None;
    for (row, &micros) in (0_u32..).zip(times.values()) {
        let idx = row as usize;
        let month = month::of(Timestamp::from_micros(micros));
        let n_buckets = buckets_of(n_buckets, month);
        let bucket = if n_buckets == 1 || customers.is_null(idx) {
            bucket_of(None, n_buckets)
        } else {
            let text = customers.value(idx);
            match latest {
                Some((customer, n, bucket)) if customer == text && n == n_buckets => bucket,
                _ => {
                    let bucket = bucket_of_text(batch, idx, text, n_buckets)?;
                    latest = Some((text, n_buckets, bucket));
                    bucket
                }
            }
        };
        rows_at.entry((month, bucket)).or_default().push(row);
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
