//! `GET /teams/{id}/members`

use axum::Json;
use rapport_domain::TeamId;
use rapport_store::teams;

use super::team::{TeamMember, TeamMemberList};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Lists who is in a team, by name.
#[utoipa::path(
    get, path = "/teams/{id}/members", tag = "teams", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TeamMemberList)),
)]
pub(super) async fn list_team_members(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<TeamId>,
) -> ApiResult<Json<TeamMemberList>> {
    let found = teams::find(app.store(), id).await?;
    found.ok_or_else(|| ApiError::not_found("team"))?;
    Ok(Json(members(&app, id).await?))
}

/// Who is in a team now.
pub(super) async fn members(app: &Desk, id: TeamId) -> ApiResult<TeamMemberList> {
    let members = teams::list_members(app.store(), id).await?;
    Ok(TeamMemberList {
        members: members.into_iter().map(TeamMember::from).collect(),
    })
}
