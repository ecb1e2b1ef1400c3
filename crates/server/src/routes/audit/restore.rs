//! `POST /audit/{id}/restore`

use std::collections::BTreeMap;

use axum::Json;
use rapport_domain::{AuditAction, AuditObject as Of, NoteId, ObjectKind, User, UserId};
use rapport_store::audit::{self, AuditEntry, Restored};
use rapport_store::{custom_fields, notes};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::{ReadAudit, WriteRecords};
use crate::routes::custom_fields::check_custom;
use crate::routes::notes::check_author;
use crate::session::Allowed;
use crate::state::Desk;
use crate::wire::{AuditObject, CustomValue, Patch};

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
    check_note(app, &user, &entry).await?;
    check_values(app, &entry).await?;
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

/// A note bears its author's name, and so does one that is made anew.
async fn check_note(app: &Desk, user: &User, entry: &AuditEntry) -> ApiResult<()> {
    let (Of::Note, Some(id)) = (entry.object, entry.object_id) else {
        return Ok(());
    };
    let author = match notes::find(app.store(), NoteId(id)).await? {
        Some(note) => note.author_id,
        None => {
            let mut changes = entry.changes.iter().flatten();
            let told = changes.find(|change| change.column == "author_id");
            let author = told.and_then(|change| change.before.as_str()?.parse().ok());
            author.map(UserId)
        }
    };
    check_author(user, author)
}

/// Custom values that are set back keep the rules that their fields have now. A record that is made anew
/// may hold values of fields that are gone, as others do.
async fn check_values(app: &Desk, entry: &AuditEntry) -> ApiResult<()> {
    let object = match entry.object {
        Of::Contact => ObjectKind::Contact,
        Of::Company => ObjectKind::Company,
        Of::Deal => ObjectKind::Deal,
        Of::Ticket => ObjectKind::Ticket,
        Of::Task => ObjectKind::Task,
        _ => return Ok(()),
    };
    if entry.action == AuditAction::Created {
        return Ok(());
    }
    let changes = entry.changes.iter().flatten();
    let mut values: BTreeMap<String, Patch<CustomValue>> = changes
        .filter_map(|change| {
            let key = change.column.strip_prefix("custom.")?;
            let value = serde_json::from_value(change.before.clone());
            Some((key.to_owned(), value.map_or(Patch::Clear, Patch::Set)))
        })
        .collect();
    if entry.action == AuditAction::Deleted {
        let fields = custom_fields::list_active(app.store(), object).await?;
        values.retain(|key, _| fields.iter().any(|field| field.key == *key));
    }
    check_custom(app, object, &mut values).await
}
