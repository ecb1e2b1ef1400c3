//! An import as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::Timestamp;
use rapport_ingest::FileKind;
use rapport_pipelines::imports::FileLayout;
use rapport_store::imports as stored;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use super::mapping::Mapping;
use super::progress::ImportProgress;
use crate::error::{ApiError, ApiResult};
use crate::respond::Meta;
use crate::wire::{
    Compression, EntityKind, ImportStatus, LeftOutReason, RejectReason, TextEncoding, Time,
    without_folders,
};

/// A run of the importer over one file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Import {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name of the file as it was uploaded.
    pub(crate) file_name: String,
    /// Name of the system that the file comes from.
    pub(crate) source: String,
    /// Size of the file.
    pub(crate) bytes: u64,
    /// Where it stands.
    pub(crate) status: ImportStatus,
    /// What its rows are about.
    pub(crate) entity: EntityKind,
    /// How the file is written.
    pub(crate) format: ImportFormat,
    /// What becomes of its columns.
    pub(crate) mapping: Mapping,
    /// Its first rows.
    pub(crate) preview: ImportPreview,
    /// How many rows went where.
    pub(crate) counts: ImportCounts,
    /// How far it is.
    pub(crate) progress: ImportProgress,
    /// The job that runs it.
    pub(crate) job_id: Option<Uuid>,
    /// Whether all its rows left a journal, by which it can be taken back.
    pub(crate) is_journaled: bool,
    /// The job that takes it back, or did.
    pub(crate) undo_job_id: Option<Uuid>,
    /// The job of its dry run; none where that does not hold any more.
    pub(crate) dry_run_job_id: Option<Uuid>,
    /// When the file was uploaded.
    pub(crate) created_at: Time,
    /// When it was over.
    pub(crate) finished_at: Option<Time>,
    /// Why it stopped, and what to do.
    pub(crate) error: Option<String>,
}

/// A page of imports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportList {
    /// The imports.
    pub(crate) imports: Vec<Import>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// How a file is written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ImportFormat {
    /// Compression.
    pub(crate) compression: Compression,
    /// Encoding of its characters.
    pub(crate) encoding: TextEncoding,
    /// Layout of its rows.
    pub(crate) kind: LayoutKind,
    /// What stands between two cells.
    pub(crate) delimiter: Option<String>,
    /// Name of the sheet that is read; none where the file is no workbook.
    pub(crate) sheet: Option<String>,
    /// Sheets to choose from, in the order of their tabs; empty where the file is no workbook.
    pub(crate) sheets: Vec<Sheet>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Sheet {
    /// The name on its tab.
    pub(crate) name: String,
    /// Whether its tab is shown.
    pub(crate) is_visible: bool,
}

/// Layout of a file's rows.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LayoutKind {
    /// Delimited cells.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// A sheet of an Excel workbook.
    Xlsx,
    /// A Parquet file.
    Parquet,
    /// Address cards.
    Vcard,
    /// A mailbox.
    Mbox,
    /// One message.
    Eml,
    /// A calendar.
    Icalendar,
    /// One JSON document with a list of objects.
    Json,
    /// Conversations: chats, comments, messages of social networks.
    Talk,
    /// A feed.
    Feed,
}

/// A file's first rows as they stand there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct ImportPreview {
    /// Names of the columns.
    pub(crate) headers: Vec<String>,
    /// Cells by row.
    pub(crate) rows: Vec<Vec<String>>,
}

/// How many rows went where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ImportCounts {
    /// Rows read, header left out.
    pub(crate) read: u64,
    /// Rows taken.
    pub(crate) accepted: u64,
    /// Rows taken that were here already and changed nothing.
    pub(crate) unchanged: u64,
    /// Rows not taken, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub(crate) rejected: BTreeMap<RejectReason, u64>,
    /// Values that rows which were taken had to leave out, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub(crate) left_out: BTreeMap<LeftOutReason, u64>,
    /// The first of these, at most a hundred.
    pub(crate) first_left_out: Vec<LeftOut>,
}

/// A value that names what is not here, and that a row was taken without.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LeftOut {
    /// Line in the file where the row begins, from 1 with the header counted.
    pub(crate) line: u64,
    /// Name of its column.
    pub(crate) column: Option<String>,
    /// What stands there.
    pub(crate) value: String,
    /// Why it was left out.
    pub(crate) reason: LeftOutReason,
}

