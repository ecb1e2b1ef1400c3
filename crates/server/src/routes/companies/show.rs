//! `GET /companies/{id}`

use rapport_domain::{AuditObject, CompanyId};
use rapport_store::companies;

use super::company::Company;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a company.
#[utoipa::path(
    get, path = "/companies/{id}", tag = "companies", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Company)),
)]
pub(super) async fn show_company(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<CompanyId>,
) -> ApiResult<Record<Company>> {
    let company = find(&app, id).await?;
    app.saw(AuditObject::Company, id);
    Ok(company.into())
}

/// The company as it is now.
pub(crate) async fn find(app: &Desk, id: CompanyId) -> ApiResult<Company> {
    let row = companies::find_row(app.store(), id).await?;
    row.map(Company::from)
        .ok_or_else(|| ApiError::not_found("company"))
}
