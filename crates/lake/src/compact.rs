//! Compaction: many files as they came become one file per month and bucket, in bounded memory.
//!
//! All inputs are sorted alike, so one merge yields every event by customer and time. At most 32
//! files are merged at once; where there are more, they are merged into fewer first. Memory is thus
//! bounded whatever the number of events: per input the compressed row group being read (131,072
//! rows, 2 to 4 MiB) and two batches of 2,048 rows, plus the row groups being written
//! (`write_buffer_bytes`, 128 MiB by default). That is under 320 MiB.

use futures::StreamExt;
use rapport_domain::Timestamp;
use tokio::sync::mpsc::{Sender, channel};

use crate::reader::{MERGE_FAN_IN, sort_order, view_of};
use crate::writers::{Layout, Message, Writers};
use crate::{BatchStream, Lake, LakeError, Segment, blocking};

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

impl Lake {
    /// Merges segments into files per month and bucket and returns these.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction and then calls
    /// [`Lake::remove`]. The number of buckets is the same for all months of one call: the power of
    /// two that keeps the average month's files under `target_rows`. Dropping the future gives the
    /// work up.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where an input is missing or damaged, [`LakeError::Io`] where an
    /// output cannot be written; what was finished by then is an orphan for [`Lake::sweep`].
    pub async fn compact(
        &self,
        segments: &[Segment],
        options: &CompactOptions,
    ) -> Result<Vec<Segment>, LakeError> {
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        let layout = Layout::Buckets(n_buckets(segments, options.target_rows));
        let mut inputs = segments.to_vec();
        let mut intermediate = Vec::new();
        while inputs.len() > MERGE_FAN_IN {
            let mut merged = Vec::new();
            for group in inputs.chunks(MERGE_FAN_IN) {
                merged.extend(self.rewrite(group, Layout::Whole, options).await?);
            }
            self.remove(&intermediate).await?;
            intermediate.clone_from(&merged);
            inputs = merged;
        }
        let compacted = self.rewrite(&inputs, layout, options).await?;
        self.remove(&intermediate).await?;
        Ok(compacted)
    }

    /// Merges a few files into new ones. Reading and writing run side by side.
    async fn rewrite(
        &self,
        inputs: &[Segment],
        layout: Layout,
        options: &CompactOptions,
    ) -> Result<Vec<Segment>, LakeError> {
        let context = self.merge_session(inputs.len());
        let merged = view_of(self, &context, inputs, &[])?.sort(sort_order())?;
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
        .clamp(1, MAX_BUCKETS);
    u32::try_from(needed.next_power_of_two()).expect("at most 1,024")
}

#[cfg(test)]
mod tests {
    use super::*;

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
