//! `GET /teams`

use axum::Json;
use rapport_store::teams;

use super::team::{Team, TeamList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::respond::Meta;
use crate::session::Allowed;

/// Lists teams by name, on one page.
#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, body = TeamList)))]
pub(super) async fn list_teams(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<TeamList>> {
    let teams: Vec<Team> = teams::list(app.store())
        .await?
        .into_iter()
        .map(Team::from)
        .collect();
    let meta = Meta {
        next_cursor: None,
        estimate: Some(teams.len() as u64),
    };
    Ok(Json(TeamList { teams, meta }))
}
