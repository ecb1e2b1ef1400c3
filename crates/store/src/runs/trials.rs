//! Trials of a search for good hyper-parameters.

use futures::FutureExt as _;
use rapport_domain::{RunId, Timestamp};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult};
use serde::{Deserialize, Serialize};

use super::{Params, write};
use crate::entities::run_trial;
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, record};

/// Where a trial stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialStatus {
    /// Under way.
    Running,
    /// It has a value.
    Finished,
    /// Given up early, as worse than others.
    Stopped,
    /// It broke.
    Failed,
}

/// A value on the way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrialReport {
    /// How far.
    pub step: u64,
    /// The value there.
    pub value: f64,
}

/// One try of one set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Its number, from 0.
    pub number: u64,
    /// Where it stands.
    pub status: TrialStatus,
    /// What was tried.
    pub params: Params,
    /// Its value, once it finished.
    pub value: Option<f64>,
    /// What it cost.
    pub cost: f64,
    /// Values on the way.
    pub reports: Vec<TrialReport>,
    /// Why it failed.
    pub error: Option<String>,
}

const STATUSES: &[&str] = &["running", "finished", "stopped", "failed"];

const FIELDS: &[Field] = &[
    Field::required("status", "t.status", Kind::Choice(STATUSES)),
    Field::optional("value", "t.value", Kind::Number),
    Field::required("cost", "t.cost", Kind::Number),
];

/// Keeps trials of a search; those of the same number are replaced.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn save_trials(
    store: &Store,
    run: RunId,
    trials: Vec<Trial>,
    now: Timestamp,
) -> Result<(), StoreError> {
    const REPLACE: &str = "ON CONFLICT (run_id, number) DO UPDATE SET status = excluded.status, \
        params = excluded.params, value = excluded.value, cost = excluded.cost, \
        reports = excluded.reports, error = excluded.error";
    let rows: Vec<run_trial::Model> = trials.into_iter().map(|trial| row(run, trial)).collect();
    store
        .write(move |tx| {
            async move {
                write::touch(tx, run, "", now).await?;
                bulk::insert::<run_trial::Entity>(tx, rows, REPLACE).await?;
                let text = "UPDATE runs SET n_trials = \
                            (SELECT count(*) FROM run_trials WHERE run_id = ?) WHERE id = ?";
                Sql::of(
                    tx.get_database_backend(),
                    text,
                    [sql::id(run), sql::id(run)],
                )
                .execute(tx)
                .await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn row(run: RunId, mut trial: Trial) -> run_trial::Model {
    // JSON knows finite numbers only.
    trial.reports.retain(|report| report.value.is_finite());
    run_trial::Model {
        run_id: run.into(),
        number: codec::signed(trial.number),
        status: codec::name_of(&trial.status),
        params: codec::to_json(&trial.params),
        value: trial.value.filter(|value| value.is_finite()),
        cost: trial.cost,
        reports: codec::to_json(&trial.reports),
        error: trial.error,
    }
}

/// Lists the trials of a search, by number where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_trials(
    store: &Store,
    run: RunId,
    query: &ListQuery,
) -> Result<Page<Trial>, StoreError> {
    let listing = Listing {
        object: "trials",
        table: "run_trials",
        alias: "t",
        columns: record::columns::<run_trial::Entity>("t", "t_"),
        joins: "",
        scope: Some(Sql::of(store.backend(), "t.run_id = ?", [sql::id(run)])),
        fields: FIELDS,
        key: Field::required("number", "t.number", Kind::Integer),
        default_sort: "number",
        search: None,
    };
    page(store, &listing, query, read).await
}

fn read(row: &QueryResult) -> Result<Trial, StoreError> {
    let row = run_trial::Model::from_query_result(row, "t_")?;
    Ok(Trial {
        number: codec::unsigned(row.number),
        status: codec::member("run_trials.status", &row.status)?,
        params: codec::from_json("run_trials.params", &row.params)?,
        value: row.value,
        cost: row.cost,
        reports: codec::from_json("run_trials.reports", &row.reports)?,
        error: row.error,
    })
}
