//! `PATCH /webhooks/{id}`

use rapport_domain::WebhookId;
use rapport_store::webhooks;

use super::webhook::{Webhook, WebhookPatch};
use crate::error::ApiResult;
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::ManageWebhooks;
use crate::respond::Record;
use crate::session::Allowed;

/// Changes a webhook by a merge patch, or switches it off and on.
#[utoipa::path(
    patch, path = "/webhooks/{id}", tag = "webhooks", request_body = WebhookPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Webhook)),
)]
pub(super) async fn update_webhook(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
    IfMatch(version): IfMatch,
    Body(patch): Body<WebhookPatch>,
) -> ApiResult<Record<Webhook>> {
    let app = &user.app;
    let mut webhook = super::find(app, &user, id).await?.webhook;
    patch.apply(&mut webhook, &app.config().webhook_networks)?;
    user.confirm().await?;
    webhook.updated_at = app.now();
    webhooks::update(app.store(), webhook, version).await?;
    let row = super::find(app, &user, id).await?;
    Ok(Webhook::of(app, row).await?.into())
}
