//! Values of custom fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Patch;

/// One value of a custom field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum CustomValue {
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text, a date, an instant or a choice.
    Text(String),
    /// Several choices.
    Choices(Vec<String>),
}

/// Custom values by field key.
pub(crate) type CustomValues = BTreeMap<String, CustomValue>;

impl From<rapport_domain::CustomValue> for CustomValue {
    fn from(value: rapport_domain::CustomValue) -> Self {
        match value {
            rapport_domain::CustomValue::Boolean(value) => Self::Boolean(value),
            rapport_domain::CustomValue::Number(value) => Self::Number(value),
            rapport_domain::CustomValue::Text(value) => Self::Text(value),
            rapport_domain::CustomValue::Choices(value) => Self::Choices(value),
        }
    }
}

impl From<CustomValue> for rapport_domain::CustomValue {
    fn from(value: CustomValue) -> Self {
        match value {
            CustomValue::Boolean(value) => Self::Boolean(value),
            CustomValue::Number(value) => Self::Number(value),
            CustomValue::Text(value) => Self::Text(value),
            CustomValue::Choices(value) => Self::Choices(value),
        }
    }
}

/// The wire form of a record's custom values.
pub(crate) fn write_custom(values: rapport_domain::CustomValues) -> CustomValues {
    values
        .into_iter()
        .map(|(key, value)| (key, value.into()))
        .collect()
}

/// What a patch says of custom values, by field key: the new value, or none where it is removed.
pub(crate) fn custom_changes(
    patch: BTreeMap<String, Patch<CustomValue>>,
) -> impl Iterator<Item = (String, Option<rapport_domain::CustomValue>)> {
    let changes = patch.into_iter();
    changes.filter_map(|(key, change)| Some((key, change.value()?)))
}
