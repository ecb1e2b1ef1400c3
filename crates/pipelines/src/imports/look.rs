//! A look at a file: how it is written, its first rows, and the mapping that is proposed for them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use rapport_ingest::{
    FileFormat, FileKind, IngestError, Mapping, Preset, Preview, SAMPLE_ROWS, SNIFF_BYTES,
    SheetInfo,
};
use rapport_store::imports::ImportLook;
use serde::{Deserialize, Serialize};

use super::to_json;
use crate::error::PipelineError;

/// Rows that people are shown.
const SHOWN_ROWS: usize = 8;

/// Sheets that are tried where nobody has chosen one: a few empty ones may stand before the table.
const SHEETS_TRIED_MAX: usize = 8;

/// How a file is written and, where it is a workbook, which sheets it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileLayout {
    /// How it is written; of a workbook, also which sheet is read.
    #[serde(flatten)]
    pub format: FileFormat,
    /// Sheets with cells, in the order of their tabs; empty where the file is no workbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<SheetInfo>,
}

impl FileLayout {
    /// The sheet that is read; none where the file is no workbook.
    pub fn sheet(&self) -> Option<&SheetInfo> {
        let FileKind::Xlsx { sheet } = self.format.kind else {
            return None;
        };
        let is_read = |info: &&SheetInfo| match sheet {
            Some(position) => info.position == position,
            None => info.is_visible,
        };
        self.sheets.iter().find(is_read)
    }

    /// The same file with another sheet to read. Spreadsheets tell names of sheets apart without
    /// regard to capitals.
    fn with_sheet(self, name: &str) -> Result<Self, IngestError> {
        if self.sheets.is_empty() {
            return Err(IngestError::NoSheets);
        }
        let exact = self.sheets.iter().find(|sheet| sheet.name == name);
        let lower = name.to_lowercase();
        let is_alike = |sheet: &&SheetInfo| sheet.name.to_lowercase() == lower;
        match exact.or_else(|| self.sheets.iter().find(is_alike)) {
            Some(sheet) => Ok(self.clone().reading(sheet.position)),
            None => Err(IngestError::UnknownSheet {
                name: name.to_owned(),
                known: self.sheets.into_iter().map(|sheet| sheet.name).collect(),
            }),
        }
    }

    fn reading(mut self, position: u32) -> Self {
        self.format.kind = FileKind::Xlsx {
            sheet: Some(position),
        };
        self
    }
}

/// By which preset a file is to be mapped.
#[derive(Debug, Clone, Copy)]
pub(super) enum PresetChoice {
    /// The one whose export has the file's header, if there is one.
    Detected,
    /// None: names and contents alone tell.
    Without,
    /// This one.
    By(&'static Preset),
}

/// What a look at a file finds.
#[derive(Debug)]
pub(super) struct Look {
    layout: FileLayout,
    preview: Preview,
    mapping: Mapping,
}

impl Look {
    /// Counts these addresses as ours, where the file is mail, a calendar or a conversation.
    pub(super) fn add_own_addresses(&mut self, addresses: impl IntoIterator<Item = String>) {
        if !self.layout.format.kind.has_own_people() {
            return;
        }
        let own = &mut self.mapping.own_addresses;
        for address in addresses {
            if !own.contains(&address) {
                own.push(address);
            }
        }
    }

    /// The mapping that is proposed.
    pub(super) fn mapping_mut(&mut self) -> &mut Mapping {
        &mut self.mapping
    }

    /// What is kept of it; `bytes` is the size of the file.
    pub(super) fn to_store(&self, bytes: u64) -> Result<ImportLook, PipelineError> {
        let rows = self.preview.sample_rows.iter();
        Ok(ImportLook {
            entity: self.mapping.entity,
            format: to_json(&self.layout)?,
            mapping: to_json(&self.mapping)?,
            preview: serde_json::json!({
                "headers": self.preview.headers,
                "rows": rows.take(SHOWN_ROWS).collect::<Vec<_>>(),
            }),
            columns: self.preview.headers.clone(),
            rows_total: self.preview.line_count_guess(bytes),
        })
    }
}

/// Looks at a file of which nothing is known. Of a workbook the first visible sheet with rows is read.
pub(super) fn look_at(path: &Path, file_name: &str, region: &str) -> Result<Look, PipelineError> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    open(path)?
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(PipelineError::io("read", path))?;
    let format = rapport_ingest::sniff(&head, file_name)?;
    let FileKind::Xlsx { .. } = format.kind else {
        let sheets = Vec::new();
        let layout = FileLayout { format, sheets };
        return look_with(path, layout, region, PresetChoice::Detected);
    };
    let sheets = rapport_ingest::sheets(BufReader::new(open(path)?))?;
    first_table(path, FileLayout { format, sheets }, region)
}

/// Looks at a workbook anew, at the sheet with a name.
pub(super) fn look_at_sheet(
    path: &Path,
    layout: FileLayout,
    name: &str,
    region: &str,
) -> Result<Look, PipelineError> {
    look_with(
        path,
        layout.with_sheet(name)?,
        region,
        PresetChoice::Detected,
    )
}

fn first_table(path: &Path, layout: FileLayout, region: &str) -> Result<Look, PipelineError> {
    let visible = layout.sheets.iter().filter(|sheet| sheet.is_visible);
    let mut failure = None;
    for sheet in visible.take(SHEETS_TRIED_MAX) {
        let layout = layout.clone().reading(sheet.position);
        match look_with(path, layout, region, PresetChoice::Detected) {
            Err(PipelineError::Ingest(
                error @ (IngestError::EmptySheet { .. } | IngestError::HeaderOnly { .. }),
            )) => {
                failure.get_or_insert(error);
            }
            look => return look,
        }
    }
    Err(failure.unwrap_or(IngestError::NoVisibleSheet).into())
}

/// Looks at a file of which it is known how it is written.
pub(super) fn look_with(
    path: &Path,
    layout: FileLayout,
    region: &str,
    choice: PresetChoice,
) -> Result<Look, PipelineError> {
    let format = &layout.format;
    let preview = rapport_ingest::preview(BufReader::new(open(path)?), format, SAMPLE_ROWS)?;
    let (headers, rows) = (&preview.headers, &preview.sample_rows);
    let mut mapping = match choice {
        PresetChoice::Detected => rapport_ingest::guess_mapping(headers, rows),
        PresetChoice::Without => rapport_ingest::guess_mapping_without_preset(headers, rows),
        PresetChoice::By(preset) => rapport_ingest::guess_mapping_by(preset, headers, rows),
    };
    if format.kind.has_own_people() {
        let owner = rapport_ingest::mailbox_owner(BufReader::new(open(path)?), format)?;
        mapping.own_addresses.extend(owner);
    }
    mapping.settle_dates(BufReader::new(open(path)?), format, region)?;
    Ok(Look {
        layout,
        preview,
        mapping,
    })
}

fn open(path: &Path) -> Result<File, PipelineError> {
    File::open(path).map_err(PipelineError::io("read", path))
}
