//! The fit: choose on held-back rows, then learn from all.

use super::choose::{self, Losses};
use super::linear::LinearScorer;
use super::trees::TreeScorer;
use super::{Model, Scorer, ScorerError, ScorerMethod, ValidScorerParams};
use crate::runs::{CandidateFigures, RunSink};
use crate::split::holdout_stratified;
use crate::table::{Column, Table};
use crate::{Context, Matrix, Metrics, fingerprint_of};

/// A table with what happened.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The columns.
    pub table: &'a Table,
    /// Whether it happened, `(n_rows,)`.
    pub outcomes: &'a [bool],
}

/// A scorer and what it was chosen from.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The scorer.
    pub scorer: Scorer,
    /// What was tried, with the log loss on held-back rows.
    pub candidates: Vec<CandidateFigures>,
}

impl ValidScorerParams {
    /// Fits. Settings, and with [`ScorerMethod::Auto`] the method, are those with the least log loss
    /// on `held`; where there is none, on a part of the training rows, and the chosen one learns from
    /// all of them afterwards.
    ///
    /// # Errors
    /// [`ScorerError::SingleOutcome`]; [`ScorerError::Learn`] where outcomes and rows differ in
    /// number, on cancellation or at the deadline; what the methods refuse.
    pub fn fit(
        &self,
        train: Rows<'_>,
        held: Option<Rows<'_>>,
        run: &dyn RunSink,
        context: &Context<'_>,
    ) -> Result<Fitted, ScorerError> {
        require_both("training", train)?;
        if let Some(held) = held {
            require_both("held-back", held)?;
            return self.choose(train, held, run, context);
        }
        let strata: Vec<u64> = train.outcomes.iter().map(|&yes| u64::from(yes)).collect();
        let parts = holdout_stratified(&strata, self.0.held_back, context.seed)?;
        let (part, held) = (Part::of(train, &parts.train), Part::of(train, &parts.test));
        require_both("held-back", held.rows())?;
        let chosen = self.choose(part.rows(), held.rows(), run, context)?;
        let n_before = part.table.n_rows();
        let model = match chosen.scorer.model {
            Model::Logistic { linear } => Model::Logistic {
                linear: linear.again(train, context)?,
            },
            Model::BoostedTrees { trees } => Model::BoostedTrees {
                trees: trees.again(train, n_before, context)?,
            },
            Model::Blend {
                linear,
                trees,
                blender,
            } => Model::Blend {
                linear: linear.again(train, context)?,
                trees: trees.again(train, n_before, context)?,
                blender,
            },
        };
        Ok(Fitted {
            scorer: self.scorer(train, model, context),
            ..chosen
        })
    }

    /// Fits on the training rows and chooses on the held-back ones.
    fn choose(
        &self,
        train: Rows<'_>,
        held: Rows<'_>,
        run: &dyn RunSink,
        context: &Context<'_>,
    ) -> Result<Fitted, ScorerError> {
        let method = self.0.method;
        let linear = match method {
            ScorerMethod::BoostedTrees => None,
            _ => Some(LinearScorer::choose(train, held, context)?),
        };
        let trees = match method {
            ScorerMethod::Logistic => None,
            _ => Some(TreeScorer::choose(
                train,
                held,
                self.0.n_rounds,
                run,
                context,
            )?),
        };
        let (model, candidates) = match (linear, trees) {
            (Some(linear), Some(trees)) => best(linear, trees, held, context)?,
            (Some(linear), None) => (Model::Logistic { linear }, Vec::new()),
            (None, Some(trees)) => (Model::BoostedTrees { trees }, Vec::new()),
            (None, None) => unreachable!("each method fits at least one"),
        };
        Ok(Fitted {
            scorer: self.scorer(train, model, context),
            candidates,
        })
    }

    fn scorer(&self, train: Rows<'_>, model: Model, context: &Context<'_>) -> Scorer {
        Scorer {
            params: self.0.clone(),
            seed: context.seed,
            columns: train.table.names().to_vec(),
            n_rows: train.table.n_rows() as u64,
            fingerprint: fingerprint(train),
            model,
        }
    }
}

/// The method with the least loss on held-back rows.
fn best(
    linear: LinearScorer,
    trees: TreeScorer,
    held: Rows<'_>,
    context: &Context<'_>,
) -> Result<(Model, Vec<CandidateFigures>), ScorerError> {
    let answers = (linear.predict(held.table)?, trees.predict(held.table)?);
    let losses = Losses::of(&answers.0, &answers.1, held.outcomes, context)?;
    let least = losses.logistic.min(losses.trees);
    let (name, model) = if losses.blend < least {
        let blender = choose::fit_blender(&answers.0, &answers.1, held.outcomes, context)?;
        let model = Model::Blend {
            linear,
            trees,
            blender,
        };
        ("stacked", model)
    } else if losses.trees <= losses.logistic {
        ("boosted_trees", Model::BoostedTrees { trees })
    } else {
        ("logistic", Model::Logistic { linear })
    };
    let tried = [
        ("logistic", losses.logistic),
        ("boosted_trees", losses.trees),
        ("stacked", losses.blend),
    ];
    let candidates = tried.map(|(tried, loss)| CandidateFigures {
        name: tried.to_owned(),
        metrics: Metrics::from([("held_back_log_loss".to_owned(), loss)]),
        is_chosen: tried == name,
    });
    Ok((model, candidates.to_vec()))
}

/// Some of the rows.
struct Part {
    table: Table,
    outcomes: Vec<bool>,
}

impl Part {
    fn of(rows: Rows<'_>, kept: &[usize]) -> Self {
        Self {
            table: rows.table.select(kept),
            outcomes: kept.iter().map(|&row| rows.outcomes[row]).collect(),
        }
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            table: &self.table,
            outcomes: &self.outcomes,
        }
    }
}

fn require_both(which: &'static str, rows: Rows<'_>) -> Result<(), ScorerError> {
    crate::examples::require_length("outcomes", rows.table.n_rows(), rows.outcomes.len())?;
    match rows.outcomes.split_first() {
        Some((&outcome, rest)) if rest.iter().all(|&other| other == outcome) => {
            Err(ScorerError::SingleOutcome {
                rows: which,
                outcome,
            })
        }
        _ => Ok(()),
    }
}

/// The fingerprint of the rows: numbers as they are, categories by the place of their name.
fn fingerprint(rows: Rows<'_>) -> String {
    let n_columns = rows.table.names().len() + 1;
    let mut matrix = Matrix::zeros(rows.table.n_rows(), n_columns);
    for (position, (_, column)) in rows.table.columns().enumerate() {
        for (row, into) in matrix.rows_mut().enumerate() {
            into[position] = match column {
                Column::Numeric(values) => values[row],
                Column::Categorical(categories) => {
                    categories.codes()[row].map_or(f64::NAN, f64::from)
                }
            };
        }
    }
    for (into, &outcome) in matrix.rows_mut().zip(rows.outcomes) {
        into[n_columns - 1] = f64::from(u8::from(outcome));
    }
    fingerprint_of(rows.table.names(), &matrix)
}
