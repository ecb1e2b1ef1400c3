//! How runs end: by themselves, or with the job that they run in.

use futures::FutureExt as _;
use rapport_domain::{RunId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Value};

use super::{Headline, OBJECT, RunData, RunStatus};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEnd {
    /// Finished, failed or cancelled.
    pub status: RunStatus,
    /// The method, where it was chosen on the way; otherwise the one that it began with stays.
    pub model: Option<String>,
    /// The figure that lists show.
    pub headline: Option<Headline>,
    /// What it learned from, where that was not known at its begin.
    pub data: Option<RunData>,
    /// Why it failed.
    pub error: Option<String>,
}

impl RunEnd {
    /// A good end, with the figure that lists show.
    pub const fn finished(headline: Option<Headline>) -> Self {
        Self {
            status: RunStatus::Finished,
            model: None,
            headline,
            data: None,
            error: None,
        }
    }

    /// A bad end, and why.
    pub const fn failed(error: String) -> Self {
        Self {
            status: RunStatus::Failed,
            model: None,
            headline: None,
            data: None,
            error: Some(error),
        }
    }

    /// The end of a run that was stopped.
    pub const fn cancelled() -> Self {
        Self {
            status: RunStatus::Cancelled,
            model: None,
            headline: None,
            data: None,
            error: None,
        }
    }
}

/// Ends a run.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn end(
    store: &Store,
    id: RunId,
    ending: RunEnd,
    now: Timestamp,
) -> Result<(), StoreError> {
    store
        .write(move |tx| end_in(tx, id, ending, now).boxed())
        .await
}

async fn end_in(
    tx: &DatabaseTransaction,
    id: RunId,
    ending: RunEnd,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    let (status, at) = (sql::text(codec::name_of(&ending.status)), sql::at(now));
    sql.push_with(
        "UPDATE runs SET status = ?, finished_at = ?, updated_at = ?, error = ?, \
         seconds = (? - started_at) / 1000000.0",
        [
            status,
            at.clone(),
            at.clone(),
            Value::String(ending.error),
            at,
        ],
    );
    if let Some(headline) = ending.headline {
        sql.push_with(
            ", headline_metric = ?, headline_value = ?, headline_baseline = ?, is_higher_better = ?",
            [
                sql::text(headline.metric),
                finite(headline.value),
                finite(headline.baseline),
                headline.is_higher_better.into(),
            ],
        );
    }
    if let Some(model) = ending.model {
        sql.push_with(
            ", model = ?, search_text = search_text || ?",
            [
                sql::text(model.as_str()),
                sql::text(format!("\n{}", codec::name_key(&model))),
            ],
        );
    }
    if let Some(data) = &ending.data {
        sql.push_with(", data = ?", [sql::text(codec::to_json(data))]);
    }
    sql.push_with(" WHERE id = ?", [sql::id(id)]);
    match sql.execute(tx).await? {
        0 => Err(StoreError::not_found(OBJECT, id)),
        _ => Ok(()),
    }
}

/// A figure as a value; what is no finite number is none, for no database sorts it where it belongs.
pub(super) fn finite(value: Option<f64>) -> Value {
    Value::Double(value.filter(|value| value.is_finite()))
}

/// Ends runs under way whose job ended without ending them, as that job ended.
pub(crate) async fn end_with_jobs(
    tx: &DatabaseTransaction,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = "UPDATE runs SET status = j.status, finished_at = ?, updated_at = ?, \
                seconds = (? - runs.started_at) / 1000000.0, \
                error = CASE WHEN j.status = 'failed' THEN j.error END \
                FROM jobs j WHERE j.id = runs.job_id AND j.status IN ('failed', 'cancelled') \
                AND runs.status = 'running'";
    let at = || sql::at(now);
    Sql::of(tx.get_database_backend(), text, [at(), at(), at()])
        .execute(tx)
        .await?;
    Ok(())
}
