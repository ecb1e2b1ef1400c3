//! Webhooks: where events are sent, and what became of each.

mod create;
mod create_delivery_replay;
mod create_replay;
mod create_test;
mod delete;
mod delivery;
mod list;
mod list_deliveries;
mod show;
mod show_delivery;
mod update;
mod update_secret;
mod webhook;

use rapport_domain::{User, WebhookId};
use rapport_store::webhooks::{self, WebhookRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, ApiResult};
use crate::permissions::may_keep_webhook;
use crate::state::{AppState, Desk};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_webhooks, create::create_webhook))
        .routes(routes!(
            show::show_webhook,
            update::update_webhook,
            delete::delete_webhook
        ))
        .routes(routes!(create_test::create_webhook_test))
        .routes(routes!(update_secret::update_webhook_secret))
        .routes(routes!(create_replay::create_webhook_replay))
        .routes(routes!(list_deliveries::list_webhook_deliveries))
        .routes(routes!(show_delivery::show_webhook_delivery))
        .routes(routes!(
            create_delivery_replay::create_webhook_delivery_replay
        ))
}

/// A webhook that the user keeps; others' are as if they were not there.
async fn find(app: &Desk, user: &User, id: WebhookId) -> ApiResult<WebhookRow> {
    let row = webhooks::find(app.store(), id).await?;
    row.filter(|row| may_keep_webhook(user, &row.webhook))
        .ok_or_else(|| ApiError::not_found("webhook"))
}