/// A row that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectedRow {
    /// Line in the file where the row begins, from 1 with the header counted.
    pub(crate) line: u64,
    /// Name of the offending column.
    pub(crate) column: Option<String>,
    /// What stood there.
    pub(crate) value: Option<String>,
    /// Why the row was not taken.
    pub(crate) reason: RejectReason,
    /// What to do.
    pub(crate) message: String,
    /// The whole row, cell by cell.
    pub(crate) cells: Vec<String>,
}

/// A page of rejected rows, by line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectedRowList {
    /// The rows.
    pub(crate) rejected_rows: Vec<RejectedRow>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

impl Import {
    /// A stored import with its speed as of now.
    pub(crate) fn of(import: stored::Import, now: Timestamp) -> ApiResult<Self> {
        let progress = ImportProgress::of(&import, now);
        let mapping = Mapping::from(read::<rapport_ingest::Mapping>("mapping", import.mapping)?);
        Ok(Self {
            id: import.id.0,
            file_name: import.file_name,
            source: import.source.name,
            bytes: import.bytes,
            status: import.status.into(),
            entity: import.entity.map_or(mapping.entity, EntityKind::from),
            format: read::<FileLayout>("format", import.format)?.into(),
            mapping,
            preview: read("preview", import.preview)?,
            counts: import.counts.into(),
            progress,
            job_id: import.job_id.map(|id| id.0),
            is_journaled: import.rows_unjournaled == 0,
            undo_job_id: import.undo_job_id.map(|id| id.0),
            dry_run_job_id: import.dry_run_job_id.map(|id| id.0),
            created_at: Time(import.created_at),
            finished_at: import.finished_at.map(Time),
            error: import.error.as_deref().map(without_folders),
        })
    }
}

/// Reads what the importer stored; only a damaged or newer database can fail here.
fn read<T: DeserializeOwned>(what: &str, json: serde_json::Value) -> ApiResult<T> {
    serde_json::from_value(json).map_err(|error| {
        ApiError::internal(format!(
            "the stored {what} of an import cannot be read: {error}"
        ))
    })
}

impl From<FileLayout> for ImportFormat {
    fn from(layout: FileLayout) -> Self {
        let format = layout.format;
        let (kind, delimiter) = match format.kind {
            FileKind::Csv { delimiter, .. } => (LayoutKind::Csv, Some(delimiter.to_string())),
            FileKind::JsonLines => (LayoutKind::JsonLines, None),
            FileKind::Xlsx { .. } => (LayoutKind::Xlsx, None),
            FileKind::Parquet => (LayoutKind::Parquet, None),
            FileKind::Vcard => (LayoutKind::Vcard, None),
            FileKind::Mbox => (LayoutKind::Mbox, None),
            FileKind::Eml => (LayoutKind::Eml, None),
            FileKind::Icalendar => (LayoutKind::Icalendar, None),
            FileKind::Json => (LayoutKind::Json, None),
            FileKind::Talk { .. } => (LayoutKind::Talk, None),
            FileKind::Feed => (LayoutKind::Feed, None),
        };
        let sheet = layout.sheet().map(|sheet| sheet.name.clone());
        let sheets = layout.sheets.into_iter().map(|sheet| Sheet {
            name: sheet.name,
            is_visible: sheet.is_visible,
        });
        Self {
            compression: format.compression.into(),
            encoding: format.encoding.into(),
            kind,
            delimiter,
            sheet,
            sheets: sheets.collect(),
        }
    }
}

impl From<rapport_domain::ImportCounts> for ImportCounts {
    fn from(counts: rapport_domain::ImportCounts) -> Self {
        let rejected = counts
            .rejected
            .into_iter()
            .map(|(reason, n)| (reason.into(), n));
        let left_out = counts
            .left_out
            .into_iter()
            .map(|(reason, n)| (reason.into(), n));
        Self {
            read: counts.read,
            accepted: counts.accepted,
            unchanged: counts.unchanged,
            rejected: rejected.collect(),
            left_out: left_out.collect(),
            first_left_out: counts
                .first_left_out
                .into_iter()
                .map(LeftOut::from)
                .collect(),
        }
    }
}

impl From<rapport_domain::LeftOut> for LeftOut {
    fn from(value: rapport_domain::LeftOut) -> Self {
        Self {
            line: value.line,
            column: value.column,
            value: value.value,
            reason: value.reason.into(),
        }
    }
}

impl From<rapport_domain::RejectedRow> for RejectedRow {
    fn from(row: rapport_domain::RejectedRow) -> Self {
        Self {
            line: row.line,
            column: row.column,
            value: row.value,
            reason: row.reason.into(),
            message: row.message,
            cells: row.cells,
        }
    }
}
