//! What we write is what we read: tables as CSV, workbooks and Parquet, whatever stands in their cells.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use proptest::prelude::*;
use rapport_domain::Money;
use rapport_ingest::{
    Cell, CellKind, FileKind, TableColumn, TableFormat, TableWriter, preview, sheets, sniff,
};

use crate::files::in_memory;

const FORMATS: [TableFormat; 3] = [TableFormat::Csv, TableFormat::Xlsx, TableFormat::Parquet];

fn columns(columns: &[(&str, CellKind)]) -> Vec<TableColumn> {
    let column = |&(name, kind): &(&str, CellKind)| TableColumn {
        name: name.to_owned(),
        kind,
    };
    columns.iter().map(column).collect()
}

fn written(format: TableFormat, of: &[(&str, CellKind)], rows: Vec<Vec<Cell<'_>>>) -> Vec<u8> {
    let mut table = TableWriter::new(Vec::new(), format, "Things: [all]", columns(of)).unwrap();
    for row in rows {
        table.write(row).unwrap();
    }
    table.finish().unwrap()
}

/// The header and the rows as our own reader has them.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut format = sniff(bytes, "x").unwrap();
    // Of a few strange rows nobody can tell how they are parted, and which is the header.
    if let FileKind::Csv { delimiter, .. } = &mut format.kind {
        *delimiter = ',';
        format.has_header = true;
        format.skip_lines = 0;
    }
    let seen = preview(in_memory(bytes), &format, 1000).unwrap();
    let mut table = vec![seen.headers];
    table.extend(seen.sample_rows);
    table
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

#[test]
fn typed_cells_come_back_from_every_format() {
    let of = [
        ("id", CellKind::Text),
        ("n", CellKind::Integer),
        ("share", CellKind::Number),
        ("amount", CellKind::Amount),
        ("ok", CellKind::Boolean),
        ("on", CellKind::Date),
        ("at", CellKind::Instant),
    ];
    let row = || {
        vec![
            text("007"),
            Cell::Integer(123_456_789_012_345_678),
            Cell::Number(0.25),
            Cell::Amount(Money::new(-123_456, "GBP".parse().unwrap())),
            Cell::Boolean(true),
            Cell::Date("2026-11-27".parse().unwrap()),
            Cell::Instant("2026-11-27T09:30:15Z".parse().unwrap()),
        ]
    };
    for format in FORMATS {
        let read = table(&written(
            format,
            &of,
            vec![row(), vec![Cell::Empty; 7], row()],
        ));

        let cells = &read[1];
        assert_eq!(
            cells[..3],
            ["007", "123456789012345678", "0.25"],
            "{format:?}"
        );
        assert!(
            ["-1234.56", "-1234.5600"].contains(&cells[3].as_str()),
            "{cells:?}"
        );
        assert_eq!(cells[4..6], ["true", "2026-11-27"], "{format:?}");
        assert!(cells[6].starts_with("2026-11-27T09:30:15"), "{cells:?}");
        assert_eq!(read.last().unwrap(), cells);
    }
}

#[test]
fn a_workbook_has_types_frozen_header_and_no_formula() {
    let of = [
        ("=name", CellKind::Text),
        ("n", CellKind::Integer),
        ("on", CellKind::Date),
        ("at", CellKind::Instant),
        ("old", CellKind::Date),
    ];
    let row = vec![
        text("=HYPERLINK(\"x\")"),
        Cell::Integer(42),
        Cell::Date("2026-11-27".parse().unwrap()),
        Cell::Instant("2026-11-27T12:00:00Z".parse().unwrap()),
        Cell::Date("1815-12-10".parse().unwrap()),
    ];

    let bytes = written(TableFormat::Xlsx, &of, vec![row]);

    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["Things all"]);
    let range = workbook.worksheet_range("Things all").unwrap();
    assert_eq!(range.get((0, 0)), Some(&Data::String("=name".to_owned())));
    assert_eq!(
        range.get((1, 0)),
        Some(&Data::String("=HYPERLINK(\"x\")".to_owned()))
    );
    assert_eq!(range.get((1, 1)).and_then(|cell| cell.as_i64()), Some(42));
    for column in [2, 3] {
        assert!(
            matches!(range.get((1, column)), Some(Data::DateTime(_))),
            "{range:?}"
        );
    }
    assert_eq!(
        range.get((1, 4)),
        Some(&Data::String("1815-12-10".to_owned()))
    );
    let formulas = workbook.worksheet_formula("Things all").unwrap();
    assert!(formulas.is_empty(), "{formulas:?}");
}

