//! `PUT` and `DELETE /sources/{id}/signing_secret`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::SourceId;
use rapport_store::source_secrets::{self, SourceSecret};
use serde::Serialize;
use utoipa::ToSchema;

use super::source::find;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageSources;
use crate::session::Allowed;
use crate::signing::write_secret;

/// A secret just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewSigningSecret {
    /// The secret as libraries of Standard Webhooks take it, never to be shown again.
    pub(crate) secret: String,
}

/// Gives a source a secret, in the place of the one that it has. From now on everything that it sends
/// must be signed with it. This answer alone shows it.
#[utoipa::path(
    put, path = "/sources/{id}/signing_secret", tag = "sources",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = NewSigningSecret)),
)]
pub(super) async fn update_signing_secret(
    Allowed { app, .. }: Allowed<ManageSources>,
    Id(id): Id<SourceId>,
) -> ApiResult<Json<NewSigningSecret>> {
    let source = find(&app, id).await?;
    let secret = SourceSecret::generate();
    source_secrets::set(app.store(), source.id, &secret, app.now()).await?;
    let secret = write_secret(secret.as_bytes());
    Ok(Json(NewSigningSecret { secret }))
}

/// Takes a source's secret away: what it sends needs no signature then.
#[utoipa::path(
    delete, path = "/sources/{id}/signing_secret", tag = "sources",
    params(("id" = uuid::Uuid, Path)), responses((status = 204)),
)]
pub(super) async fn delete_signing_secret(
    Allowed { app, .. }: Allowed<ManageSources>,
    Id(id): Id<SourceId>,
) -> ApiResult<StatusCode> {
    let source = find(&app, id).await?;
    source_secrets::remove(app.store(), source.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
