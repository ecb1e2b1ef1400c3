//! Workbooks that are refused, each with what to do.

use rapport_ingest::{FileKind, IngestError, preview, sniff};

use super::{part_of, with_part, workbook, write_table};
use crate::files::{british, gzip, in_memory, read, read_as};

fn table() -> Vec<u8> {
    workbook(|sheet| {
        write_table(
            sheet,
            (0, 0),
            &[&["name", "email"], &["Ada", "ada@example.com"]],
        );
    })
}

fn error(bytes: &[u8]) -> IngestError {
    read(bytes, &british()).err().unwrap()
}

fn check(error: &IngestError, is_expected: bool, advice: &str) {
    let said = error.to_string();
    assert!(is_expected, "{error:?}");
    assert!(said.contains(advice), "{said}");
}

#[test]
fn a_workbook_with_a_password_says_how_to_remove_it() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));

    let error = error(&bytes);

    let is_expected = matches!(error, IngestError::ProtectedWorkbook { .. });
    check(&error, is_expected, "remove the password");
}

#[test]
fn a_workbook_of_the_old_kind_says_how_to_save_it() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.extend([0; 504]);

    let error = sniff(&bytes, "Kunden.xls").unwrap_err();

    let is_expected = matches!(error, IngestError::OldWorkbook { .. });
    check(&error, is_expected, "save it as an Excel workbook (.xlsx)");
    assert!(error.to_string().starts_with("Kunden.xls is"), "{error}");
}

#[test]
fn a_workbook_within_gzip_is_to_be_unpacked() {
    let error = error(&gzip(&table()));

    check(
        &error,
        matches!(error, IngestError::Binary { .. }),
        "unpack it",
    );
}

#[test]
fn a_damaged_workbook_is_refused_before_a_row_is_taken() {
    let whole = table();
    let cut = &whole[..whole.len() / 2];
    let mut flipped = whole.clone();
    let at = flipped
        .windows(10)
        .position(|w| w == b"sheet1.xml")
        .unwrap()
        + 40;
    flipped[at] ^= 0xFF;
    let sheet = "xl/worksheets/sheet1.xml";
    let unclosed = with_part(
        &whole,
        sheet,
        b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\">",
    );
    let backwards = with_part(
        &whole,
        sheet,
        b"<worksheet><sheetData><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>\
          <row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>",
    );

    for bytes in [cut, &flipped, &unclosed, &backwards, b"PK\x03\x04xl/"] {
        let format = sniff(bytes, "x.xlsx").unwrap();
        let error = preview(in_memory(bytes), &format, 10).unwrap_err();

        let is_expected = matches!(error, IngestError::DamagedWorkbook { .. });
        check(&error, is_expected, "upload it again");
    }
}

#[test]
fn rows_before_a_damaged_row_are_handed_out_before_the_error() {
    let whole = table();
    let sheet = part_of(&whole, "xl/worksheets/sheet1.xml");
    let more = "<row r=\"9\"><c r=\"A9\" t=\"s\"><v>999</v></c></row></sheetData>";
    let bytes = with_part(
        &whole,
        "xl/worksheets/sheet1.xml",
        sheet.replace("</sheetData>", more).as_bytes(),
    );
    let good = read(&whole, &british()).unwrap();
    let mut reader =
        rapport_ingest::RowReader::new(in_memory(&bytes), &good.format, &good.mapping, &british())
            .unwrap();

    let chunk = reader.next_chunk(100).unwrap().unwrap();
    let error = reader.next_chunk(100).unwrap_err();

    assert_eq!(chunk.rows.len(), 1);
    check(
        &error,
        matches!(error, IngestError::DamagedWorkbook { .. }),
        "damaged",
    );
}

