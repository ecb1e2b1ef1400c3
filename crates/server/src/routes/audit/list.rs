//! `GET /audit`

use rapport_store::audit;

use super::entry::{AuditEntry, AuditList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadAudit;
use crate::respond::Paged;
use crate::session::Allowed;
use crate::sightings;

/// Lists who changed and saw what, the latest first, by `action`, `object`, `object_id`, `about_id`,
/// `actor`, `user_id`, `key_id` and `at`. `object_id:eq:…` with `action:eq:viewed` tells who saw a record.
#[utoipa::path(
    get, path = "/audit", tag = "audit", params(ListParams),
    responses((status = 200, body = AuditList)),
)]
pub(super) async fn list_audit(
    Allowed { app, .. }: Allowed<ReadAudit>,
    list: List,
) -> ApiResult<Paged<AuditList>> {
    sightings::try_settle(app.app()).await?;
    let page = audit::list(app.store(), &list.query).await?;
    let names = audit::names(app.store(), &page.items).await?;
    Ok(list.answer(page, |rows, meta| AuditList {
        entries: rows.into_iter().map(AuditEntry::from).collect(),
        names,
        meta,
    }))
}
