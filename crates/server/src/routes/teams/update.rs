//! `PUT /teams/{id}`

use axum::Json;
use rapport_domain::TeamId;
use rapport_store::teams;

use super::team::{Team, TeamInput};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ManageUsers;
use crate::session::Allowed;

/// Writes a team anew; it cannot stand below itself.
#[utoipa::path(
    put, path = "/teams/{id}", tag = "teams", request_body = TeamInput,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Team)),
)]
pub(super) async fn update_team(
    administrator: Allowed<ManageUsers>,
    Id(id): Id<TeamId>,
    Body(input): Body<TeamInput>,
) -> ApiResult<Json<Team>> {
    administrator.confirm().await?;
    let store = administrator.app.store();
    let found = teams::find(store, id).await?;
    found.ok_or_else(|| ApiError::not_found("team"))?;
    let team = input.into_team(id.into());
    teams::save(store, team.clone()).await?;
    administrator.app.announce_access();
    Ok(Json(team.into()))
}