#[test]
fn what_is_too_long_for_a_sheet_goes_on_in_the_next_one_under_the_same_header() {
    let of = [("name", CellKind::Text), ("n", CellKind::Integer)];
    let mut table = TableWriter::new(Vec::new(), TableFormat::Xlsx, "Rows", columns(&of)).unwrap();
    for n in 0..1_048_580_i64 {
        table.write(vec![text("x"), Cell::Integer(n)]).unwrap();
    }
    let bytes = table.finish().unwrap();

    let found = sheets(in_memory(&bytes)).unwrap();
    let names: Vec<_> = found.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Rows", "Rows 2"]);
    let mut format = sniff(&bytes, "x.xlsx").unwrap();
    format.kind = FileKind::Xlsx { sheet: Some(1) };
    let second = preview(in_memory(&bytes), &format, 10).unwrap();
    assert_eq!(second.headers, ["name", "n"]);
    assert_eq!(second.sample_rows[0], ["x", "1048575"]);
    assert_eq!(second.line_count_guess(0), 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Quotes, line breaks, emoji, right to left, formulas, zeros in front, numbers of any length: a text
    /// comes back as it was.
    #[test]
    fn texts_come_back_as_they_were(
        texts in prop::collection::vec(prop::collection::vec(strange(), 3), 1..20),
    ) {
        let of = [
            ("first name", CellKind::Text),
            ("second name", CellKind::Text),
            ("third name", CellKind::Text),
        ];
        for format in FORMATS {
            let rows = texts.iter().map(|row| row.iter().map(|cell| Cell::text(cell.as_str())).collect());
            let bytes = written(format, &of, rows.collect());

            let read = table(&bytes);

            let expected: Vec<Vec<String>> = texts.clone();
            let found: Vec<Vec<String>> = read[1..]
                .iter()
                .map(|row| row.iter().map(|cell| unguarded(format, cell)).collect())
                .collect();
            prop_assert_eq!(found, expected, "{:?}", format);
        }
    }
}

#[test]
fn a_long_text_ends_where_excel_counts_its_end() {
    let long = "🎉".repeat(20_000);
    let columns = [("a", CellKind::Text), ("b", CellKind::Text)];
    let row = vec![text(&long), text("x")];

    let table = table(&written(TableFormat::Xlsx, &columns, vec![row]));

    assert_eq!(table[1][0].chars().count(), 16_383);
}

/// CSV guards what would be a formula with an apostrophe, which the importer takes away again where it
/// reads a field.
fn unguarded(format: TableFormat, cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if format == TableFormat::Csv && rest.starts_with(['=', '+', '-', '@']) => {
            rest.to_owned()
        }
        _ => cell.to_owned(),
    }
}

/// A text that is not blank, since rows of blanks are no rows.
fn strange() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "0{1,3}[0-9]{1,4}",
        "[0-9]{18}",
        "=[A-Z]{1,5}\\([0-9]\\)",
        "[-+@][a-z0-9]{1,5}",
        "[a-z]\"[a-z,;\\n]{0,6}\"[a-z]",
        "王小明🎉‏שלום[a-z]{0,3}",
        "_x000D_[a-z]",
        "x<&>'\"_x[0-9]{1,3}",
    ]
}
