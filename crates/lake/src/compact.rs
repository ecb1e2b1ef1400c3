//! Compaction: many files as they came become one file per month and bucket, in bounded memory.
//!
//! All inputs are sorted alike, so one merge yields every event by customer and time. At most 32
//! files are merged at once; where there are more, they are merged into fewer first. Memory is thus
//! bounded whatever the number of events: per input the compressed row group being read (131,072
//! rows, 2 to 4 MiB) and two batches of 2,048 rows, plus the row groups being written
//! (`write_buffer_bytes`, 128 MiB by default). That is under 320 MiB.

use std::collections::BTreeMap;

use datafusion::logical_expr::Expr;
use futures::StreamExt;
use tokio::sync::mpsc::{Sender, channel};

use crate::reader::{MERGE_FAN_IN, sort_order, view_of};
use crate::writers::{Layout, Message, Writers};
use crate::{BatchStream, Lake, LakeError, Segment, blocking, month};

/// Most buckets that a month is divided into.
const MAX_BUCKETS: u64 = 1024;

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

/// What becomes of events while their files are merged.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rewrite<'a> {
    /// They stay as they are.
    Nothing,
    /// Only those that meet a condition stay.
    Only(&'a Expr),
    /// Their customers become what an expression says.
    Customers(&'a Expr),
}

impl Lake {
    /// Merges segments into files per month and bucket and returns these.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction and calls
    /// [`Lake::remove`] once no reader has them any more. Each month gets as many buckets as keep its
    /// files under `target_rows`, a power of two. Dropping the future gives the work up.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where an input is missing or damaged, [`LakeError::Io`] where an
    /// output cannot be written; what was finished by then is an orphan for [`Lake::sweep`].
    pub async fn compact(
        &self,
        segments: &[Segment],
        options: &CompactOptions,
    ) -> Result<Vec<Segment>, LakeError> {
        self.merge(segments, options, Rewrite::Nothing).await
    }

    /// As [`Lake::compact`], with what is to become of the events on the way.
    pub(crate) async fn merge(
        &self,
        segments: &[Segment],
        options: &CompactOptions,
        change: Rewrite<'_>,
    ) -> Result<Vec<Segment>, LakeError> {
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        let layout = Layout::Buckets(buckets_by_month(segments, options.target_rows));
        let mut inputs = segments.to_vec();
        let mut intermediate = Vec::new();
        while inputs.len() > MERGE_FAN_IN {
            let mut merged = Vec::new();
            for group in inputs.chunks(MERGE_FAN_IN) {
                let whole = Layout::Whole;
                merged.extend(self.rewrite(group, whole, options, change).await?);
            }
            self.remove(&intermediate).await?;
            intermediate.clone_from(&merged);
            inputs = merged;
        }
        let compacted = self.rewrite(&inputs, layout, options, change).await?;
        self.remove(&intermediate).await?;
        Ok(compacted)
    }

    /// Merges a few files into new ones. Reading and writing run side by side.
    async fn rewrite(
        &self,
        inputs: &[Segment],
        layout: Layout,
        options: &CompactOptions,
        change: Rewrite<'_>,
    ) -> Result<Vec<Segment>, LakeError> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let context = self.merge_session(inputs.len());
        let mut events = view_of(self, &context, inputs, &[])?;
        match change {
            Rewrite::Nothing => {}
            Rewrite::Only(condition) => events = events.filter(condition.clone())?,
            Rewrite::Customers(customer) => {
                events = events.with_column("customer_id", customer.clone())?;
            }
        }
        let merged = events.sort(sort_order())?;
        let stream = self.stream(inputs, merged).await?;
        let (sender, receiver) = channel(2);
        let writers = Writers::new(self.clone(), layout, options.write_buffer_bytes);
        let (read, written) = futures::join!(
            forward(stream, sender),
            blocking(move || writers.write_all(receiver))
        );
        read?;
        let mut segments = Vec::new();
        for file in written? {
            segments.push(file.publish(self).await?);
        }
        Ok(segments)
    }
}

/// Hands all batches on, then the end. Stops early where the receiver has gone, which tells why.
async fn forward(mut batches: BatchStream, sender: Sender<Message>) -> Result<(), LakeError> {
    while let Some(batch) = batches.next().await {
        if sender.send(Message::Rows(batch?)).await.is_err() {
            return Ok(());
        }
    }
    // A receiver that has gone has failed and says so itself.
    let _ = sender.send(Message::End).await;
    Ok(())
}

/// Buckets of each month: the power of two that keeps its files under `target_rows`. The rows of a
/// month are known exactly where each file is of one month; of a file as it came each month is
/// taken to have an equal part.
pub(crate) fn buckets_by_month(segments: &[Segment], target_rows: u64) -> BTreeMap<i32, u32> {
    let mut rows_of: BTreeMap<i32, u64> = BTreeMap::new();
    for segment in segments {
        let months = month::of(segment.min_at)..=month::of(segment.max_at);
        let n_months = u64::try_from(months.clone().count()).unwrap_or(u64::MAX);
        for month in months {
            *rows_of.entry(month).or_default() += segment.rows.div_ceil(n_months.max(1));
        }
    }
    let n_buckets = |rows: u64| {
        let needed = rows.div_ceil(target_rows.max(1)).clamp(1, MAX_BUCKETS);
        u32::try_from(needed.next_power_of_two()).expect("at most 1,024")
    };
    rows_of
        .into_iter()
        .map(|(month, rows)| (month, n_buckets(rows)))
        .collect()
}

#[cfg(test)]
mod tests {
    use rapport_testing::at;

    use super::*;

    #[test]
    fn a_crowded_month_gets_more_buckets_and_a_quiet_one_does_not() {
        let segment = |rows, from: &str, to: &str| Segment {
            path: String::new(),
            rows,
            bytes: 0,
            bucket: None,
            n_buckets: None,
            min_at: at(from),
            max_at: at(to),
        };
        let segments = [
            segment(2500, "2025-01-01T00:00:00Z", "2025-01-31T00:00:00Z"),
            segment(1200, "2025-01-30T00:00:00Z", "2025-02-02T00:00:00Z"),
        ];

        let n_buckets: Vec<u32> = buckets_by_month(&segments, 1000).into_values().collect();

        assert_eq!(n_buckets, [4, 1]);
    }
}
