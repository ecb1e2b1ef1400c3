//! Parquet: types as texts, structures as columns, and files that were made to hurt.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray, TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int32Type};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use rapport_domain::RejectReason;
use rapport_ingest::{FileKind, IngestError, MAX_ROW_BYTES, preview, sniff};

use crate::files::{british, gzip, in_memory, read};

fn parquet(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn plain(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    parquet(columns, Compression::UNCOMPRESSED)
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// The header and the rows of a file.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let format = sniff(bytes, "x.parquet").unwrap();
    assert_eq!(format.kind, FileKind::Parquet);
    let seen = preview(in_memory(bytes), &format, 100).unwrap();
    let mut table = vec![seen.headers];
    table.extend(seen.sample_rows);
    table
}

fn refused(bytes: &[u8]) -> String {
    let format = sniff(bytes, "x.parquet").unwrap();
    preview(in_memory(bytes), &format, 100)
        .unwrap_err()
        .to_string()
}

#[test]
fn values_are_the_texts_that_people_would_write() {
    let customers = DictionaryArray::<Int32Type>::from_iter(["Ada", "Ada"]);
    let tags = ListArray::from_iter_primitive::<arrow::datatypes::Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
    ]);
    let place = StructArray::from(vec![
        (
            Arc::new(Field::new("city", DataType::Utf8, true)),
            texts(&["London", "Paris"]),
        ),
        (
            Arc::new(Field::new("zip", DataType::Int64, true)),
            Arc::new(Int64Array::from(vec![Some(1), None])) as ArrayRef,
        ),
    ]);
    let file = plain(vec![
        (
            "id",
            Arc::new(Int64Array::from(vec![123_456_789_012_345_678, -1])),
        ),
        ("key", Arc::new(Float64Array::from(vec![17850.0, f64::NAN]))),
        ("price", Arc::new(Float64Array::from(vec![0.1, 1e21]))),
        ("ok", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("on", Arc::new(Date32Array::from(vec![0, 20_784]))),
        (
            "at",
            Arc::new(
                TimestampMicrosecondArray::from(vec![0, 1_500_000]).with_timezone("Europe/Berlin"),
            ),
        ),
        (
            "local",
            Arc::new(TimestampMillisecondArray::from(vec![0, 1])),
        ),
        (
            "amount",
            Arc::new(
                Decimal128Array::from(vec![-1250, 7])
                    .with_precision_and_scale(10, 2)
                    .unwrap(),
            ),
        ),
        ("who", Arc::new(customers)),
        (
            "bytes",
            Arc::new(BinaryArray::from(vec!["王".as_bytes(), b"=1+1"])),
        ),
        ("tags", Arc::new(tags)),
        ("place", Arc::new(place)),
    ]);

    let table = table(&file);

    assert_eq!(table[0][10..], ["tags", "place.city", "place.zip"]);
    let first = [
        "123456789012345678",
        "17850",
        "0.1",
        "true",
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00",
        "-12.50",
        "Ada",
        "王",
        "[1,null]",
        "London",
        "1",
    ];
    assert_eq!(table[1], first);
    let second = [
        "-1",
        "",
        "1000000000000000000000",
        "",
        "2026-11-27",
        "1970-01-01T00:00:01.500Z",
        "1970-01-01T00:00:00.001",
        "0.07",
        "Ada",
        "=1+1",
        "",
        "Paris",
        "",
    ];
    assert_eq!(table[2], second);
}

#[test]
fn every_common_compression_is_read_and_rows_keep_their_numbers() {
    let zstd = Compression::ZSTD(parquet::basic::ZstdLevel::default());
    for compression in [Compression::SNAPPY, Compression::LZ4_RAW, zstd] {
        let names: Vec<String> = (0..3000).map(|n| format!("Contact {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mail = texts(&vec!["ada@example.com"; 3000]);
        let file = parquet(vec![("Name", texts(&names)), ("E-mail", mail)], compression);

        let file = read(&file, &british()).unwrap();

        assert_eq!(file.rows.len(), 3000);
        assert_eq!(file.rows[2999].line(), 3000);
        assert_eq!(file.rows[2999].cells()[0], "Contact 2999");
    }
}

#[test]
fn bytes_that_are_no_text_and_rows_that_are_too_long_are_rejected_alone() {
    let long = "x".repeat(MAX_ROW_BYTES + 1);
    let file = plain(vec![
        ("Name", texts(&["A", "B", &long, "D"])),
        (
            "E-mail",
            Arc::new(BinaryArray::from(vec![
                &b"a@b.org"[..],
                b"\xFF\xFE",
                b"c@d.org",
                b"d@e.org",
            ])),
        ),
    ]);

    let file = read(&file, &british()).unwrap();

    assert_eq!(file.rows.len(), 2);
    let rejected: Vec<_> = file
        .rejected
        .iter()
        .map(|row| (row.line, row.reason))
        .collect();
    assert_eq!(
        rejected,
        [(2, RejectReason::BadEncoding), (3, RejectReason::BadRow)]
    );
}

#[test]
fn one_long_text_that_all_rows_share_is_held_once() {
    let long = "y".repeat(MAX_ROW_BYTES / 2);
    let names = DictionaryArray::<Int32Type>::from_iter(std::iter::repeat_n(long.as_str(), 200));
    let file = plain(vec![
        ("Name", Arc::new(names)),
        ("E-mail", texts(&["a@b.org"; 200])),
    ]);
    assert!(file.len() < 2 * MAX_ROW_BYTES);
    let format = sniff(&file, "x.parquet").unwrap();

    let seen = preview(in_memory(&file), &format, 3).unwrap();

    assert_eq!(seen.sample_rows[2][0].len(), long.len());
    assert_eq!(seen.line_count_guess(file.len() as u64), 200);
}

#[test]
fn damaged_cut_and_encrypted_files_are_refused_with_reasons() {
    let file = plain(vec![("a", texts(&["1"])), ("b", texts(&["2"]))]);
    let mut encrypted = file.clone();
    let end = encrypted.len();
    encrypted[end - 4..].copy_from_slice(b"PARE");
    let mut long = file.clone();
    long[end - 8..end - 4].copy_from_slice(&u32::MAX.to_le_bytes());

    assert!(refused(&file[..end - 9]).contains("does not end as"));
    assert!(refused(&file[..10]).contains("too short"));
    assert!(refused(&encrypted).contains("encrypted"));
    assert!(refused(&long).contains("longer than the file"));
    assert!(matches!(
        sniff(&gzip(&file), "x.parquet.gz"),
        Err(IngestError::Binary {
            found: "a Parquet file within gzip",
            ..
        })
    ));
}

#[test]
fn a_file_without_rows_says_so() {
    let file = plain(vec![("a", texts(&[])), ("b", texts(&[]))]);

    assert!(refused(&file).contains("a header of 2 columns but no rows"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_byte_that_is_changed_is_read_or_refused(at in any::<prop::sample::Index>(), byte: u8) {
        let file = plain(vec![
            ("Name", texts(&["Ada", "Grace", "王小明"])),
            ("E-mail", texts(&["ada@example.com", "grace@example.com", "wang@example.com"])),
            ("N", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ]);
        let mut hurt = file.clone();
        hurt[at.index(file.len())] = byte;

        if let Ok(format) = sniff(&hurt, "x.parquet") {
            let _ = preview(in_memory(&hurt), &format, 10);
        }
    }
}
