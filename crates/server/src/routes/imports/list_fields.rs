//! `GET /import_fields`

use axum::Json;
use rapport_domain::EntityKind as Entity;
use serde::Serialize;
use utoipa::ToSchema;

use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::wire::{EntityKind, LocalizedText};

/// Kinds of rows that files hold.
const ENTITIES: [Entity; 8] = [
    Entity::Contacts,
    Entity::OrderLines,
    Entity::Events,
    Entity::Tickets,
    Entity::Products,
    Entity::Companies,
    Entity::Campaigns,
    Entity::Deals,
];

/// A field that a column can feed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldInfo {
    /// Name in a mapping.
    pub(crate) name: String,
    /// Name on the screen.
    pub(crate) label: LocalizedText,
    /// Whether a mapping cannot do without it.
    pub(crate) required: bool,
    /// The kind of row that has the field.
    pub(crate) entity: EntityKind,
}

/// All fields that columns can feed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldInfoList {
    /// The fields.
    pub(crate) import_fields: Vec<FieldInfo>,
}

/// Lists the fields that columns of files can feed, of all kinds of rows, so that a screen can change
/// the kind without asking again. They change with the program only.
#[utoipa::path(
    get, path = "/import_fields", tag = "imports",
    responses((status = 200, body = FieldInfoList)),
)]
pub(super) async fn list_import_fields(_: Allowed<ReadRecords>) -> Json<FieldInfoList> {
    let fields = ENTITIES.into_iter().flat_map(|entity| {
        rapport_ingest::fields(entity).map(move |field| FieldInfo {
            name: field.name().to_owned(),
            label: field.label().into(),
            required: field.is_required(entity),
            entity: entity.into(),
        })
    });
    Json(FieldInfoList {
        import_fields: fields.collect(),
    })
}
