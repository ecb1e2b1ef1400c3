//! Table `custom_fields`.

use rapport_domain::{CustomField, LocalizedText, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
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
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<CustomField> for Model {
    fn from(field: CustomField) -> Self {
        Self {
            id: field.id.into(),
            object: codec::name_of(&field.object),
            key: field.key,
            label_en: field.label.en,
            label_zh: field.label.zh,
            kind: codec::to_json(&field.kind),
            created_at: field.created_at.as_micros(),
        }
    }
}
