//! `GET /imports`

use rapport_store::imports;

use super::import::{Import, ImportList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists imports, the latest first.
#[utoipa::path(
    get, path = "/imports", tag = "imports", params(ListParams),
    responses((status = 200, body = ImportList)),
)]
pub(super) async fn list_imports(
    Allowed { app, .. }: Allowed<ReadEverything>,
    list: List,
) -> ApiResult<Paged<ImportList>> {
    let page = imports::list(app.store(), &list.query).await?;
    let (next, estimate) = (page.next, page.estimate);
    let items = page
        .items
        .into_iter()
        .map(|import| Import::of(import, app.now()));
    let items = items.collect::<ApiResult<Vec<_>>>()?;
    let page = rapport_store::Page {
        items,
        next,
        estimate,
    };
    Ok(list.answer(page, |imports, meta| ImportList { imports, meta }))
}
