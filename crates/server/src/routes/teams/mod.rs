//! Teams: who works together, and what stands below what.

mod create;
mod delete;
mod list;
mod list_members;
mod team;
mod update;
mod update_members;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_teams, create::create_team))
        .routes(routes!(update::update_team, delete::delete_team))
        .routes(routes!(
            list_members::list_team_members,
            update_members::update_team_members
        ))
}
