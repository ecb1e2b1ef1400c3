//! Which file is to blame: the engine does not say over which file a query stumbled.

use arrow::error::ArrowError;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;

use crate::reader::view_of;
use crate::{BatchStream, Lake, LakeError, RecordBatch, Segment};

impl Lake {
    /// Collects a query over `segments`.
    pub(crate) async fn collect(
        &self,
        segments: &[Segment],
        frame: DataFrame,
    ) -> Result<Vec<RecordBatch>, LakeError> {
        match frame.collect().await {
            Ok(batches) => Ok(batches),
            Err(error) => Err(self.blame(segments, error).await),
        }
    }

    /// Streams a query over `segments`.
    pub(crate) async fn stream(
        &self,
        segments: &[Segment],
        frame: DataFrame,
    ) -> Result<BatchStream, LakeError> {
        let stream = match frame.execute_stream().await {
            Ok(stream) => stream,
            Err(error) => return Err(self.blame(segments, error).await),
        };
        let (lake, segments) = (self.clone(), segments.to_vec());
        let blamed = stream.or_else(move |error| {
            let (lake, segments) = (lake.clone(), segments.clone());
            async move { Err(lake.blame(&segments, error).await) }
        });
        Ok(Box::pin(blamed))
    }

    /// The damaged file where there is one, else the error as it came.
    ///
    /// Sizes are compared first; only where they agree and the error came from reading are the files
    /// read one by one.
    pub(crate) async fn blame(&self, segments: &[Segment], error: DataFusionError) -> LakeError {
        let damaged = match self.find_resized(segments).await {
            None if came_from_reading(&error) => self.find_unreadable(segments).await,
            found => found,
        };
        match damaged {
            Some(segment) => LakeError::Damaged {
                path: segment.path.clone(),
                expected: segment.bytes,
            },
            None => error.into(),
        }
    }

    /// Reads a file through.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where it is missing, has not the size that it was written with, or cannot
    /// be decoded.
    pub async fn check(&self, segment: &Segment) -> Result<(), LakeError> {
        let is_whole = self
            .find_resized(std::slice::from_ref(segment))
            .await
            .is_none()
            && self.read_through(segment).await.is_ok();
        if is_whole {
            return Ok(());
        }
        Err(LakeError::Damaged {
            path: segment.path.clone(),
            expected: segment.bytes,
        })
    }

    async fn find_resized<'a>(&self, segments: &'a [Segment]) -> Option<&'a Segment> {
        for segment in segments {
            let path = self.location.path_of(&segment.path);
            let found = self.store.head(&path).await.map(|meta| meta.size);
            if !matches!(found, Ok(size) if size == segment.bytes) {
                return Some(segment);
            }
        }
        None
    }

    async fn find_unreadable<'a>(&self, segments: &'a [Segment]) -> Option<&'a Segment> {
        for segment in segments {
            if self.read_through(segment).await.is_err() {
                return Some(segment);
            }
        }
        None
    }

    async fn read_through(&self, segment: &Segment) -> Result<(), LakeError> {
        let context = self.session(1);
        let frame = view_of(self, &context, std::slice::from_ref(segment), &[])?;
        let mut stream = frame.execute_stream().await?;
        while let Some(batch) = stream.next().await {
            batch?;
        }
        Ok(())
    }
}

fn came_from_reading(error: &DataFusionError) -> bool {
    match error.find_root() {
        DataFusionError::ParquetError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_)
        | DataFusionError::External(_) => true,
        DataFusionError::ArrowError(error, _) => matches!(
            **error,
            ArrowError::ParquetError(_) | ArrowError::IoError(..) | ArrowError::ExternalError(_)
        ),
        _ => false,
    }
}
