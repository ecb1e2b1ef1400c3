//! The catalogue of event files, between the store that keeps it and the lake that it describes.

use rapport_lake::Segment;
use rapport_store::Store;
use rapport_store::events::{self, EventSegment};

use crate::error::PipelineError;

/// Every file of events that counts, by path.
pub(crate) async fn catalogue(store: &Store) -> Result<Vec<Segment>, PipelineError> {
    Ok(events::list_segments(store)
        .await?
        .into_iter()
        .map(to_file)
        .collect())
}

/// A catalogue row as the lake's file.
pub(crate) fn to_file(row: EventSegment) -> Segment {
    Segment {
        path: row.path,
        rows: row.rows,
        bytes: row.bytes,
        bucket: row.bucket,
        n_buckets: row.n_buckets,
        min_at: row.min_at,
        max_at: row.max_at,
    }
}

/// A file of the lake as a catalogue row.
pub(crate) fn to_row(file: Segment) -> EventSegment {
    EventSegment {
        path: file.path,
        rows: file.rows,
        bytes: file.bytes,
        bucket: file.bucket,
        n_buckets: file.n_buckets,
        min_at: file.min_at,
        max_at: file.max_at,
    }
}
