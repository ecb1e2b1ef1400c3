//! The rule that custom values fit their definitions.

use std::collections::BTreeMap;

use rapport_domain::ObjectKind;
use rapport_store::custom_fields;

use crate::error::{ApiError, ApiResult};
use crate::state::Desk;
use crate::wire::{CustomValue, Patch};

/// Refuses values of unknown fields or of the wrong type. Removing an unknown value is allowed,
/// for its field may have been removed before it.
pub(crate) async fn check_custom(
    app: &Desk,
    object: ObjectKind,
    changes: &BTreeMap<String, Patch<CustomValue>>,
) -> ApiResult<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let fields = custom_fields::list(app.store(), Some(object)).await?;
    for (key, change) in changes {
        let Patch::Set(value) = change else { continue };
        let pointer = format!("/custom/{key}");
        let field = fields
            .iter()
            .find(|field| field.key == *key)
            .ok_or_else(|| {
                let message = "there is no such custom field; define it first";
                ApiError::unprocessable(pointer.as_str(), "unknown_field", message)
            })?;
        field
            .check_value(&value.clone().into())
            .map_err(|invalid| ApiError::unprocessable(pointer, "wrong_type", said(&invalid)))?;
    }
    Ok(())
}

fn said(invalid: &rapport_domain::Invalid) -> String {
    let messages = invalid
        .violations
        .iter()
        .map(|violation| violation.message.as_str());
    messages.collect::<Vec<_>>().join("; ")
}
