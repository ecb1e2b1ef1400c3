//! The same table as text and as a workbook gives the same rows.

use proptest::prelude::*;
use rapport_domain::EntityKind;
use rapport_ingest::{Field, FileFormat, Mapping, ReadOptions, guess_mapping_for, sniff};
use rust_xlsxwriter::Workbook;

use super::workbook;
use crate::files::{Read, read_as};

/// A cell of a table, which a sheet keeps by its kind and a text file as letters.
#[derive(Debug, Clone)]
enum Cell {
    Text(String),
    Whole(i64),
    Cents(i64),
    Yes(bool),
    Empty,
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Cents(cents) => (*cents as f64 / 100.0).to_string(),
            Self::Yes(yes) => yes.to_string(),
            Self::Empty => String::new(),
        }
    }
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        "[a-c,;|\"' \n张é€<&>_x0-9]{1,8}".prop_map(Cell::Text),
        (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(Cell::Whole),
        (-10_000_000_i64..10_000_000).prop_map(Cell::Cents),
        any::<bool>().prop_map(Cell::Yes),
        Just(Cell::Empty),
    ]
}

const HEADERS: [&str; 4] = ["name", "note", "key", "amount"];

fn as_csv(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADERS).unwrap();
    for row in rows {
        writer.write_record(row.iter().map(Cell::text)).unwrap();
    }
    writer.into_inner().unwrap()
}

fn as_workbook(rows: &[Vec<Cell>]) -> Vec<u8> {
    workbook(|sheet| {
        sheet.write_row(0, 0, HEADERS).unwrap();
        for (at, row) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Cell::Text(text) => sheet.write_string(at, column, text).unwrap(),
                    Cell::Whole(number) => sheet.write_number(at, column, *number as f64).unwrap(),
                    Cell::Cents(cents) => {
                        let number = *cents as f64 / 100.0;
                        sheet.write_number(at, column, number).unwrap()
                    }
                    Cell::Yes(yes) => sheet.write_boolean(at, column, *yes).unwrap(),
                    Cell::Empty => continue,
                };
            }
        }
    })
}

fn mapping() -> Mapping {
    let mut mapping = guess_mapping_for(EntityKind::Contacts, &HEADERS.map(str::to_owned), &[]);
    mapping.columns[2].field = Some(Field::ExternalId);
    mapping
}

fn read_with(bytes: &[u8], format: FileFormat) -> Read {
    read_as(bytes, format, mapping(), &ReadOptions::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_table_reads_the_same_from_text_and_from_a_workbook(
        rows in prop::collection::vec(prop::collection::vec(cell(), 4), 1..20),
    ) {
        let csv = FileFormat {
            has_header: true,
            ..sniff(b"name,note,key,amount\nx,x,x,x\n", "x.csv").unwrap()
        };
        let bytes = as_workbook(&rows);

        let of_text = read_with(&as_csv(&rows), csv);
        let of_sheet = read_with(&bytes, sniff(&bytes, "x.xlsx").unwrap());

        // A line break within a cell moves the lines of a text file on, and not the rows of a sheet.
        let of_row = |file: &Read| -> Vec<Vec<String>> {
            file.rows.iter().map(|row| row.cells().to_vec()).collect()
        };
        prop_assert_eq!(of_row(&of_text), of_row(&of_sheet));
        let why = |file: &Read| -> Vec<_> {
            let rejected = file.rejected.iter();
            rejected.map(|row| (row.reason, row.cells.clone())).collect()
        };
        prop_assert_eq!(why(&of_text), why(&of_sheet));
    }
}

#[test]
fn texts_that_sheets_share_read_like_texts_of_their_own() {
    let rows: Vec<Vec<Cell>> = (0..40)
        .map(|n| {
            [n % 3, n % 2, n, 7]
                .map(|n| Cell::Text(format!("text {n}")))
                .to_vec()
        })
        .collect();
    let mut workbook = Workbook::new();
    // In constant memory the writer keeps texts within their cells.
    let sheet = workbook.add_worksheet_with_constant_memory().unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap();
    for (at, row) in (1..).zip(&rows) {
        sheet.write_row(at, 0, row.iter().map(Cell::text)).unwrap();
    }
    let inline = workbook.save_to_buffer().unwrap();
    let shared = as_workbook(&rows);

    let [of_inline, of_shared] =
        [&inline, &shared].map(|bytes| read_with(bytes, sniff(bytes, "x.xlsx").unwrap()));

    assert_eq!(of_inline.rows, of_shared.rows);
    assert_eq!(of_shared.rows.len(), 40);
}
