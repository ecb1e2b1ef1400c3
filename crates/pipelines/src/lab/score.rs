//! `lab score`: the probability of an outcome, from a table with a row per case.

use std::path::Path;
use std::time::Instant;

use rapport_domain::Timestamp;
use rapport_ingest::value::decimal::DecimalStyle;
use rapport_learn::runs::{Evaluation, RunSink, Told};
use rapport_learn::scorer::{Rows, Scorer, ScorerError, ScorerMethod, ScorerParams};
use rapport_learn::table::{Labels, Schema, Table};
use rapport_learn::{Check, Context, Provenance};
use serde_json::json;

use super::roles::Roles;
use super::table::{LabError, LabTable};
use crate::error::PipelineError;

/// What is asked for.
#[derive(Debug)]
pub struct ScoreLab<'a> {
    /// Training rows.
    pub train: LabTable,
    /// Rows to choose settings on; a part of the training rows where there are none.
    pub valid: Option<LabTable>,
    /// Test rows, which are only scored.
    pub test: LabTable,
    /// `target`, and `id` for a column that is no feature.
    pub roles: Roles,
    /// The label whose probability is asked for; of two the later one in the alphabet where none is
    /// named.
    pub positive: Option<String>,
    /// The way to score.
    pub params: ScorerParams,
    /// Where the model folder is saved.
    pub save: Option<&'a Path>,
    /// The present instant, for the model folder.
    pub now: Timestamp,
}

/// A file's rows, ready for the scorer.
struct Prepared {
    table: Table,
    outcomes: Vec<bool>,
}

impl Prepared {
    fn rows(&self) -> Rows<'_> {
        Rows {
            table: &self.table,
            outcomes: &self.outcomes,
        }
    }
}

/// Fits on the training rows and measures on the test rows; answers the object that `--json` prints,
/// memory and version left out. A run is told the curve of the fit and the evaluation.
///
/// # Errors
/// [`LabError`] where a role, a file or the data cannot be used.
pub fn score(
    lab: &ScoreLab<'_>,
    run: &dyn RunSink,
    context: &Context<'_>,
) -> Result<serde_json::Value, LabError> {
    let reading = Reading::of(lab)?;
    let train = reading.prepare(&lab.train)?;
    let valid = lab.valid.as_ref().map(|table| reading.prepare(table));
    let valid = valid.transpose()?;
    let test = reading.prepare(&lab.test)?;
    let held = valid.as_ref().map(Prepared::rows);

    let started = Instant::now();
    let params = lab.params.clone().check().map_err(learn)?;
    let fitted = params.fit(train.rows(), held, run, context)?;
    let fit_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let answers = fitted.scorer.predict(&test.table)?;
    let predict_seconds = started.elapsed().as_secs_f64();

    let labels = [reading.negative.as_str(), reading.positive.as_str()];
    let of_test = |error: rapport_learn::metrics::MetricError| {
        LabError::Role(format!("{}: {error}", lab.test.file))
    };
    let (baseline, beside) = baseline(&fitted.scorer, &train, &test, held, context)?;
    let mut evaluation = Evaluation::of_probabilities(&answers, &test.outcomes, labels)
        .and_then(|found| found.beside(baseline, &beside, &test.outcomes))
        .map_err(of_test)?;
    evaluation.importances = fitted.scorer.importances();
    evaluation.candidates = fitted.candidates;
    run.tell(Told::Evaluation(&evaluation));
    if let Some(folder) = lab.save {
        save(&fitted.scorer, folder, &evaluation, lab.now)?;
    }
    let tables = [Some(&lab.train), lab.valid.as_ref(), Some(&lab.test)];
    let n_rejected: u64 = tables.iter().flatten().map(|table| table.n_rejected).sum();
    let figures = evaluation.baseline.map(|baseline| baseline.metrics);
    Ok(json!({
        "task": "score",
        "model": fitted.scorer.name(),
        "rows": {
            "train": lab.train.rows.len(),
            "valid": lab.valid.as_ref().map_or(0, |table| table.rows.len()),
            "test": lab.test.rows.len(),
            "rejected": n_rejected,
        },
        "metrics": evaluation.metrics,
        "baseline": { "name": baseline, "metrics": figures },
        "seconds": { "fit": fit_seconds, "predict": predict_seconds },
        "seed": context.seed,
    }))
}

/// The simple method beside the scorer and its answers: logistic regression, and beside that one the
/// share of training rows in which it happened.
fn baseline(
    scorer: &Scorer,
    train: &Prepared,
    test: &Prepared,
    held: Option<Rows<'_>>,
    context: &Context<'_>,
) -> Result<(&'static str, Vec<f64>), LabError> {
    if scorer.name() == "logistic" {
        let n_happened = train.outcomes.iter().filter(|&&yes| yes).count();
        let rate = n_happened as f64 / train.outcomes.len() as f64;
        return Ok(("base_rate", vec![rate; test.outcomes.len()]));
    }
    let params = ScorerParams {
        method: ScorerMethod::Logistic,
        ..ScorerParams::default()
    };
    let params = params.check().map_err(learn)?;
    let fitted = params.fit(train.rows(), held, &(), context)?;
    Ok(("logistic", fitted.scorer.predict(&test.table)?))
}

