//! `GET /companies`

use rapport_store::companies;

use super::company::{Company, CompanyList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists companies.
#[utoipa::path(
    get, path = "/companies", tag = "companies", params(ListParams),
    responses((status = 200, body = CompanyList)),
)]
pub(super) async fn list_companies(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<CompanyList>> {
    let page = companies::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| CompanyList {
        companies: rows.into_iter().map(Company::from).collect(),
        meta,
    }))
}
