//! A custom field's definition as the API shows and takes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::{LocalizedText, ObjectKind, Time};

/// The type of a custom field's values.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum CustomFieldKind {
    /// Free text of at most 2,000 characters.
    Text,
    /// A finite number.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    Timestamp,
    /// One of the options.
    Choice {
        /// What may be chosen.
        options: Vec<String>,
    },
    /// Any of the options.
    MultipleChoice {
        /// What may be chosen.
        options: Vec<String>,
    },
}

/// A field that the company added to an object.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomField {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The object that has the field.
    pub(crate) object: ObjectKind,
    /// Name in the API and in files, unique per object.
    pub(crate) key: String,
    /// Name on the screen.
    pub(crate) label: LocalizedText,
    /// Type of the values.
    #[serde(rename = "type")]
    pub(crate) kind: CustomFieldKind,
    /// When the field was added.
    pub(crate) created_at: Time,
}

/// All custom fields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomFieldList {
    /// The definitions.
    pub(crate) custom_fields: Vec<CustomField>,
}

/// A new custom field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomFieldInput {
    /// The object that gets the field.
    pub(super) object: ObjectKind,
    /// Name in the API and in files: `snake_case`, unique per object.
    pub(super) key: String,
    /// Name on the screen.
    pub(super) label: LocalizedText,
    /// Type of the values.
    #[serde(rename = "type")]
    pub(super) kind: CustomFieldKind,
}

impl From<rapport_domain::CustomField> for CustomField {
    fn from(field: rapport_domain::CustomField) -> Self {
        Self {
            id: field.id.0,
            object: field.object.into(),
            key: field.key,
            label: field.label.into(),
            kind: field.kind.into(),
            created_at: Time(field.created_at),
        }
    }
}

impl From<rapport_domain::CustomFieldKind> for CustomFieldKind {
    fn from(kind: rapport_domain::CustomFieldKind) -> Self {
        use rapport_domain::CustomFieldKind as Domain;
        match kind {
            Domain::Text => Self::Text,
            Domain::Number => Self::Number,
            Domain::Boolean => Self::Boolean,
            Domain::Date => Self::Date,
            Domain::Timestamp => Self::Timestamp,
            Domain::Choice { options } => Self::Choice { options },
            Domain::MultipleChoice { options } => Self::MultipleChoice { options },
        }
    }
}

impl From<CustomFieldKind> for rapport_domain::CustomFieldKind {
    fn from(kind: CustomFieldKind) -> Self {
        match kind {
            CustomFieldKind::Text => Self::Text,
            CustomFieldKind::Number => Self::Number,
            CustomFieldKind::Boolean => Self::Boolean,
            CustomFieldKind::Date => Self::Date,
            CustomFieldKind::Timestamp => Self::Timestamp,
            CustomFieldKind::Choice { options } => Self::Choice { options },
            CustomFieldKind::MultipleChoice { options } => Self::MultipleChoice { options },
        }
    }
}
