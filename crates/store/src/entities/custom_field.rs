//! Table `custom_fields`.

use rapport_domain::{CustomField, LocalizedText, Timestamp};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "custom_fields")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) object: String,
    pub(crate) key: String,
    pub(crate) label_en: String,
    pub(crate) label_zh: String,
    pub(crate) kind: String,
    pub(crate) created_at: i64,
    pub(crate) help_en: Option<String>,
    pub(crate) help_zh: Option<String>,
    pub(crate) position: i32,
    pub(crate) is_required: bool,
    pub(crate) is_unique: bool,
    pub(crate) is_indexed: bool,
    pub(crate) is_searchable: bool,
    pub(crate) default_value: Option<String>,
    pub(crate) archived_at: Option<i64>,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for CustomField {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            object: codec::member("custom_fields.object", &row.object)?,
            key: row.key,
            label: LocalizedText::new(row.label_en, row.label_zh),
            kind: codec::from_json("custom_fields.kind", &row.kind)?,
            help: row
                .help_en
                .zip(row.help_zh)
                .map(|(en, zh)| LocalizedText { en, zh }),
            position: row.position,
            is_required: row.is_required,
            is_unique: row.is_unique,
            is_indexed: row.is_indexed,
            is_searchable: row.is_searchable,
            default: codec::from_json_option(
                "custom_fields.default_value",
                row.default_value.as_deref(),
            )?,
            archived_at: codec::instant(row.archived_at),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}

impl From<CustomField> for Model {
    fn from(field: CustomField) -> Self {
        let (help_en, help_zh) = field.help.map(|help| (help.en, help.zh)).unzip();
        Self {
            id: field.id.into(),
            object: codec::name_of(&field.object),
            key: field.key,
            label_en: field.label.en,
            label_zh: field.label.zh,
            kind: codec::to_json(&field.kind),
            created_at: field.created_at.as_micros(),
            help_en,
            help_zh,
            position: field.position,
            is_required: field.is_required,
            is_unique: field.is_unique,
            is_indexed: field.is_indexed,
            is_searchable: field.is_searchable,
            default_value: field.default.map(|value| codec::to_json(&value)),
            archived_at: codec::micros(field.archived_at),
            updated_at: field.updated_at.as_micros(),
            version: field.version,
        }
    }
}
