//! What holds for the whole workspace.

mod matching;
mod show;
mod show_matching;
mod show_survivorship;
mod survivorship;
mod update;
mod update_matching;
mod update_survivorship;
mod workspace;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) use survivorship::{SurvivorshipPatch, check_sources};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show::show_settings, update::update_settings))
        .routes(routes!(
            show_matching::show_matching_settings,
            update_matching::update_matching_settings
        ))
        .routes(routes!(
            show_survivorship::show_survivorship_settings,
            update_survivorship::update_survivorship_settings
        ))
}
