//! `POST /companies`

use rapport_domain::{Company as Draft, ObjectKind};
use rapport_pipelines::company_attachments;
use rapport_store::companies;

use super::company::{Company, CompanyPatch};
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::{Created, Record};
use crate::routes::custom_fields::check_new_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Creates a company.
#[utoipa::path(
    post, path = "/companies", tag = "companies", request_body = CompanyPatch,
    responses((status = 201, body = Company)),
)]
pub(super) async fn create_company(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Body(mut patch): Body<CompanyPatch>,
) -> ApiResult<Created<Record<Company>>> {
    check_new_custom(&app, ObjectKind::Company, &mut patch.custom).await?;
    let mut draft = Draft::named(app.new_id(), "", app.now());
    ApiError::check(patch.apply(&mut draft, app.now()))?;
    check_references(&app, [("/owner_id", draft.owner_id.map(Into::into))]).await?;
    let has_domain = draft.domain.is_some();
    let id = companies::create(app.store(), draft).await?.id;
    if has_domain {
        company_attachments::start(app.workspace()).await?;
    }
    Ok(Created::new(
        "companies",
        id.0,
        show::find(&app, id).await?.into(),
    ))
}
