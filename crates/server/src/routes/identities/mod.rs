//! Who is whom: contacts that are made one, parted again or split, and the log of it.

mod decide;
mod merge;
mod operation;
mod operations;
mod preview;
mod split;
mod undo;

use rapport_domain::{IdentityGrounds, Invalid};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::ApiResult;
use crate::state::AppState;

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(merge::create_contact_merge))
        .routes(routes!(preview::show_contact_merge_preview))
        .routes(routes!(decide::create_contact_decision))
        .routes(routes!(split::create_contact_split))
        .routes(routes!(operations::list_contact_identity_operations))
        .routes(routes!(undo::create_identity_operation_undo))
}

/// The grounds of what a person does.
fn grounds(reason: Option<String>) -> ApiResult<IdentityGrounds> {
    Ok(IdentityGrounds {
        reason: checked_reason(reason)?,
        rule: Some("person".to_owned()),
        ..IdentityGrounds::default()
    })
}

/// A reason that somebody gives; none where it is blank.
pub(crate) fn checked_reason(reason: Option<String>) -> ApiResult<Option<String>> {
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let length = reason.as_ref().map_or(0, |reason| reason.chars().count());
    if length > REASON_MAX {
        let message = format!("use at most {REASON_MAX} characters");
        return Err(Invalid::one("/reason", "too_long", message).into());
    }
    Ok(reason)
}
