//! A custom field's definition as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::{Timestamp, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Record;
use crate::wire::{CustomValue, LocalizedText, ObjectKind, Patch, Time};

/// The type of a custom field's values.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum CustomFieldKind {
    /// Free text of at most 2,000 characters.
    Text,
    /// Free text of at most 20,000 characters, of several lines.
    LongText,
    /// A finite number.
    Number,
    /// A whole number of at most 15 digits.
    Integer,
    /// Yes or no.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    Timestamp,
    /// An address on the web.
    Url,
    /// An e-mail address.
    Email,
    /// A phone number with its country code.
    Phone,
    /// One of the options.
    Choice {
        /// What may be chosen, as records hold it.
        options: Vec<String>,
        /// What options are called on the screen, where it is something else.
        #[serde(default)]
        labels: BTreeMap<String, String>,
    },
    /// Any of the options.
    MultipleChoice {
        /// What may be chosen, as records hold it.
        options: Vec<String>,
        /// What options are called on the screen, where it is something else.
        #[serde(default)]
        labels: BTreeMap<String, String>,
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
    /// What the field is for.
    pub(crate) help: Option<LocalizedText>,
    /// Where it stands among the fields of its object.
    pub(crate) position: i32,
    /// Whether new records must have a value, and none may lose it.
    pub(crate) is_required: bool,
    /// Whether no two records may have the same value.
    pub(crate) is_unique: bool,
    /// Whether lists have an index to filter and sort by it.
    pub(crate) is_indexed: bool,
    /// Whether records are found by the words of its values.
    pub(crate) is_searchable: bool,
    /// The value of new records for which none is given.
    pub(crate) default: Option<CustomValue>,
    /// When the field was put away: its values are kept and hidden.
    pub(crate) archived_at: Option<Time>,
    /// When the field was added.
    pub(crate) created_at: Time,
    /// Latest change.
    pub(crate) updated_at: Time,
    /// Version for `If-Match`.
    pub(crate) version: i64,
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
    /// The object that gets the field: contact, company, deal, ticket or task.
    pub(super) object: ObjectKind,
    /// Name in the API and in files: `snake_case`, unique per object, and never changed.
    pub(super) key: String,
    /// Name on the screen.
    pub(super) label: LocalizedText,
    /// Type of the values.
    #[serde(rename = "type")]
    pub(super) kind: CustomFieldKind,
    /// What the field is for.
    #[serde(default)]
    help: Option<LocalizedText>,
    /// Whether new records must have a value, and none may lose it.
    #[serde(default)]
    is_required: bool,
    /// Whether no two records may have the same value.
    #[serde(default)]
    is_unique: bool,
    /// Whether a job makes an index to filter and sort lists by it.
    #[serde(default)]
    is_indexed: bool,
    /// Whether records are found by the words of its values; for texts of contacts and companies.
    #[serde(default)]
    is_searchable: bool,
    /// The value of new records for which none is given.
    #[serde(default)]
    default: Option<CustomValue>,
}

/// Fields to set: a merge patch. Key, object and type stay; options are added, moved and labelled
/// anew.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomFieldPatch {
    /// Name on the screen.
    #[serde(default)]
    #[schema(value_type = LocalizedText, required = false)]
    label: Patch<LocalizedText>,
    /// Type of the values, of the same kind, with all options that there were.
    #[serde(default, rename = "type")]
    #[schema(value_type = CustomFieldKind, required = false)]
    kind: Patch<CustomFieldKind>,
    /// What the field is for.
    #[serde(default)]
    #[schema(value_type = Option<LocalizedText>)]
    help: Patch<LocalizedText>,
    /// Where it stands among the fields of its object.
    #[serde(default)]
    #[schema(value_type = i32, required = false)]
    position: Patch<i32>,
    /// Whether new records must have a value, and none may lose it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_required: Patch<bool>,
    /// Whether no two records may have the same value.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_unique: Patch<bool>,
    /// Whether a job makes an index to filter and sort lists by it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_indexed: Patch<bool>,
    /// Whether records are found by the words of its values.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_searchable: Patch<bool>,
    /// The value of new records for which none is given.
    #[serde(default)]
    #[schema(value_type = Option<CustomValue>)]
    default: Patch<CustomValue>,
    /// Whether the field is put away: its values are kept and hidden.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_archived: Patch<bool>,
}

