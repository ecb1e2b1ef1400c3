//! Records of any kind as the API shows them, for those who tell of them beside the answers to requests.

use axum::http::StatusCode;
use rapport_domain::{Action, ObjectKind, WebhookObject};
use rapport_store::{imports, segmentations};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::imports::Import;
use super::segmentations::Segmentation;
use crate::answers::strip;
use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// A record as the API shows it to the desk's user, none where it is not there or not seen.
pub(crate) async fn show(desk: &Desk, object: WebhookObject, id: Uuid) -> ApiResult<Option<Value>> {
    let mut shown = show_whole(desk, object, id).await?;
    if let (Some(record), Some(kind)) = (&mut shown, ruled(object)) {
        strip(record, kind, &desk.access().policy);
    }
    Ok(shown)
}

/// The kind of record whose fields roles have rules for.
const fn ruled(object: WebhookObject) -> Option<ObjectKind> {
    match object {
        WebhookObject::Contact => Some(ObjectKind::Contact),
        WebhookObject::Company => Some(ObjectKind::Company),
        WebhookObject::Deal => Some(ObjectKind::Deal),
        WebhookObject::Ticket => Some(ObjectKind::Ticket),
        WebhookObject::Task => Some(ObjectKind::Task),
        WebhookObject::Note | WebhookObject::Import | WebhookObject::Segmentation => None,
    }
}

/// As [`show`], with nothing where something is hidden.
async fn show_whole(desk: &Desk, object: WebhookObject, id: Uuid) -> ApiResult<Option<Value>> {
    match object {
        WebhookObject::Contact => seen(super::contacts::find(desk, id.into()).await),
        WebhookObject::Company => seen(super::companies::find(desk, id.into()).await),
        WebhookObject::Deal => seen(super::deals::find(desk, id.into()).await),
        WebhookObject::Ticket => seen(super::tickets::find(desk, id.into()).await),
        WebhookObject::Task => seen(super::tasks::find(desk, id.into()).await),
        WebhookObject::Note => seen(super::notes::find(desk, id.into()).await),
        WebhookObject::Import => {
            // Imports mix everybody's records.
            if !desk.access().policy.allows(Action::ReadEverything) {
                return Ok(None);
            }
            let import = imports::find(desk.store(), id.into()).await?;
            let import = import.map(|import| Import::of(import, desk.now()));
            seen(import.unwrap_or_else(|| Err(ApiError::not_found("import"))))
        }
        WebhookObject::Segmentation => {
            let found = segmentations::find(desk.store(), id.into()).await?;
            let found = found.map(Segmentation::from);
            seen(found.ok_or_else(|| ApiError::not_found("segmentation")))
        }
    }
}

fn seen<T: Serialize>(found: ApiResult<T>) -> ApiResult<Option<Value>> {
    match found {
        Ok(record) => serde_json::to_value(record)
            .map(Some)
            .map_err(|error| ApiError::internal(format!("a record cannot be written: {error}"))),
        Err(error) if error.status == StatusCode::NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}
