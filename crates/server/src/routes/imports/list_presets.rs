//! `GET /import_presets`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::wire::{EntityKind, LocalizedText};

/// The export of another system that is understood column by column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportPreset {
    /// Name in a mapping.
    pub(crate) key: String,
    /// The system that writes it.
    pub(crate) system: String,
    /// Name on the screen.
    pub(crate) label: LocalizedText,
    /// What people must know before they import it.
    pub(crate) notice: Option<LocalizedText>,
    /// What a row is about.
    pub(crate) entity: EntityKind,
}

/// All exports that are understood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportPresetList {
    /// The presets, those of one system side by side.
    pub(crate) import_presets: Vec<ImportPreset>,
}

/// Lists the exports of other systems that are understood without mapping them by hand. They change with
/// the program only.
#[utoipa::path(
    get, path = "/import_presets", tag = "imports",
    responses((status = 200, body = ImportPresetList)),
)]
pub(super) async fn list_import_presets(_: Allowed<ReadRecords>) -> Json<ImportPresetList> {
    let presets = rapport_ingest::presets().map(|preset| ImportPreset {
        key: preset.key.to_owned(),
        system: preset.system.to_owned(),
        label: preset.label().into(),
        notice: preset.notice().map(Into::into),
        entity: preset.entity.into(),
    });
    Json(ImportPresetList {
        import_presets: presets.collect(),
    })
}
