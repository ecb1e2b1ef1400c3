//! `GET /webhooks/{id}/deliveries`

use rapport_domain::WebhookId;
use rapport_store::webhooks;

use super::delivery::{WebhookDelivery, WebhookDeliveryList};
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ManageWebhooks;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists what was told to a webhook in the last thirty days, the latest first.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "webhooks",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = WebhookDeliveryList)),
)]
pub(super) async fn list_webhook_deliveries(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
    list: List,
) -> ApiResult<Paged<WebhookDeliveryList>> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    let page = webhooks::list_deliveries(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| WebhookDeliveryList {
        deliveries: rows.into_iter().map(WebhookDelivery::from).collect(),
        meta,
    }))
}
