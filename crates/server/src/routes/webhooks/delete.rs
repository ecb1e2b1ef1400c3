//! `DELETE /webhooks/{id}`

use axum::http::StatusCode;
use rapport_domain::WebhookId;
use rapport_store::webhooks;

use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;

/// Deletes a webhook with its log; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/webhooks/{id}", tag = "webhooks",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_webhook(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    let row = super::find(app, &user, id).await?;
    let version = version.map_or(row.webhook.version, |IfMatch(version)| version);
    webhooks::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
