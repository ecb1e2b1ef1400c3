//! An Excel workbook (Office Open XML, ISO 29500), written part by part into an archive that is never
//! gone back to.
//!
//! Texts stand in their cells rather than in a shared table, which would have to be held until the end;
//! nothing is ever a formula. The parts that list the sheets come last, when it is known how many there
//! are.

use std::fmt::Write as _;
use std::io::{self, Write};

use rapport_domain::Date;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::{Cell, TableColumn};
use crate::IngestError;

/// Rows of a sheet, its header included.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Bytes of a sheet, unpacked; a larger one would need the archive's long form, which not every
/// spreadsheet reads.
const SHEET_BYTES_MAX: u64 = 1 << 30;
/// Units of UTF-16 in a cell.
const CELL_UNITS_MAX: usize = 32_767;
/// Characters of the name of a sheet.
const NAME_CHARS_MAX: usize = 31;
/// Whole numbers from here on have more digits than a spreadsheet keeps, and are written as texts.
const MAX_EXACT: u64 = 1_000_000_000_000_000;
/// Days from the first day that spreadsheets count to 1970-01-01.
const EPOCH_SERIAL: i32 = 25_569;
/// The days that spreadsheets count without a mistake: from 1900-03-01 to 9999-12-31.
const SERIALS: std::ops::Range<i32> = 61..2_958_466;
/// Rows that are handed to the archive at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Positions of the looks of cells among [`STYLES`].
const DATE_STYLE: u8 = 1;
const INSTANT_STYLE: u8 = 2;
/// A text that would be a formula if somebody typed it, and stays none when the cell is edited.
const QUOTED_STYLE: u8 = 3;
const HEADER_STYLE: u8 = 4;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const STYLES: &str = "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>\
    <numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
    <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
    <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
    <fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"5\">\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\"/>\
    <xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs>";

/// Writes a workbook of one table.
pub(super) struct XlsxWriter<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
    name: String,
    columns: Vec<TableColumn>,
    /// Letters over the columns.
    letters: Vec<String>,
    n_sheets: u32,
    /// The latest row of the sheet, from 1.
    row: u32,
    n_sheet_bytes: u64,
    /// Markup that the archive has not got yet.
    buffer: String,
}

impl<W: Write> std::fmt::Debug for XlsxWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxWriter")
            .field("name", &self.name)
            .field("n_sheets", &self.n_sheets)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

