//! The real file that the product is shown on, and a small one made after it that always runs.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

use rapport_domain::EntityKind;
use rapport_ingest::{
    Compression, Mapping, ParsedRow, RowReader, SAMPLE_ROWS, SNIFF_BYTES, Source, guess_mapping,
    preview, sniff,
};

use crate::files::{british, gzip, in_memory};

/// What a file of order lines adds up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Totals {
    n_rows: usize,
    n_rejected: usize,
    n_without_customer: usize,
    n_customers: usize,
    n_orders: usize,
    n_cancelled_orders: usize,
}

fn totals<R: Source>(open: impl Fn() -> R) -> (Mapping, Totals) {
    let mut head = Vec::new();
    open()
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .unwrap();
    let format = sniff(&head, "retail").unwrap();
    assert_eq!(format.compression, Compression::Gzip);
    let seen = preview(open(), &format, SAMPLE_ROWS).unwrap();
    let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
    let mut reader = RowReader::new(open(), &format, &mapping, &british()).unwrap();
    let mut totals = Totals::default();
    let mut customers = HashSet::new();
    let mut orders = HashSet::new();
    while let Some(chunk) = reader.next_chunk(10_000).unwrap() {
        totals.n_rejected += chunk.rejected.len();
        for row in chunk.rows {
            let ParsedRow::OrderLine(line) = row else {
                panic!("an order line was expected");
            };
            totals.n_rows += 1;
            match line.person.external_id {
                Some(id) => {
                    customers.insert(id);
                }
                None => totals.n_without_customer += 1,
            }
            orders.insert(line.order_id);
        }
    }
    totals.n_customers = customers.len();
    totals.n_cancelled_orders = orders.iter().filter(|id| id.starts_with('C')).count();
    totals.n_orders = orders.len();
    (mapping, totals)
}

fn check_mapping(mapping: &Mapping) {
    assert_eq!(mapping.entity, EntityKind::OrderLines);
    assert!(
        mapping.columns.iter().all(|column| column.field.is_some()),
        "{mapping:?}"
    );
}

#[test]
fn the_retail_file_is_read_whole() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/online_retail/online_retail_to_2011-10-14.csv.gz");
    if !path.exists() {
        let mut log = std::io::stderr();
        writeln!(
            log,
            "{} is not here; its made sibling is checked alone",
            path.display()
        )
        .unwrap();
        return;
    }

    let (mapping, totals) = totals(|| File::open(&path).unwrap());

    check_mapping(&mapping);
    // Oracle: the same counts by the csv module of Python.
    assert_eq!(totals.n_rows, 398_867);
    assert_eq!(totals.n_rejected, 0);
    assert_eq!(totals.n_without_customer, 102_620);
    assert_eq!(totals.n_customers, 3_825);
    assert_eq!(totals.n_orders, 20_036);
}

#[test]
fn a_made_file_like_it_is_read_whole() {
    let mut text = String::from(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
    );
    for order in 0..300 {
        let mark = if order % 10 == 9 { "C" } else { "" };
        let sign = if order % 10 == 9 { "-" } else { "" };
        let customer = if order % 4 == 3 {
            String::new()
        } else {
            format!("{}", 12_000 + order % 50)
        };
        for line in 0..7 {
            let (minute, second) = (order % 60, line);
            text += &format!(
                "{mark}{},{}A,\"LANTERN, \"\"RED\"\" {line}\",{sign}{},2010-12-01 08:{minute:02}:{second:02},{line}.25,{customer},United Kingdom\n",
                536_365 + order,
                22_000 + line,
                line + 1,
            );
        }
    }
    let bytes = gzip(text.as_bytes());

    let (mapping, totals) = totals(|| in_memory(&bytes));

    check_mapping(&mapping);
    let expected = Totals {
        n_rows: 2100,
        n_rejected: 0,
        n_without_customer: 525,
        n_customers: 50,
        n_orders: 300,
        n_cancelled_orders: 30,
    };
    assert_eq!(totals, expected);
}
