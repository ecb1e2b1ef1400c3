//! `POST /contacts/{id}/split`

use axum::Json;
use rapport_domain::{Contact as Draft, ContactId, IdentityId};
use rapport_store::identity_log::{self, Split};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::grounds;
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::routes::contacts::{Contact, find};
use crate::session::Allowed;

/// Which identities leave a contact, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactSplitRequest {
    /// The identities, as the contact's profile lists them.
    #[serde(default)]
    identities: Vec<Uuid>,
    /// The name of the new contact; where it is absent that of this one.
    name: Option<String>,
    /// Why, for those who read the log.
    reason: Option<String>,
}

/// A split that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactSplit {
    /// The number of the operation.
    operation: i64,
    /// The contact that was left.
    left: Contact,
    /// The new contact.
    contact: Contact,
    /// Orders and tickets that stay, since their sources know both and do not say whose they are.
    n_ambiguous: u64,
}

/// Splits identities off a contact into a new one. The two are not merged again until the operation is taken
/// back. Answers 409 where an identity is not the contact's.
#[utoipa::path(
    post, path = "/contacts/{id}/split", tag = "contacts", request_body = ContactSplitRequest,
    params(("id" = Uuid, Path)), responses((status = 200, body = ContactSplit)),
)]
pub(super) async fn create_contact_split(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<ContactId>,
    Body(asked): Body<ContactSplitRequest>,
) -> ApiResult<Json<ContactSplit>> {
    let name = match asked.name {
        Some(name) => name,
        None => find(&app, id).await?.name,
    };
    let split = Split {
        from: id,
        identities: asked.identities.into_iter().map(IdentityId).collect(),
        into: Draft::named(app.new_id(), name, app.now()),
        grounds: grounds(asked.reason)?,
    };
    let parted = identity_log::split(app.store(), split).await?;
    Ok(Json(ContactSplit {
        operation: parted.operation,
        left: find(&app, id).await?,
        contact: find(&app, parted.contact.id).await?,
        n_ambiguous: parted.n_ambiguous,
    }))
}
