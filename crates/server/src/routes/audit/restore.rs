//! `POST /audit/{id}/restore`

use axum::Json;
use rapport_store::audit::{self, Restored};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::{ReadAudit, WriteRecords};
use crate::session::Allowed;
use crate::wire::AuditObject;

/// What became of a record.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RestoreOutcome {
    /// Its fields have their former values.
    Changed,
    /// It was deleted, for the entry told that it was made.
    Deleted,
    /// It is there again, for the entry told that it was deleted.
    Made,
}

/// A change that was set back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditRestore {
    /// The kind of record.
    object: AuditObject,
    /// The record.
    object_id: Option<Uuid>,
    /// What became of it.
    outcome: RestoreOutcome,
}

/// Sets back what an entry tells of, as a change in the caller's name that is checked like any other.
/// Answers 409 where a field was changed since, naming each. Of a deleted record its own fields come back,
/// not what hung on it.
#[utoipa::path(
    post, path = "/audit/{id}/restore", tag = "audit", params(("id" = i64, Path)),
    responses((status = 200, body = AuditRestore)),
)]
pub(super) async fn create_audit_restore(
    user: Allowed<ReadAudit>,
    Id(id): Id<i64>,
) -> ApiResult<Json<AuditRestore>> {
    // No scope of a key covers it: to read the audit is less than to change what it tells of.
    user.require::<WriteRecords>()?;
    let app = &user.app;
    let entry = audit::expect(app.store(), id).await?;
    let restored = audit::restore(app.store(), &entry, app.now()).await?;
    Ok(Json(AuditRestore {
        object: entry.object.into(),
        object_id: entry.object_id,
        outcome: match restored {
            Restored::Changed => RestoreOutcome::Changed,
            Restored::Deleted => RestoreOutcome::Deleted,
            Restored::Made => RestoreOutcome::Made,
        },
    }))
}
