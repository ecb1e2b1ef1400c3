//! What becomes of a cell.

use rapport_domain::{EntityKind, RejectReason};
use rapport_ingest::{ParsedRow, preview, sniff};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use super::{part_of, shown, with_part, workbook, write_table};
use crate::files::{british, in_memory, read};

/// The rows below the header of a workbook, as the preview shows them.
fn seen(bytes: &[u8]) -> Vec<Vec<String>> {
    let format = sniff(bytes, "test.xlsx").unwrap();
    preview(in_memory(bytes), &format, 100).unwrap().sample_rows
}

/// The second column of a sheet whose header is `name,value`.
fn check(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet), expected: &[&str]) {
    let bytes = workbook(|sheet| {
        write_table(sheet, (0, 0), &[&["name", "value"]]);
        for row in 1..=expected.len() as u32 {
            sheet.write_string(row, 0, "x").unwrap();
        }
        fill(sheet);
    });
    let values: Vec<String> = seen(&bytes)
        .into_iter()
        .map(|mut row| row.remove(1))
        .collect();
    assert_eq!(values, expected);
}

#[test]
fn numbers_are_as_they_are_read_aloud() {
    let expected = [
        "7",
        "-2.5",
        "0.3",
        "13812345678",
        "4006381333931",
        "9007199254740991",
        "100000000000000000000",
        "01234",
        "0.15",
    ];
    check(
        |sheet| {
            let postcode = Format::new().set_num_format("00000");
            let percent = Format::new().set_num_format("0%");
            let numbers = [7.0, -2.5, 0.1 + 0.2, 13_812_345_678.0, 4_006_381_333_931.0];
            for (row, number) in (1..).zip(numbers) {
                sheet.write_number(row, 1, number).unwrap();
            }
            sheet.write_number(6, 1, 9_007_199_254_740_991.0).unwrap();
            sheet.write_number(7, 1, 1e20).unwrap();
            sheet
                .write_number_with_format(8, 1, 1234, &postcode)
                .unwrap();
            sheet
                .write_number_with_format(9, 1, 0.15, &percent)
                .unwrap();
        },
        &expected,
    );
}

#[test]
fn yes_no_errors_and_formulas() {
    check(
        |sheet| {
            sheet.write_boolean(1, 1, true).unwrap();
            sheet.write_boolean(2, 1, false).unwrap();
            let formula = |result: &str| Formula::new("=A1").set_result(result);
            for (row, result) in (3..).zip(["12.5", "a word", "#N/A", "#DIV/0!"]) {
                sheet.write_formula(row, 1, formula(result)).unwrap();
            }
        },
        &["true", "false", "12.5", "a word", "", ""],
    );
}

#[test]
fn an_error_that_is_younger_than_the_reader_is_empty_too() {
    let bytes = workbook(|sheet| {
        write_table(sheet, (0, 0), &[&["name", "value", "key"]]);
        sheet.write_string(1, 0, "x").unwrap();
        sheet.write_number(1, 1, 1).unwrap();
        sheet.write_number(1, 2, 7).unwrap();
    });
    let name = "xl/worksheets/sheet1.xml";
    let before = part_of(&bytes, name);
    let text = before.replace("<c r=\"B2\"><v>1</v>", "<c r=\"B2\" t=\"e\"><v>#SPILL!</v>");
    assert_ne!(text, before);

    let rows = seen(&with_part(&bytes, name, text.as_bytes()));

    assert_eq!(rows, [["x", "", "7"]]);
}

#[test]
fn dates_are_iso_in_both_systems_whatever_their_format() {
    // Days are counted from 1900 or, by a flag of the workbook, from 1904.
    for (is_1904, earlier) in [(false, 0.0), (true, 1462.0)] {
        let mut bytes = workbook(|sheet| {
            write_table(sheet, (0, 0), &[&["name", "value"]]);
            let cells = [
                ("dd/mm/yyyy", 46_081.0 - earlier),
                ("m/d/yy", 36_219.0 - earlier),
                ("yyyy\"年\"m\"月\"d\"日\"", 45_350.0 - earlier),
                ("d.m.yyyy h:mm", 46_081.0 - earlier + 506.0 / 1440.0),
                ("h:mm AM/PM", 1085.0 / 1440.0),
            ];
            for (row, (code, value)) in (1..).zip(cells) {
                let format = Format::new().set_num_format(code);
                sheet.write_string(row, 0, "x").unwrap();
                sheet
                    .write_number_with_format(row, 1, value, &format)
                    .unwrap();
            }
        });
        if is_1904 {
            let name = "xl/workbook.xml";
            let from_1904 = "<workbookPr date1904=\"1\"";
            let text = part_of(&bytes, name).replace("<workbookPr", from_1904);
            bytes = with_part(&bytes, name, text.as_bytes());
        }

        let rows = seen(&bytes);

        let values: Vec<_> = rows.iter().map(|row| row[1].as_str()).collect();
        let expected = [
            "2026-02-28",
            "1999-02-28",
            "2024-02-28",
            "2026-02-28T08:26:00",
            "18:05:00",
        ];
        assert_eq!(values, expected, "1904: {is_1904}");
    }
}

#[test]
fn an_order_of_a_sheet_is_read_with_its_dates_and_amounts() {
    let bytes = workbook(|sheet| {
        let day = Format::new().set_num_format("dd/mm/yyyy");
        write_table(
            sheet,
            (0, 0),
            &[&[
                "order id",
                "order date",
                "sku",
                "quantity",
                "unit price",
                "phone",
            ]],
        );
        sheet.write_number(1, 0, 536_365).unwrap();
        let at = ExcelDateTime::from_ymd(2025, 12, 2).unwrap();
        sheet.write_datetime_with_format(1, 1, &at, &day).unwrap();
        sheet.write_string(1, 2, "MUG-1").unwrap();
        sheet.write_number(1, 3, 2).unwrap();
        sheet.write_number(1, 4, 4.35).unwrap();
        sheet.write_number(1, 5, 447_911_123_456_f64).unwrap();
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.mapping.entity, EntityKind::OrderLines);
    let [ParsedRow::OrderLine(line)] = file.rows.as_slice() else {
        panic!("one order line expected, not {:?}", shown(&file));
    };
    assert_eq!((line.line, line.order_id.as_str()), (2, "536365"));
    assert_eq!(line.ordered_at.to_string(), "2025-12-02T00:00:00Z");
    assert_eq!(line.amount.amount_minor, 870);
}

#[test]
fn a_rejected_row_is_named_by_its_row_in_the_sheet() {
    let bytes = workbook(|sheet| {
        write_table(sheet, (4, 0), &[&["name", "email"]]);
        write_table(
            sheet,
            (6, 0),
            &[&["Ada", "ada@example.com"], &["Bob", "nobody"]],
        );
    });

    let file = read(&bytes, &british()).unwrap();

    assert_eq!(file.rows[0].line(), 7);
    let [bob] = file.rejected.as_slice() else {
        panic!("one rejected row expected");
    };
    assert_eq!((bob.line, bob.reason), (8, RejectReason::BadEmail));
    assert_eq!(bob.cells, ["Bob", "nobody"]);
}
