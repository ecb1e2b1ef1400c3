//! `GET /contacts/{id}/profile`

use axum::Json;
use rapport_domain::{AuditObject, ContactId};
use rapport_pipelines::profiles;
use rapport_store::{company_attachments, consents, identities, reports, scores};

use super::known::{ContactMonth, ContactProfile, FeatureValue, ProfileSegment};
use super::show;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows everything that is known of a contact.
#[utoipa::path(
    get, path = "/contacts/{id}/profile", tag = "contacts", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ContactProfile)),
)]
pub(super) async fn show_contact_profile(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ContactId>,
) -> ApiResult<Json<ContactProfile>> {
    let store = app.store();
    let contact = show::find(&app, id).await?;
    app.saw(AuditObject::Contact, id);
    let profile = profiles::of(app.workspace(), id).await?;
    let currency = contact.total_spent.map(|spent| spent.currency);
    let months = reports::contact_revenue_by_month(store, id)
        .await?
        .into_iter();
    let months = months.filter(|month| currency.is_none_or(|c| c == month.amount.currency));
    Ok(Json(ContactProfile {
        contact,
        company_reason: company_attachments::reason_of(store, id)
            .await?
            .map(Into::into),
        features: profile
            .features
            .into_iter()
            .map(FeatureValue::from)
            .collect(),
        segment: profile.segment.map(ProfileSegment::from),
        scores: scores::list_of(store, id)
            .await?
            .into_iter()
            .map(Into::into)
            .collect(),
        identities: identities::list_of(store, id)
            .await?
            .into_iter()
            .map(Into::into)
            .collect(),
        consents: consents::list_of(store, id)
            .await?
            .into_iter()
            .map(Into::into)
            .collect(),
        monthly: months.map(ContactMonth::from).collect(),
    }))
}
