//! Reading: SQL over a consistent view, one customer's history, everything in order.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::{SessionContext, cast, col, lit};
use futures::{Stream, StreamExt};
use object_store::ObjectStoreExt;
use rapport_domain::{ContactId, Event, Timestamp};

use crate::reader::table_of;
use crate::{Lake, LakeError, Segment, batch};

/// Batches as they come.
pub type BatchStream = Pin<Box<dyn Stream<Item = Result<RecordBatch, LakeError>> + Send>>;

/// A value bound to a `$name` of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlValue {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// An instant.
    Timestamp(Timestamp),
}

impl SqlValue {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl From<SqlValue> for ScalarValue {
    fn from(value: SqlValue) -> Self {
        match value {
            SqlValue::Text(text) => Self::Utf8(Some(text)),
            SqlValue::Integer(number) => Self::Int64(Some(number)),
            SqlValue::Float(number) => Self::Float64(Some(number)),
            SqlValue::Timestamp(at) => {
                Self::TimestampMicrosecond(Some(at.as_micros()), Some("UTC".into()))
            }
        }
    }
}

/// A consistent reader over a list of files and the events that are not flushed yet.
pub struct Snapshot {
    lake: Lake,
    segments: Vec<Segment>,
    inbox: Vec<Event>,
    context: SessionContext,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("segments", &self.segments.len())
            .field("inbox", &self.inbox.len())
            .finish()
    }
}

impl Snapshot {
    pub(crate) async fn open(
        lake: &Lake,
        segments: Vec<Segment>,
        inbox: Vec<Event>,
    ) -> Result<Self, LakeError> {
        let context = lake.session(lake.options.n_partitions)?;
        // Engines disagree on date functions; whole microseconds are the same everywhere.
        let events = view_of(lake, &context, &segments, &inbox)?
            .with_column("occurred_us", cast(col("occurred_at"), DataType::Int64))?;
        context.register_table("events", events.into_view())?;
        Ok(Self {
            lake: lake.clone(),
            segments,
            inbox,
            context,
        })
    }

    /// Number of events in all.
    pub fn n_events(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.rows)
            .sum::<u64>()
            + self.inbox.len() as u64
    }

    /// The files and their sizes, which tell one snapshot from another.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Runs one SELECT over the table `events`. `$name` stands for a bound parameter.
    ///
    /// # Errors
    /// [`LakeError::Query`] where the text is not one valid SELECT, or a file is missing or damaged.
    pub async fn sql(
        &self,
        query: &str,
        parameters: &[(&str, SqlValue)],
    ) -> Result<Vec<RecordBatch>, LakeError> {
        let frame = self.prepare(query, parameters).await?;
        self.collect(frame).await
    }

    /// As [`Snapshot::sql`], batch by batch. Dropping the stream cancels the query.
    ///
    /// # Errors
    /// As [`Snapshot::sql`]; later failures come through the stream.
    pub async fn sql_stream(
        &self,
        query: &str,
        parameters: &[(&str, SqlValue)],
    ) -> Result<BatchStream, LakeError> {
        into_stream(self.prepare(query, parameters).await?).await
    }

    async fn prepare(
        &self,
        query: &str,
        parameters: &[(&str, SqlValue)],
    ) -> Result<DataFrame, LakeError> {
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let frame = self.context.sql_with_options(query, options).await?;
        if parameters.is_empty() {
            return Ok(frame);
        }
        let values: Vec<(&str, ScalarValue)> = parameters
            .iter()
            .map(|(name, value)| (*name, value.clone().into()))
            .collect();
        Ok(frame.with_param_values(ParamValues::from(values))?)
    }

    async fn collect(&self, frame: DataFrame) -> Result<Vec<RecordBatch>, LakeError> {
        match frame.collect().await {
            Ok(batches) => Ok(batches),
            Err(error) => Err(self.blame(error).await),
        }
    }

    /// The engine does not say which file it stumbled over, so the sizes tell.
    async fn blame(&self, error: DataFusionError) -> LakeError {
        for segment in &self.segments {
            let path = self.lake.location.path_of(&segment.path);
            let found = self.lake.store.head(&path).await.map(|meta| meta.size);
            if !matches!(found, Ok(size) if size == segment.bytes) {
                return LakeError::Damaged {
                    path: segment.path.clone(),
                    expected: segment.bytes,
                };
            }
        }
        error.into()
    }

    /// One customer's events, newest first, from before an instant, at most `limit`.
    ///
    /// Only the files whose bucket can hold the customer are read, and of them only the pages that do.
    ///
    /// # Errors
    /// [`LakeError::Query`] where a file is missing or damaged.
    pub async fn history(
        &self,
        customer: ContactId,
        before: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<Event>, LakeError> {
        let before = before.unwrap_or(Timestamp::from_micros(i64::MAX));
        let segments: Vec<Segment> = self
            .segments
            .iter()
            .filter(|segment| segment.may_hold(customer) && segment.min_at < before)
            .cloned()
            .collect();
        let inbox: Vec<Event> = self
            .inbox
            .iter()
            .filter(|e| e.customer_id == Some(customer))
            .cloned()
            .collect();
        let context = self.lake.session(1)?;
        let frame =
            view_of(&self.lake, &context, &segments, &inbox)?
                .filter(col("customer_id").eq(lit(customer.to_string())).and(
                    col("occurred_at").lt(lit(ScalarValue::from(SqlValue::Timestamp(before)))),
                ))?
                .sort(vec![
                    col("occurred_at").sort(false, false),
                    col("event_id").sort(false, false),
                ])?
                .limit(0, Some(limit))?;
        let batches = self.collect(frame).await?;
        let mut events = Vec::new();
        for batch in &batches {
            events.extend(batch::to_events(batch)?);
        }
        Ok(events)
    }

    /// All events that happened before an instant, by customer, time and id; the anonymous last.
    ///
    /// # Errors
    /// [`LakeError::Query`] where a file is missing or damaged.
    pub async fn ordered(&self, before: Timestamp) -> Result<BatchStream, LakeError> {
        let bound = ScalarValue::from(SqlValue::Timestamp(before));
        let frame = self
            .context
            .table("events")
            .await?
            .filter(col("occurred_at").lt(lit(bound)))?
            .sort(sort_order())?;
        into_stream(frame).await
    }
}

/// The order of every file.
pub(crate) fn sort_order() -> Vec<datafusion::logical_expr::SortExpr> {
    ["customer_id", "occurred_at", "event_id"]
        .map(|name| col(name).sort(true, false))
        .to_vec()
}

/// Files and events in memory as one table.
pub(crate) fn view_of(
    lake: &Lake,
    context: &SessionContext,
    segments: &[Segment],
    inbox: &[Event],
) -> Result<DataFrame, LakeError> {
    let in_memory = context.read_batch(batch::from_events(inbox)?)?;
    if segments.is_empty() {
        return Ok(in_memory);
    }
    let in_files = context.read_table(Arc::new(table_of(lake, segments)?))?;
    if inbox.is_empty() {
        Ok(in_files)
    } else {
        Ok(in_files.union(in_memory)?)
    }
}

async fn into_stream(frame: DataFrame) -> Result<BatchStream, LakeError> {
    let stream = frame.execute_stream().await?;
    Ok(Box::pin(stream.map(|batch| batch.map_err(LakeError::from))))
}
