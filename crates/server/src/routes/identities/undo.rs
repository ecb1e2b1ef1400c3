//! `POST /identity_operations/{id}/undo`

use axum::Json;
use rapport_domain::IdentityChange;
use rapport_store::identity_log::{self, KeptField, Unmerge};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::grounds;
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::routes::contacts::{Contact, find};
use crate::session::Allowed;

/// How an operation is taken back, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityOperationUndoRequest {
    /// Why, for those who read the log.
    reason: Option<String>,
    /// Whether the two are not to be merged again.
    #[serde(default)]
    keep_apart: bool,
    /// Whether what is left is brought back where something is gone for good.
    #[serde(default)]
    in_part: bool,
}

/// A field that stays as it is, since somebody has changed it since.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeptContactField {
    /// The field; of a custom field `custom.` and its key.
    field: String,
    /// What stood there before the merge.
    before: Value,
    /// What the merge wrote.
    after: Value,
    /// What stands there.
    found: Value,
}

/// An operation that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityOperationUndo {
    /// The number of the operation that took it back.
    operation: i64,
    /// The contact that is there again; null where a decision was taken back.
    contact: Option<Contact>,
    /// The contact that it was part of; null where that one is deleted.
    person_id: Option<Uuid>,
    /// Fields that stay as they are.
    kept: Vec<KeptContactField>,
    /// What does not come back, in words.
    lost: Vec<String>,
    /// Orders and tickets that came since and stay with the person, for their sources know both.
    n_ambiguous: u64,
}

/// Takes a merge back, wherever it stands among others, or a decision: that two are the same or never are, and
/// that of a split. Answers 409 where it is not in force, and where part of what a merge would bring back is
/// gone, telling what; `in_part` brings the rest back.
#[utoipa::path(
    post, path = "/identity_operations/{id}/undo", tag = "contacts",
    request_body = IdentityOperationUndoRequest, params(("id" = i64, Path)),
    responses((status = 200, body = IdentityOperationUndo)),
)]
pub(super) async fn create_identity_operation_undo(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<i64>,
    Body(asked): Body<IdentityOperationUndoRequest>,
) -> ApiResult<Json<IdentityOperationUndo>> {
    let grounds = grounds(asked.reason)?;
    let row = identity_log::expect(app.store(), id).await?;
    if !matches!(row.operation.change, IdentityChange::Merge { .. }) {
        let operation = identity_log::withdraw(app.store(), id, grounds).await?;
        return Ok(Json(IdentityOperationUndo {
            operation,
            contact: None,
            person_id: None,
            kept: Vec::new(),
            lost: Vec::new(),
            n_ambiguous: 0,
        }));
    }
    let unmerge = Unmerge {
        merge: id,
        grounds,
        keep_apart: asked.keep_apart,
        in_part: asked.in_part,
    };
    let unmerged = identity_log::unmerge(app.store(), unmerge).await?;
    Ok(Json(IdentityOperationUndo {
        operation: unmerged.operation,
        contact: Some(find(&app, unmerged.contact.id).await?),
        person_id: unmerged.person.map(|person| person.id.into()),
        kept: unmerged.kept.into_iter().map(Into::into).collect(),
        lost: unmerged.lost,
        n_ambiguous: unmerged.n_ambiguous,
    }))
}

impl From<KeptField> for KeptContactField {
    fn from(kept: KeptField) -> Self {
        Self {
            field: kept.field,
            before: kept.before,
            after: kept.after,
            found: kept.found,
        }
    }
}
