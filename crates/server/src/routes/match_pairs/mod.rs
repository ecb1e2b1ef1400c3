//! Pairs of contacts that may be one person, and what people decide on them.

mod accept;
mod acceptance;
mod cancel_acceptance;
mod decide;
mod list;
mod list_acceptances;
mod match_pair;
mod show;
mod show_acceptance;
mod undo_acceptance;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use match_pair::MatchVerdict;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_match_pairs))
        .routes(routes!(
            list_acceptances::list_match_acceptances,
            accept::create_match_acceptance
        ))
        .routes(routes!(show_acceptance::show_match_acceptance))
        .routes(routes!(cancel_acceptance::cancel_match_acceptance))
        .routes(routes!(undo_acceptance::create_match_acceptance_undo))
        .routes(routes!(show::show_match_pair))
        .routes(routes!(decide::create_match_pair_decision))
}
