//! Runs as rows of their table.

use rapport_domain::Timestamp;

use super::{Headline, ParamValue, Params, Run};
use crate::entities::run;
use crate::{StoreError, codec};

impl TryFrom<run::Model> for Run {
    type Error = StoreError;

    fn try_from(row: run::Model) -> Result<Self, StoreError> {
        let headline = row.headline_metric.map(|metric| Headline {
            metric,
            value: row.headline_value,
            baseline: row.headline_baseline,
            is_higher_better: row.is_higher_better.unwrap_or(true),
        });
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            task: row.task,
            model: row.model,
            status: codec::member("runs.status", &row.status)?,
            tags: codec::from_json("runs.tags", &row.tags)?,
            // The bits are kept, not the number: a seed may use all of them.
            seed: row.seed.cast_unsigned(),
            params: codec::from_json("runs.params", &row.params)?,
            data: codec::from_json_option("runs.data", row.data.as_deref())?,
            code_version: row.code_version,
            started_at: Timestamp::from_micros(row.started_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            finished_at: codec::instant(row.finished_at),
            seconds: row.seconds,
            error: row.error,
            headline,
            n_trials: codec::unsigned(row.n_trials),
            has_evaluation: row.has_evaluation,
            parent_id: row.parent_id.map(Into::into),
            job_id: row.job_id.map(Into::into),
        })
    }
}

impl From<Run> for run::Model {
    fn from(run: Run) -> Self {
        let headline = run.headline.as_ref();
        Self {
            id: run.id.into(),
            name_key: codec::name_key(&run.name),
            search_text: search_text(&run),
            headline_value: headline.and_then(|headline| headline.value),
            headline_baseline: headline.and_then(|headline| headline.baseline),
            is_higher_better: headline.map(|headline| headline.is_higher_better),
            headline_metric: run.headline.map(|headline| headline.metric),
            name: run.name,
            task: run.task,
            model: run.model,
            status: codec::name_of(&run.status),
            tags: codec::to_json(&run.tags),
            seed: run.seed.cast_signed(),
            params: codec::to_json(&run.params),
            data: run.data.as_ref().map(codec::to_json),
            code_version: run.code_version,
            started_at: run.started_at.as_micros(),
            updated_at: run.updated_at.as_micros(),
            finished_at: codec::micros(run.finished_at),
            seconds: run.seconds,
            error: run.error,
            n_trials: codec::signed(run.n_trials),
            has_evaluation: run.has_evaluation,
            parent_id: run.parent_id.map(Into::into),
            job_id: run.job_id.map(Into::into),
        }
    }
}

/// What a run is found by: name, task, method, labels, and the texts among its parameters.
fn search_text(run: &Run) -> String {
    let own = [run.name.as_str(), &run.task, &run.model];
    let tags = run.tags.iter().map(String::as_str);
    let words = own.into_iter().chain(tags).chain(texts(&run.params));
    let words: Vec<String> = words.map(codec::name_key).collect();
    words.join("\n")
}

fn texts(params: &Params) -> impl Iterator<Item = &str> {
    params
        .values()
        .flat_map(|value| match value {
            ParamValue::Text(text) => std::slice::from_ref(text).iter(),
            ParamValue::Texts(texts) => texts.iter(),
            ParamValue::Boolean(_) | ParamValue::Number(_) => [].iter(),
        })
        .map(String::as_str)
}
