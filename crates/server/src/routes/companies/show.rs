//! `GET /companies/{id}`

use axum::extract::State;
use rapport_domain::CompanyId;
use rapport_store::companies;

use super::company::Company;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows a company.
#[utoipa::path(
    get, path = "/companies/{id}", tag = "companies", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Company)),
)]
pub(super) async fn show_company(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<CompanyId>,
) -> ApiResult<Record<Company>> {
    Ok(find(&app, id).await?.into())
}

/// The company as it is now.
pub(super) async fn find(app: &AppState, id: CompanyId) -> ApiResult<Company> {
    let row = companies::find_row(app.store(), id).await?;
    row.map(Company::from)
        .ok_or_else(|| ApiError::not_found("company"))
}