fn save(
    scorer: &Scorer,
    folder: &Path,
    evaluation: &Evaluation,
    now: Timestamp,
) -> Result<(), LabError> {
    let provenance = Provenance {
        version: "lab".to_owned(),
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now.to_datetime().unwrap_or_default(),
        as_of: None,
    };
    scorer
        .save_with(folder, &provenance, evaluation)
        .map_err(PipelineError::from)?;
    Ok(())
}

/// How files are read: as the training file teaches.
struct Reading {
    target: String,
    features: Vec<String>,
    schema: Schema,
    labels: Labels,
    negative: String,
    positive: String,
}

impl Reading {
    fn of(lab: &ScoreLab<'_>) -> Result<Self, LabError> {
        let train = &lab.train;
        let named = lab.roles.get("target").ok_or_else(|| {
            let columns = train.columns.join(", ");
            LabError::Role(format!(
                "say which column to predict with --map target=COLUMN; {} has {columns}",
                train.file
            ))
        })?;
        let target = train.column(named)?;
        let id = lab.roles.get("id").map(|name| train.column(name));
        let id = id.transpose()?;
        let positions: Vec<usize> = (0..train.columns.len())
            .filter(|&idx| idx != target && Some(idx) != id)
            .collect();
        let features: Vec<String> = positions
            .iter()
            .map(|&idx| train.columns[idx].clone())
            .collect();
        if features.is_empty() {
            let message = format!("{} has no column besides the target", train.file);
            return Err(LabError::Role(message));
        }
        let cells = cells(train, &positions);
        let in_train = |source| in_file(train, source);
        let schema = Schema::guess(&features, &cells).map_err(in_train)?;
        let labels = Labels::learn(&labels_of(train, target)?).map_err(in_train)?;
        let positive = positive(lab, labels.classes())?;
        let others = labels.classes().iter().filter(|&class| *class != positive);
        let others: Vec<&str> = others.map(String::as_str).collect();
        Ok(Self {
            target: train.columns[target].clone(),
            features,
            schema,
            negative: others.join(" or "),
            positive,
            labels,
        })
    }

    fn prepare(&self, table: &LabTable) -> Result<Prepared, LabError> {
        let target = table.column(&self.target)?;
        let positions = self.features.iter().map(|name| table.column(name));
        let positions: Vec<usize> = positions.collect::<Result<_, _>>()?;
        let in_file = |source| in_file(table, source);
        let labels = self
            .labels
            .same_classes(&labels_of(table, target)?)
            .map_err(in_file)?;
        let happened = |&code: &u32| labels.classes()[code as usize] == self.positive;
        Ok(Prepared {
            table: self
                .schema
                .read(&cells(table, &positions))
                .map_err(in_file)?,
            outcomes: labels.codes().iter().map(happened).collect(),
        })
    }
}

/// The label whose probability is asked for.
fn positive(lab: &ScoreLab<'_>, classes: &[String]) -> Result<String, LabError> {
    let known = classes.join(", ");
    match (&lab.positive, classes) {
        (Some(asked), _) if classes.contains(asked) => Ok(asked.clone()),
        (Some(asked), _) => Err(LabError::Role(format!(
            "no training row has the label {asked:?}; labels are {known}"
        ))),
        (None, [_, later]) => Ok(later.clone()),
        (None, _) => Err(LabError::Role(format!(
            "there are {} labels ({known}); say with --positive whose probability you want",
            classes.len()
        ))),
    }
}

/// The labels of all rows; one that is missing is refused with its place.
fn labels_of(table: &LabTable, target: usize) -> Result<Vec<&str>, LabError> {
    let labels = table.texts(target).map(str::trim).enumerate();
    labels
        .map(|(row, text)| {
            let is_missing = text.is_empty() || text.eq_ignore_ascii_case("nan");
            if is_missing {
                return Err(table.bad(row, target, text, "label"));
            }
            Ok(text)
        })
        .collect()
}

/// The cells of columns, row by row; decimal commas become points.
fn cells(table: &LabTable, columns: &[usize]) -> Vec<Vec<String>> {
    let read = columns.iter().map(|&column| {
        let numbers = match table.decimal_style(column) {
            DecimalStyle::Comma => table.numbers(column),
            DecimalStyle::Point => None,
        };
        let texts = table.texts(column).map(|text| text.trim().to_owned());
        match numbers {
            Some(numbers) => numbers.iter().map(ToString::to_string).collect(),
            None => texts.collect::<Vec<String>>(),
        }
    });
    let mut columns: Vec<_> = read.map(Vec::into_iter).collect();
    let row = |_| columns.iter_mut().filter_map(Iterator::next).collect();
    (0..table.rows.len()).map(row).collect()
}

fn in_file(table: &LabTable, source: rapport_learn::table::TableError) -> LabError {
    LabError::Table {
        file: table.file.clone(),
        source,
    }
}

fn learn(error: rapport_learn::LearnError) -> LabError {
    PipelineError::from(error).into()
}

impl From<ScorerError> for LabError {
    /// Time that ran out and work that was stopped are no fault of the data.
    fn from(error: ScorerError) -> Self {
        match error {
            ScorerError::Learn(error) => learn(error),
            other => Self::Score(other),
        }
    }
}

#[cfg(test)]
mod tests;
