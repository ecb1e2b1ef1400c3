//! `GET /webhooks`

use axum::Json;
use rapport_domain::WebhookType;
use rapport_store::webhooks;

use super::webhook::{Webhook, WebhookEventType, WebhookList};
use crate::error::ApiResult;
use crate::permissions::{ManageWebhooks, may_keep_webhook};
use crate::session::Allowed;

/// Lists one's own webhooks; administrators see everybody's.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks", responses((status = 200, body = WebhookList)),
)]
pub(super) async fn list_webhooks(user: Allowed<ManageWebhooks>) -> ApiResult<Json<WebhookList>> {
    let app = &user.app;
    let owner = (!user.is_administrator()).then_some(user.id);
    let mut list = WebhookList {
        webhooks: Vec::new(),
        types: WebhookType::ALL
            .iter()
            .copied()
            .map(WebhookEventType)
            .collect(),
    };
    for row in webhooks::list(app.store(), owner).await? {
        if may_keep_webhook(&user, &row.webhook) {
            list.webhooks.push(Webhook::of(app, row).await?);
        }
    }
    Ok(Json(list))
}
