//! Lists of runs, and single ones.

use std::collections::HashMap;

use rapport_domain::RunId;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _,
    QueryResult,
};
use uuid::Uuid;

use super::{MetricSummary, Run, RunModel};
use crate::entities::{run, run_metric};
use crate::lists::{Field, Kind, Listing, page};
use crate::search::SearchObject;
use crate::{ListQuery, Op, Page, Store, StoreError, codec, record, sql};

/// A run as lists and pages show it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// The run.
    pub run: Run,
    /// What its curves came to, by name.
    pub metrics: Vec<MetricSummary>,
    /// The model that came of it.
    pub model_version: Option<RunModel>,
}

const STATUSES: &[&str] = &["running", "finished", "failed", "cancelled"];

const FIELDS: &[Field] = &[
    Field::required("name", "r.name_key", Kind::Folded),
    Field::required("task", "r.task", Kind::Text),
    Field::required("model", "r.model", Kind::Text),
    Field::required("status", "r.status", Kind::Choice(STATUSES)),
    Field::required("tags", "r.tags", Kind::Tags),
    Field::required("seed", "r.seed", Kind::Integer),
    Field::required("started_at", "r.started_at", Kind::Timestamp),
    Field::optional("finished_at", "r.finished_at", Kind::Timestamp),
    Field::optional("seconds", "r.seconds", Kind::Number),
    Field::optional("headline", "r.headline_value", Kind::Number),
    Field::optional("headline_metric", "r.headline_metric", Kind::Text),
    Field::optional("parent_id", "r.parent_id", Kind::Id),
    Field::optional("job_id", "r.job_id", Kind::Id),
];

fn listing() -> Listing {
    let columns = record::columns::<run::Entity>("r", "r_");
    Listing {
        object: "runs",
        table: "runs",
        alias: "r",
        columns: format!(
            "{columns}, m.kind AS m_kind, m.version AS m_version, m.status AS m_status"
        ),
        joins: " LEFT JOIN models m ON m.run_id = r.id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "r.id", Kind::Id),
        default_sort: "-started_at",
        search: Some(SearchObject::Run),
    }
}

fn read(row: &QueryResult) -> Result<RunRow, StoreError> {
    let kind: Option<String> = row.try_get("m_", "kind")?;
    let model_version = match kind {
        Some(kind) => {
            let stage: String = row.try_get("m_", "status")?;
            Some(RunModel {
                kind,
                version: codec::unsigned(row.try_get("m_", "version")?),
                stage: codec::member("models.status", &stage)?,
            })
        }
        None => None,
    };
    Ok(RunRow {
        run: run::Model::from_query_result(row, "r_")?.try_into()?,
        metrics: Vec::new(),
        model_version,
    })
}

/// Lists runs, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<RunRow>, StoreError> {
    let mut page = page(store, &listing(), query, read).await?;
    let ids: Vec<RunId> = page.items.iter().map(|row| row.run.id).collect();
    let mut metrics = metrics_of(store, &ids).await?;
    for row in &mut page.items {
        row.metrics = metrics.remove(&row.run.id).unwrap_or_default();
    }
    Ok(page)
}

/// Finds a run.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: RunId) -> Result<Option<RunRow>, StoreError> {
    Ok(find_many(store, &[id]).await?.pop())
}

/// Finds at most [`ListQuery::LIMIT_MAX`] runs, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError::Query`] where more are named.
pub async fn find_many(store: &Store, ids: &[RunId]) -> Result<Vec<RunRow>, StoreError> {
    let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let query = query.with("id", Op::In, named.join(","));
    Ok(list(store, &query).await?.items)
}

/// What the curves of runs came to, by run and name.
async fn metrics_of(
    store: &Store,
    ids: &[RunId],
) -> Result<HashMap<RunId, Vec<MetricSummary>>, StoreError> {
    let keys = sql::padded(ids.iter().map(|&id| Uuid::from(id)));
    let rows = run_metric::Entity::find()
        .filter(run_metric::Column::RunId.is_in(keys))
        .order_by_asc(run_metric::Column::RunId)
        .order_by_asc(run_metric::Column::Name)
        .all(store.reader())
        .await?;
    let mut found: HashMap<RunId, Vec<MetricSummary>> = HashMap::with_capacity(ids.len());
    for row in rows {
        found.entry(row.run_id.into()).or_default().push(row.into());
    }
    Ok(found)
}

impl From<run_metric::Model> for MetricSummary {
    fn from(row: run_metric::Model) -> Self {
        Self {
            name: row.name,
            step: codec::unsigned(row.step),
            value: row.value,
            least: row.least,
            greatest: row.greatest,
            n_points: codec::unsigned(row.n_points),
        }
    }
}
