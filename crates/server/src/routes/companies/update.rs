//! `PATCH /companies/{id}`

use rapport_domain::{CompanyId, ObjectKind};
use rapport_pipelines::company_attachments;
use rapport_store::companies;

use super::company::{Company, CompanyPatch};
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::{check_references, named_anew};
use crate::session::Allowed;

/// Changes a company by a merge patch.
#[utoipa::path(
    patch, path = "/companies/{id}", tag = "companies", request_body = CompanyPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Company)),
)]
pub(super) async fn update_company(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<CompanyPatch>,
) -> ApiResult<Record<Company>> {
    let company = companies::find(app.store(), id).await?;
    let mut company = company.ok_or_else(|| ApiError::not_found("company"))?;
    let before = company.clone();
    check_custom(&app, ObjectKind::Company, &mut patch.custom).await?;
    ApiError::check(patch.apply(&mut company, app.now()))?;
    company.updated_at = app.now();
    check_references(
        &app,
        [("/owner_id", named_anew(before.owner_id, company.owner_id))],
    )
    .await?;
    let is_found_anew = company.domain.is_some() && company.domain != before.domain;
    companies::update(app.store(), company, version).await?;
    if is_found_anew {
        company_attachments::start(app.workspace()).await?;
    }
    Ok(show::find(&app, id).await?.into())
}
