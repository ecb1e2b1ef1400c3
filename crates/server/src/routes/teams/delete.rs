//! `DELETE /teams/{id}`

use axum::http::StatusCode;
use rapport_domain::TeamId;
use rapport_store::teams;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageUsers;
use crate::session::Allowed;

/// Deletes a team with its memberships; one with teams below it is 409.
#[utoipa::path(
    delete, path = "/teams/{id}", tag = "teams", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_team(
    Allowed { app, .. }: Allowed<ManageUsers>,
    Id(id): Id<TeamId>,
) -> ApiResult<StatusCode> {
    teams::delete(app.store(), id).await?;
    app.announce_access();
    Ok(StatusCode::NO_CONTENT)
}
