//! SQL over a snapshot: one SELECT, parameters bound and never spliced.

use std::pin::Pin;

use arrow::record_batch::RecordBatch;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::execution::context::SQLOptions;
use futures::Stream;
use rapport_domain::Timestamp;

use crate::{LakeError, Snapshot};

/// Batches as they come. Dropping it cancels the query.
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

impl Snapshot {
    /// Runs one SELECT over the table `events`. `$name` stands for a bound parameter.
    ///
    /// # Errors
    /// [`LakeError::Query`] where the text is not one valid SELECT (definitions, changes, copies,
    /// settings and lists of statements are refused) or needs more memory than it may use and
    /// spill; [`LakeError::Damaged`] where a file is missing or damaged.
    pub async fn sql(
        &self,
        query: &str,
        parameters: &[(&str, SqlValue)],
    ) -> Result<Vec<RecordBatch>, LakeError> {
        let frame = self.prepare(query, parameters).await?;
        self.lake.collect(&self.segments, frame).await
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
        let frame = self.prepare(query, parameters).await?;
        self.lake.stream(&self.segments, frame).await
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
}