#[test]
fn a_workbook_without_a_table_says_what_is_missing() {
    let empty = workbook(|_| {});
    let header = workbook(|sheet| write_table(sheet, (0, 0), &[&["name", "email"]]));
    let hidden = with_part(
        &table(),
        "xl/workbook.xml",
        part_of(&table(), "xl/workbook.xml")
            .replace("<sheet name", "<sheet state=\"hidden\" name")
            .as_bytes(),
    );

    let [empty, header, hidden] = [empty, header, hidden].map(|bytes| error(&bytes));

    let is_expected = matches!(&empty, IngestError::EmptySheet { sheet } if sheet == "Sheet1");
    check(&empty, is_expected, "choose the sheet with the table");
    let is_expected = matches!(header, IngestError::HeaderOnly { n_columns: 2 });
    check(&header, is_expected, "export it again with its rows");
    check(
        &hidden,
        matches!(hidden, IngestError::NoVisibleSheet),
        "show the sheet",
    );
}

#[test]
fn a_sheet_that_is_not_there_is_told_with_how_many_there_are() {
    let bytes = table();
    let mut format = sniff(&bytes, "x.xlsx").unwrap();
    format.kind = FileKind::Xlsx { sheet: Some(3) };

    let error = preview(in_memory(&bytes), &format, 10).unwrap_err();

    let is_expected = matches!(
        error,
        IngestError::NoSuchSheet {
            position: 3,
            n_sheets: 1
        }
    );
    check(&error, is_expected, "it has 1 such sheets");
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused_with_the_limit() {
    let texts = "xl/sharedStrings.xml";
    let whole = part_of(&table(), texts);
    let promising = whole.replace("uniqueCount=\"4\"", "uniqueCount=\"99999999999\"");
    assert_ne!(whole, promising);
    let promising = with_part(&table(), texts, promising.as_bytes());
    let mut bomb = table();
    // The list of contents says that the first part unpacks to more than three gigabytes.
    let at = bomb.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bomb[at + 24..at + 28].copy_from_slice(&0xC000_0000_u32.to_le_bytes());

    let [promising, bomb] = [promising, bomb].map(|bytes| error(&bytes));

    let is_expected = matches!(promising, IngestError::DamagedWorkbook { .. });
    check(&promising, is_expected, "99999999999 texts");
    let is_expected = matches!(bomb, IngestError::WorkbookTooLarge { .. });
    check(&bomb, is_expected, "larger than 2147483648 bytes");
}

#[test]
fn one_cell_of_a_workbook_cannot_fill_the_memory() {
    let name = "xl/worksheets/sheet1.xml";
    let sheet = part_of(&table(), name);
    let text = "<t>x</t>".repeat(17 << 17);
    let cell =
        format!("<row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is>{text}</is></c></row></sheetData>");
    let bytes = with_part(
        &table(),
        name,
        sheet.replace("</sheetData>", &cell).as_bytes(),
    );

    let error = error(&bytes);

    let is_expected = matches!(error, IngestError::CellTooLarge { .. });
    check(&error, is_expected, "save the sheet as CSV");
}

#[test]
fn formats_that_copy_one_long_name_cannot_fill_the_memory() {
    let name = "xl/styles.xml";
    let code = format!(
        "<numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts>",
        "0".repeat(1 << 20)
    );
    let formats = "<xf numFmtId=\"200\"/>".repeat(1000);
    let styles = format!("<styleSheet>{code}<cellXfs>{formats}</cellXfs></styleSheet>");
    let bytes = with_part(&table(), name, styles.as_bytes());

    let error = error(&bytes);

    let is_expected = matches!(error, IngestError::WorkbookTooRich { .. });
    check(&error, is_expected, "xl/styles.xml");
}

#[test]
fn another_workbook_than_the_mapping_was_made_for_is_refused() {
    let good = read(&table(), &british()).unwrap();
    let other = workbook(|sheet| write_table(sheet, (0, 0), &[&["name", "phone"], &["A", "1"]]));

    let error = read_as(&other, good.format, good.mapping, &british())
        .err()
        .unwrap();

    check(
        &error,
        matches!(error, IngestError::ColumnsChanged { .. }),
        "[name, phone]",
    );
}
