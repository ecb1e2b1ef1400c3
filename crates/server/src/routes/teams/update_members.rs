//! `PUT /teams/{id}/members`

use axum::Json;
use rapport_domain::TeamId;
use rapport_store::teams;

use super::list_members;
use super::team::{TeamMemberList, TeamMembersInput};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ManageUsers;
use crate::session::Allowed;

/// The most people in one team.
const N_MEMBERS_MAX: usize = 5_000;

/// Says who is in a team, everybody at once.
#[utoipa::path(
    put, path = "/teams/{id}/members", tag = "teams", request_body = TeamMembersInput,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TeamMemberList)),
)]
pub(super) async fn update_team_members(
    administrator: Allowed<ManageUsers>,
    Id(id): Id<TeamId>,
    Body(input): Body<TeamMembersInput>,
) -> ApiResult<Json<TeamMemberList>> {
    administrator.confirm().await?;
    if input.members.len() > N_MEMBERS_MAX {
        let message = "a team has at most 5000 members";
        return Err(ApiError::unprocessable(
            "/members",
            "too_many_members",
            message,
        ));
    }
    let app = &administrator.app;
    let members = input.members.into_iter();
    let members = members.map(|member| (member.user_id.into(), member.is_lead));
    teams::set_members(app.store(), id, members.collect()).await?;
    app.announce_access();
    Ok(Json(list_members::members(app, id).await?))
}
