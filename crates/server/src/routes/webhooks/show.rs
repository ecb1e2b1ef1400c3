//! `GET /webhooks/{id}`

use rapport_domain::WebhookId;

use super::webhook::Webhook;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::respond::Record;
use crate::session::Allowed;

/// Shows a webhook.
#[utoipa::path(
    get, path = "/webhooks/{id}", tag = "webhooks", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Webhook)),
)]
pub(super) async fn show_webhook(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
) -> ApiResult<Record<Webhook>> {
    let app = &user.app;
    let row = super::find(app, &user, id).await?;
    Ok(Webhook::of(app, row).await?.into())
}