impl<W: Write> XlsxWriter<W> {
    pub(super) fn new(
        writer: W,
        name: &str,
        columns: Vec<TableColumn>,
    ) -> Result<Self, IngestError> {
        let letters = (0..columns.len()).map(crate::raw::column_letters);
        let mut begun = Self {
            archive: ZipWriter::new_stream(writer),
            name: name.to_owned(),
            letters: letters.collect(),
            columns,
            n_sheets: 0,
            row: 0,
            n_sheet_bytes: 0,
            buffer: String::with_capacity(BUFFER_BYTES),
        };
        begun.begin_sheet()?;
        Ok(begun)
    }

    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), IngestError> {
        if self.row >= SHEET_ROWS_MAX || self.n_sheet_bytes >= SHEET_BYTES_MAX {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.begin_row();
        for (idx, cell) in cells.iter().enumerate() {
            self.cell(idx, cell);
        }
        self.buffer.push_str("</row>");
        if self.buffer.len() >= BUFFER_BYTES {
            self.hand_on()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<W, IngestError> {
        self.end_sheet()?;
        let sheets = self.sheets();
        self.part("xl/workbook.xml", &sheets)?;
        let relations = self.relations();
        self.part("xl/_rels/workbook.xml.rels", &relations)?;
        self.part(
            "xl/styles.xml",
            &format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"),
        )?;
        self.part("_rels/.rels", &package_relations())?;
        let types = self.content_types();
        self.part("[Content_Types].xml", &types)?;
        let stream = self.archive.finish().map_err(write_error)?;
        Ok(stream.into_inner())
    }

    fn begin_sheet(&mut self) -> Result<(), IngestError> {
        self.n_sheets += 1;
        self.row = 0;
        self.n_sheet_bytes = 0;
        let name = format!("xl/worksheets/sheet{}.xml", self.n_sheets);
        self.begin_part(&name)?;
        let _ = write!(
            self.buffer,
            "{PROLOG}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\">\
             <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
             </sheetView></sheetViews><sheetData>"
        );
        self.begin_row();
        for idx in 0..self.columns.len() {
            let name = self.columns[idx].name.clone();
            self.text_cell(idx, &name, HEADER_STYLE);
        }
        self.buffer.push_str("</row>");
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), IngestError> {
        self.buffer.push_str("</sheetData></worksheet>");
        self.hand_on()
    }

    fn begin_row(&mut self) {
        self.row += 1;
        let _ = write!(self.buffer, "<row r=\"{}\">", self.row);
    }

    fn cell(&mut self, idx: usize, cell: &Cell<'_>) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
                let style = if is_formula { QUOTED_STYLE } else { 0 };
                self.text_cell(idx, text, style);
            }
            Cell::Integer(number) if number.unsigned_abs() < MAX_EXACT => {
                self.number_cell(idx, &number.to_string(), 0);
            }
            Cell::Integer(number) => self.text_cell(idx, &number.to_string(), 0),
            Cell::Number(number) if number.is_finite() => {
                self.number_cell(idx, &number.to_string(), 0);
            }
            Cell::Number(_) => {}
            Cell::Amount(money) if money.amount_minor.unsigned_abs() < MAX_EXACT => {
                self.number_cell(idx, &money.decimal(), 0);
            }
            Cell::Amount(money) => self.text_cell(idx, &money.decimal(), 0),
            Cell::Boolean(yes) => {
                let (at, row) = (&self.letters[idx], self.row);
                let _ = write!(
                    self.buffer,
                    "<c r=\"{at}{row}\" t=\"b\"><v>{}</v></c>",
                    u8::from(*yes)
                );
            }
            Cell::Date(on) => match serial_of(*on) {
                Some(serial) => self.number_cell(idx, &serial.to_string(), DATE_STYLE),
                None => self.text_cell(idx, &on.to_string(), 0),
            },
            Cell::Instant(at) => {
                let serial = serial_of(at.date()).filter(|_| at.as_micros() % 1_000 == 0);
                match serial {
                    Some(serial) => {
                        let of_day = at.as_micros().rem_euclid(MICROS_PER_DAY);
                        let part = of_day as f64 / MICROS_PER_DAY as f64;
                        let serial = f64::from(serial) + part;
                        self.number_cell(idx, &serial.to_string(), INSTANT_STYLE);
                    }
                    // What a spreadsheet cannot count it shows as it is.
                    None => self.text_cell(idx, &at.to_string(), 0),
                }
            }
        }
    }

    fn number_cell(&mut self, idx: usize, number: &str, style: u8) {
        let (at, row) = (&self.letters[idx], self.row);
        let _ = write!(self.buffer, "<c r=\"{at}{row}\"");
        self.push_style(style);
        let _ = write!(self.buffer, "><v>{number}</v></c>");
    }

    fn text_cell(&mut self, idx: usize, text: &str, style: u8) {
        let (at, row) = (&self.letters[idx], self.row);
        let _ = write!(self.buffer, "<c r=\"{at}{row}\" t=\"inlineStr\"");
        self.push_style(style);
        self.buffer.push_str("><is><t xml:space=\"preserve\">");
        push_escaped(&mut self.buffer, text);
        self.buffer.push_str("</t></is></c>");
    }

    fn push_style(&mut self, style: u8) {
        if style > 0 {
            let _ = write!(self.buffer, " s=\"{style}\"");
        }
    }

    fn sheets(&self) -> String {
        let sheets = (1..=self.n_sheets).map(|n| {
            let mut name = String::new();
            push_escaped(&mut name, &sheet_name(&self.name, n));
            format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")
        });
        let sheets: String = sheets.collect();
        format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"
        )
    }

    fn relations(&self) -> String {
        let sheets = (1..=self.n_sheets).map(|n| {
            format!(
                "<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" \
                 Target=\"worksheets/sheet{n}.xml\"/>"
            )
        });
        let sheets: String = sheets.collect();
        let n_styles = self.n_sheets + 1;
        relationships(&format!(
            "{sheets}<Relationship Id=\"rId{n_styles}\" Type=\"{RELATIONS}/styles\" \
             Target=\"styles.xml\"/>"
        ))
    }

    fn content_types(&self) -> String {
        const SPREADSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        let sheets = (1..=self.n_sheets).map(|n| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" \
                 ContentType=\"{SPREADSHEET}.worksheet+xml\"/>"
            )
        });
        let sheets: String = sheets.collect();
        format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{SPREADSHEET}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{SPREADSHEET}.styles+xml\"/>\
             {sheets}</Types>"
        )
    }

    fn part(&mut self, name: &str, contents: &str) -> Result<(), IngestError> {
        self.begin_part(name)?;
        self.buffer.push_str(PROLOG);
        self.buffer.push_str(contents);
        self.hand_on()
    }

    fn begin_part(&mut self, name: &str) -> Result<(), IngestError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // One instant for all: the same rows make the same file.
            .last_modified_time(zip::DateTime::default());
        self.archive.start_file(name, options).map_err(write_error)
    }

    fn hand_on(&mut self) -> Result<(), IngestError> {
        let bytes = self.buffer.as_bytes();
        self.archive.write_all(bytes).map_err(IngestError::Write)?;
        self.n_sheet_bytes += bytes.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The number by which a spreadsheet counts a day; none of one that it does not know.
fn serial_of(on: Date) -> Option<i32> {
    let serial = on.days_since_epoch().checked_add(EPOCH_SERIAL)?;
    SERIALS.contains(&serial).then_some(serial)
}

fn package_relations() -> String {
    relationships(&format!(
        "<Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/>"
    ))
}

fn relationships(entries: &str) -> String {
    let namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!("<Relationships xmlns=\"{namespace}\">{entries}</Relationships>")
}

/// The name of a sheet: that of the table, and its number where it is not the first.
fn sheet_name(table: &str, n: u32) -> String {
    let is_allowed = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let number = match n {
        1 => String::new(),
        n => format!(" {n}"),
    };
    let room = NAME_CHARS_MAX - number.len();
    let name: String = table.chars().filter(is_allowed).take(room).collect();
    name + &number
}

/// Appends a text as markup has it; what markup cannot hold by its code, as Excel writes it. Excel counts
/// the units of UTF-16, and takes a file with a longer text for damaged.
fn push_escaped(buffer: &mut String, text: &str) {
    let mut room = CELL_UNITS_MAX;
    for (at, c) in text.char_indices() {
        let Some(left) = room.checked_sub(c.len_utf16()) else {
            return;
        };
        room = left;
        match c {
            '&' => buffer.push_str("&amp;"),
            '<' => buffer.push_str("&lt;"),
            '>' => buffer.push_str("&gt;"),
            '"' => buffer.push_str("&quot;"),
            '\t' | '\n' => buffer.push(c),
            '_' if is_code(&text[at..]) => buffer.push_str("_x005F_"),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                let _ = write!(buffer, "_x{:04X}_", u32::from(c));
            }
            c => buffer.push(c),
        }
    }
}

/// Whether a text begins like the code of a character, `_x000D_`.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.get(2..6);
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn write_error(error: zip::result::ZipError) -> IngestError {
    IngestError::Write(match error {
        zip::result::ZipError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    })
}
