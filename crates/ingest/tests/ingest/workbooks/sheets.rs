//! Where in a workbook the table is.

use rapport_ingest::{FileKind, preview, sheets, sniff};
use rust_xlsxwriter::{Format, Workbook};

use super::{shown, workbook, write_table};
use crate::files::{british, in_memory, read};

const TABLE: [&[&str]; 3] = [
    &["name", "email"],
    &["Ada", "ada@example.com"],
    &["Bob", "bob@example.com"],
];

#[test]
fn a_title_above_the_table_and_empty_rows_within_are_passed_over() {
    let bytes = workbook(|sheet| {
        sheet
            .merge_range(0, 0, 0, 3, "All customers", &Format::new())
            .unwrap();
        sheet.write_number(1, 0, 2026).unwrap();
        write_table(sheet, (3, 0), &TABLE[..2]);
        sheet.write_blank(5, 0, &Format::new().set_bold()).unwrap();
        write_table(sheet, (8, 0), &TABLE[2..]);
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.columns, ["name", "email"]);
    assert_eq!(
        shown(&file),
        ["5: Ada|ada@example.com", "9: Bob|bob@example.com"]
    );
}

#[test]
fn a_table_may_begin_in_any_column_and_have_columns_without_a_name() {
    let bytes = workbook(|sheet| write_table(sheet, (0, 1), &TABLE));

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.columns, ["column 1", "name", "email"]);
    assert_eq!(shown(&file)[0], "2: |Ada|ada@example.com");
}

#[test]
fn the_first_visible_sheet_is_read_unless_another_is_asked_for() {
    let mut workbook = Workbook::new();
    let hidden = workbook.add_worksheet().set_name("Notes").unwrap();
    hidden.set_hidden(true);
    write_table(
        hidden,
        (0, 0),
        &[&["name", "email"], &["Old", "old@example.com"]],
    );
    let shown_one = workbook.add_worksheet().set_name("Customers").unwrap();
    shown_one.set_active(true);
    write_table(shown_one, (0, 0), &TABLE);
    let last = workbook.add_worksheet().set_name("More").unwrap();
    write_table(
        last,
        (0, 0),
        &[&["name", "email"], &["Cyd", "cyd@example.com"]],
    );
    let bytes = workbook.save_to_buffer().unwrap();

    let listed = sheets(in_memory(&bytes)).unwrap();
    let first = read(&bytes, &british()).unwrap();
    let mut format = sniff(&bytes, "x.xlsx").unwrap();
    let names = |sheet| {
        format.kind = FileKind::Xlsx { sheet: Some(sheet) };
        let rows = preview(in_memory(&bytes), &format, 10).unwrap().sample_rows;
        rows.into_iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    let [of_hidden, of_last] = [0, 2].map(names);

    let listed: Vec<_> = listed
        .iter()
        .map(|sheet| (sheet.position, sheet.name.as_str(), sheet.is_visible))
        .collect();
    assert_eq!(
        listed,
        [
            (0, "Notes", false),
            (1, "Customers", true),
            (2, "More", true)
        ]
    );
    assert_eq!(shown(&first).len(), 2);
    assert_eq!(of_hidden, ["Old"]);
    assert_eq!(of_last, ["Cyd"]);
}

#[test]
fn the_value_of_merged_cells_belongs_to_the_first() {
    let bytes = workbook(|sheet| {
        write_table(sheet, (0, 0), &[&["city", "email"]]);
        sheet
            .merge_range(1, 0, 2, 0, "Leeds", &Format::new())
            .unwrap();
        write_table(sheet, (1, 1), &[&["ada@example.com"], &["bob@example.com"]]);
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(
        shown(&file),
        ["2: Leeds|ada@example.com", "3: |bob@example.com"]
    );
}

#[test]
fn a_value_beside_the_table_is_told_by_its_cell() {
    let bytes = workbook(|sheet| {
        write_table(sheet, (0, 0), &TABLE);
        sheet.write_string(2, 4, "call back!").unwrap();
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.rows.len(), 1);
    assert!(
        file.rejected[0].message.contains("E3"),
        "{:?}",
        file.rejected
    );
    assert_eq!(
        file.rejected[0].cells,
        ["Bob", "bob@example.com", "call back!"]
    );
}

#[test]
fn a_table_of_one_column_has_the_first_word_as_its_header() {
    let bytes = workbook(|sheet| {
        write_table(sheet, (0, 0), &[&["email"], &["ada@example.com"]]);
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.columns, ["email"]);
    assert_eq!(shown(&file), ["2: ada@example.com"]);
}

#[test]
fn a_hundred_thousand_rows_come_in_order_and_progress_ends_with_the_file() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().unwrap();
    write_table(sheet, (0, 0), &[&["id", "email", "city"]]);
    for row in 1..=100_000 {
        sheet.write_number(row, 0, row).unwrap();
        sheet
            .write_string(row, 1, format!("user{row}@example.com"))
            .unwrap();
        sheet.write_string(row, 2, "Leeds").unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let format = sniff(&bytes[..rapport_ingest::SNIFF_BYTES], "x.xlsx").unwrap();
    let seen = preview(in_memory(&bytes), &format, 100).unwrap();
    let mapping = rapport_ingest::guess_mapping(&seen.headers, &seen.sample_rows);
    let options = british();
    let mut reader =
        rapport_ingest::RowReader::new(in_memory(&bytes), &format, &mapping, &options).unwrap();

    let (mut line, mut n_bytes) = (1, 0);
    while let Some(chunk) = reader.next_chunk(1000).unwrap() {
        assert_eq!(chunk.first_line, line + 1);
        assert!(chunk.rejected.is_empty());
        assert!(chunk.bytes_read >= n_bytes);
        n_bytes = chunk.bytes_read;
        for row in chunk.rows {
            line += 1;
            assert_eq!(row.line(), line);
            assert_eq!(row.cells()[1], format!("user{}@example.com", line - 1));
        }
    }

    assert_eq!(line, 100_001);
    assert_eq!(n_bytes, bytes.len() as u64);
    let guess = seen.line_count_guess(bytes.len() as u64);
    assert!((80_000..120_000).contains(&guess), "{guess}");
}
