//! Runs: trainings and searches, with curves, evaluations and trials.

mod evaluation;
mod list;
mod list_trials;
mod run;
mod several;
mod show;
mod show_comparison;
mod show_curves;
mod show_evaluation;
mod trial;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use evaluation::NamedFigures;
pub(crate) use run::RunSummary;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_runs))
        .routes(routes!(show_comparison::show_run_comparison))
        .routes(routes!(show_curves::show_run_curves))
        .routes(routes!(show::show_run))
        .routes(routes!(show_evaluation::show_run_evaluation))
        .routes(routes!(list_trials::list_run_trials))
}
