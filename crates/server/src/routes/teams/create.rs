//! `POST /teams`

use axum::Json;
use rapport_store::teams;
use uuid::Uuid;

use super::team::{Team, TeamInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::ManageUsers;
use crate::respond::Created;
use crate::session::Allowed;

/// Makes a team.
#[utoipa::path(
    post, path = "/teams", tag = "teams", request_body = TeamInput,
    responses((status = 201, body = Team)),
)]
pub(super) async fn create_team(
    administrator: Allowed<ManageUsers>,
    Body(input): Body<TeamInput>,
) -> ApiResult<Created<Json<Team>>> {
    administrator.confirm().await?;
    let app = &administrator.app;
    let id: Uuid = app.new_id();
    let team = input.into_team(id);
    teams::save(app.store(), team.clone()).await?;
    Ok(Created::new("teams", id, Json(team.into())))
}
