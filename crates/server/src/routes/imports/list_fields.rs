//! `GET /import_fields`

use axum::Json;
use rapport_domain::{EntityKind as Entity, ObjectKind};
use rapport_store::custom_fields::{self, PREFIX};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::wire::{EntityKind, LocalizedText};

/// Kinds of rows that files hold.
const ENTITIES: [Entity; 10] = [
    Entity::Contacts,
    Entity::OrderLines,
    Entity::Events,
    Entity::Tickets,
    Entity::Products,
    Entity::Companies,
    Entity::Campaigns,
    Entity::Deals,
    Entity::Tasks,
    Entity::Notes,
];

/// Kinds of rows that feed custom fields, with the object that has them.
const WITH_CUSTOM_FIELDS: [(ObjectKind, Entity); 5] = [
    (ObjectKind::Contact, Entity::Contacts),
    (ObjectKind::Company, Entity::Companies),
    (ObjectKind::Ticket, Entity::Tickets),
    (ObjectKind::Deal, Entity::Deals),
    (ObjectKind::Task, Entity::Tasks),
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
/// the kind without asking again; the custom fields of contacts, companies, tickets, deals and tasks
/// come last, as `custom.<key>`.
#[utoipa::path(
    get, path = "/import_fields", tag = "imports",
    responses((status = 200, body = FieldInfoList)),
)]
pub(super) async fn list_import_fields(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<FieldInfoList>> {
    let fields = ENTITIES.into_iter().flat_map(|entity| {
        rapport_ingest::fields(entity).map(move |field| FieldInfo {
            name: field.name().to_owned(),
            label: field.label().into(),
            required: field.is_required(entity),
            entity: entity.into(),
        })
    });
    let mut import_fields: Vec<FieldInfo> = fields.collect();
    for (object, entity) in WITH_CUSTOM_FIELDS {
        let custom = custom_fields::list_active(app.store(), object).await?;
        let custom = custom.into_iter().filter(|field| app.shows(field));
        import_fields.extend(custom.map(|field| FieldInfo {
            name: format!("{PREFIX}{}", field.key),
            label: field.label.into(),
            required: false,
            entity: entity.into(),
        }));
    }
    Ok(Json(FieldInfoList { import_fields }))
}
