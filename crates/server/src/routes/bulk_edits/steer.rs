//! Who may stop a bulk edit or take it back.

use axum::http::StatusCode;
use rapport_domain::{BulkEditId, ObjectKind};

use super::show::find;
use crate::error::{ApiError, ApiResult};
use crate::permissions::{WriteRecords, may_steer_bulk_edit};
use crate::session::Allowed;

/// Refuses a caller who may not steer the edit, and a key without the scope for the records that it is about.
pub(super) async fn check_steering(
    allowed: &Allowed<WriteRecords>,
    id: BulkEditId,
) -> ApiResult<()> {
    let edit = find(&allowed.app, id).await?;
    let author = edit.created_by.map(|author| author.id);
    let policy = &allowed.app.access().policy;
    if !may_steer_bulk_edit(allowed, policy, author, edit.object) {
        let detail = "only who asked for this edit or may change all these records stops it or takes it back";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail));
    }
    allowed.require_given_at::<WriteRecords>(resource_of(edit.object))
}

/// The first segment of the addresses of a kind of records.
const fn resource_of(object: ObjectKind) -> &'static str {
    match object {
        ObjectKind::Contact => "contacts",
        ObjectKind::Company => "companies",
        ObjectKind::Deal => "deals",
        ObjectKind::Ticket => "tickets",
        ObjectKind::Task => "tasks",
        ObjectKind::Product => "products",
        ObjectKind::Order => "orders",
        ObjectKind::Campaign => "campaigns",
    }
}
