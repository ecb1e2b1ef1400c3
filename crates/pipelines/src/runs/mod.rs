//! Runs on the records: what a training tells is passed on to the store, in pieces.
//!
//! A training tells a [`RunLog`] on its own thread and never waits; the job that watches it calls
//! [`pass_on`] from time to time, and once more at the end.

mod translate;

use rapport_domain::RunId;
use rapport_learn::runs::RunLog;
use rapport_store::runs::{self, NewRun, RunEnd};

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;

/// Artifacts of a run from which work goes on.
const STUDY: &str = "study";
const CHALLENGE: &str = "challenge";

/// Begins a run; one of the same id is forgotten.
///
/// # Errors
/// [`PipelineError::Store`] where the records cannot be written.
pub async fn begin(workspace: &Workspace, new: NewRun) -> Result<(), PipelineError> {
    let id = new.id;
    runs::begin(&workspace.store, new, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Run(id));
    Ok(())
}

/// Passes on what a training has told since the last time.
///
/// # Errors
/// [`PipelineError::Store`] where the records cannot be written; what was told is lost then, and the
/// training itself goes on.
pub async fn pass_on(workspace: &Workspace, run: RunId, log: &RunLog) -> Result<(), PipelineError> {
    let told = log.take();
    if told.is_empty() {
        return Ok(());
    }
    let (store, now) = (&workspace.store, workspace.clock.now());
    if !told.params.is_empty() {
        let params = translate::params(told.params);
        runs::add_params(store, run, params, now).await?;
    }
    if !told.curves.is_empty() {
        let series = translate::series(told.curves);
        runs::append(store, run, series, now).await?;
    }
    if !told.trials.is_empty() {
        let trials = told.trials.into_values().map(translate::trial);
        runs::save_trials(store, run, trials.collect(), now).await?;
    }
    if let Some(study) = &told.study {
        runs::save_artifact(store, run, STUDY, study, now).await?;
    }
    if let Some(challenge) = &told.challenge {
        runs::save_artifact(store, run, CHALLENGE, challenge, now).await?;
    }
    if let Some(evaluation) = told.evaluation {
        let evaluation = translate::evaluation(evaluation);
        runs::save_evaluation(store, run, evaluation, now).await?;
    }
    workspace.changes.announce(Change::Run(run));
    Ok(())
}

/// The search that a run has written down, to go on with.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be read.
pub async fn find_study(
    workspace: &Workspace,
    run: RunId,
) -> Result<Option<rapport_learn::search::Study>, PipelineError> {
    Ok(runs::find_artifact(&workspace.store, run, STUDY).await?)
}

/// The challenge that a run has written down, to go on with.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be read.
pub async fn find_challenge(
    workspace: &Workspace,
    run: RunId,
) -> Result<Option<rapport_learn::challenge::Challenge>, PipelineError> {
    Ok(runs::find_artifact(&workspace.store, run, CHALLENGE).await?)
}

/// Ends a run.
///
/// # Errors
/// [`PipelineError::Store`] where the records cannot be written.
pub async fn end(workspace: &Workspace, run: RunId, ending: RunEnd) -> Result<(), PipelineError> {
    runs::end(&workspace.store, run, ending, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Run(run));
    Ok(())
}

#[cfg(test)]
mod tests;