impl CustomFieldInput {
    /// The field to be made.
    pub(super) fn into_draft(
        self,
        id: rapport_domain::CustomFieldId,
        now: Timestamp,
    ) -> rapport_domain::CustomField {
        let (object, kind) = (self.object.into(), self.kind.into());
        let label = self.label.into();
        rapport_domain::CustomField {
            help: self.help.map(Into::into),
            is_required: self.is_required,
            is_unique: self.is_unique,
            is_indexed: self.is_indexed,
            is_searchable: self.is_searchable,
            default: self.default.map(Into::into),
            ..rapport_domain::CustomField::new(id, object, self.key, label, kind, now)
        }
    }
}

impl CustomFieldPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(
        self,
        field: &mut rapport_domain::CustomField,
        now: Timestamp,
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        let broken = &mut violations;
        self.label
            .apply_required(&mut field.label, "/label", broken);
        self.kind.apply_required(&mut field.kind, "/type", broken);
        self.help.apply(&mut field.help);
        self.position
            .apply_required(&mut field.position, "/position", broken);
        self.is_required
            .apply_required(&mut field.is_required, "/is_required", broken);
        self.is_unique
            .apply_required(&mut field.is_unique, "/is_unique", broken);
        self.is_indexed
            .apply_required(&mut field.is_indexed, "/is_indexed", broken);
        self.is_searchable
            .apply_required(&mut field.is_searchable, "/is_searchable", broken);
        self.default.apply(&mut field.default);
        let mut is_archived = !field.is_active();
        self.is_archived
            .apply_required(&mut is_archived, "/is_archived", broken);
        field.archived_at = is_archived.then(|| field.archived_at.unwrap_or(now));
        field.updated_at = now;
        violations
    }
}

impl From<rapport_domain::CustomField> for CustomField {
    fn from(field: rapport_domain::CustomField) -> Self {
        Self {
            id: field.id.0,
            object: field.object.into(),
            key: field.key,
            label: field.label.into(),
            kind: field.kind.into(),
            help: field.help.map(Into::into),
            position: field.position,
            is_required: field.is_required,
            is_unique: field.is_unique,
            is_indexed: field.is_indexed,
            is_searchable: field.is_searchable,
            default: field.default.map(Into::into),
            archived_at: field.archived_at.map(Time),
            created_at: Time(field.created_at),
            updated_at: Time(field.updated_at),
            version: field.version,
        }
    }
}

impl From<CustomField> for Record<CustomField> {
    fn from(field: CustomField) -> Self {
        Self {
            version: field.version,
            body: field,
        }
    }
}

/// Defines the conversions between the wire's types and the domain's, which have the same names.
macro_rules! convert_kinds {
    ($from:path => $into:path) => {
        impl From<$from> for $into {
            fn from(kind: $from) -> Self {
                use $from as From;
                match kind {
                    From::Text => Self::Text,
                    From::LongText => Self::LongText,
                    From::Number => Self::Number,
                    From::Integer => Self::Integer,
                    From::Boolean => Self::Boolean,
                    From::Date => Self::Date,
                    From::Timestamp => Self::Timestamp,
                    From::Url => Self::Url,
                    From::Email => Self::Email,
                    From::Phone => Self::Phone,
                    From::Choice { options, labels } => Self::Choice { options, labels },
                    From::MultipleChoice { options, labels } => {
                        Self::MultipleChoice { options, labels }
                    }
                }
            }
        }
    };
}

convert_kinds!(rapport_domain::CustomFieldKind => CustomFieldKind);
convert_kinds!(CustomFieldKind => rapport_domain::CustomFieldKind);
