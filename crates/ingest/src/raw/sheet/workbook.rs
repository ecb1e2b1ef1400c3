//! A workbook opened: checked, its sheets known, none of them read.

use std::io::{Seek, SeekFrom};

use calamine::{Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};
use serde::{Deserialize, Serialize};

use super::metered::{Meter, Metered};
use super::unpack::{self, Part};
use crate::IngestError;
use crate::source::Source;

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInfo {
    /// Its position among the sheets of the workbook, from 0; what
    /// [`FileKind::Xlsx`](crate::FileKind::Xlsx) wants.
    pub position: u32,
    /// The name on its tab.
    pub name: String,
    /// Whether its tab is shown.
    pub is_visible: bool,
}

/// The sheets of a workbook that have cells, in the order of their tabs; charts and the like left out.
///
/// # Errors
/// [`IngestError::DamagedWorkbook`], [`IngestError::ProtectedWorkbook`],
/// [`IngestError::WorkbookTooLarge`], [`IngestError::CellTooLarge`], [`IngestError::WorkbookTooRich`] or
/// [`IngestError::Read`].
pub fn sheets<R: Source>(source: R) -> Result<Vec<SheetInfo>, IngestError> {
    let workbook = Workbook::open(source)?;
    Ok(workbook.sheets())
}

/// A workbook and where its parts lie.
pub(super) struct Workbook<R: Source> {
    pub(super) xlsx: Xlsx<Metered<R>>,
    pub(super) parts: Vec<Part>,
    pub(super) meter: Meter,
    /// Bytes of the file.
    pub(super) n_bytes: u64,
}

impl<R: Source> Workbook<R> {
    pub(super) fn open(source: R) -> Result<Self, IngestError> {
        let (mut source, meter) = Metered::new(source);
        let n_bytes = source.seek(SeekFrom::End(0)).map_err(IngestError::Read)?;
        source.rewind().map_err(IngestError::Read)?;
        let told = |error: IngestError| meter.take_failure().map_or(error, IngestError::Read);
        let parts = unpack::measure(&mut source, &unpack::LIMITS).map_err(told)?;
        source.rewind().map_err(IngestError::Read)?;
        let xlsx = Xlsx::new(source).map_err(|error| workbook_error(error, &meter))?;
        Ok(Self {
            xlsx,
            parts,
            meter,
            n_bytes,
        })
    }

    fn sheets(&self) -> Vec<SheetInfo> {
        let of = |(position, sheet): (u32, &Sheet)| SheetInfo {
            position,
            name: sheet.name.clone(),
            is_visible: sheet.visible == SheetVisible::Visible,
        };
        (0..)
            .zip(self.xlsx.sheets_metadata())
            .filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet)
            .map(of)
            .collect()
    }

    /// The sheet at a position or, where none is asked for, the first that is visible.
    pub(super) fn choose(&self, position: Option<u32>) -> Result<SheetInfo, IngestError> {
        let sheets = self.sheets();
        match position {
            Some(position) => {
                let n_sheets = sheets.len();
                let mut sheets = sheets.into_iter();
                let found = sheets.find(|sheet| sheet.position == position);
                found.ok_or(IngestError::NoSuchSheet { position, n_sheets })
            }
            None => {
                let found = sheets.into_iter().find(|sheet| sheet.is_visible);
                found.ok_or(IngestError::NoVisibleSheet)
            }
        }
    }
}

/// What went wrong in terms of the file: its disk, its password or its contents.
pub(super) fn workbook_error(error: XlsxError, meter: &Meter) -> IngestError {
    if let Some(failure) = meter.take_failure() {
        return IngestError::Read(failure);
    }
    match error {
        XlsxError::Password => IngestError::ProtectedWorkbook {
            file_name: "the file".to_owned(),
        },
        error => {
            let reason = error.to_string();
            IngestError::DamagedWorkbook { reason }
        }
    }
}
