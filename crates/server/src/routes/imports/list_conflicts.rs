//! `GET /imports/{id}/conflicts`

use rapport_domain::ImportId;
use rapport_store::imports;

use super::conflict::{ImportConflict, ImportConflictList};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists what the undo of an import left as it is, because others had changed it since.
#[utoipa::path(
    get, path = "/imports/{id}/conflicts", tag = "imports",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = ImportConflictList)),
)]
pub(super) async fn list_import_conflicts(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ImportId>,
    list: List,
) -> ApiResult<Paged<ImportConflictList>> {
    let import = imports::find(app.store(), id).await?;
    import.ok_or_else(|| ApiError::not_found("import"))?;
    let page = imports::list_conflicts(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |conflicts, meta| ImportConflictList {
        conflicts: conflicts.into_iter().map(ImportConflict::from).collect(),
        meta,
    }))
}
