//! Forms of files: whatever the form, the rows are the same.

use rapport_domain::{EntityKind, RejectReason};
use rapport_ingest::{
    IngestError, ParsedRow, ReadOptions, RowReader, guess_mapping, preview, sniff,
};

use crate::files::{Read, british, encoded, gzip, in_memory, read};

const CONTACTS: &str = "客户编号,姓名,手机,邮箱,城市\n\
                        1,张伟,13812345678,zw@example.com,上海\n\
                        2,欧阳娜娜,13912345678,oy@example.com,\"北京,朝阳\"\n";

fn chinese() -> ReadOptions {
    ReadOptions {
        default_region: Some("CN".to_owned()),
        ..ReadOptions::default()
    }
}

fn check(bytes: &[u8]) {
    let file = read(bytes, &chinese()).unwrap();

    assert_eq!(file.mapping.entity, EntityKind::Contacts);
    assert!(file.rejected.is_empty(), "{:?}", file.rejected);
    let [ParsedRow::Contact(first), ParsedRow::Contact(second)] = file.rows.as_slice() else {
        panic!("two contacts expected in {:?}", file.rows);
    };
    assert_eq!(first.person.name.as_deref(), Some("张伟"));
    assert_eq!(
        first.person.phone.as_ref().unwrap().as_str(),
        "+8613812345678"
    );
    assert_eq!(second.person.last_name.as_deref(), Some("欧阳"));
    assert_eq!(second.address.city.as_deref(), Some("北京,朝阳"));
    assert_eq!((first.line, second.line), (2, 3));
}

#[test]
fn encodings_compression_and_delimiters_make_no_difference() {
    for encoding in ["utf8", "utf8_mark", "utf16_le", "utf16_be", "gb18030"] {
        let bytes = encoded(CONTACTS, encoding);
        check(&bytes);
        check(&gzip(&bytes));
        check(&encoded(&CONTACTS.replace('\n', "\r\n"), encoding));
    }
    for delimiter in [';', '\t', '|'] {
        let text = CONTACTS
            .replace("北京,朝阳", "北京，朝阳")
            .replace(',', &delimiter.to_string())
            .replace("北京，朝阳", "北京,朝阳");
        check(text.as_bytes());
    }
}

#[test]
fn gzip_of_several_members_is_read_to_its_end() {
    let (first, second) = CONTACTS.split_at(40);
    let mut bytes = gzip(first.as_bytes());
    bytes.extend(gzip(second.as_bytes()));

    check(&bytes);
}

#[test]
fn json_lines_read_like_a_table() {
    let text = "{\"客户编号\":1,\"姓名\":\"张伟\",\"手机\":\"13812345678\",\"邮箱\":\"zw@example.com\",\"城市\":\"上海\"}\n\
                {\"客户编号\":2,\"姓名\":\"欧阳娜娜\",\"手机\":\"13912345678\",\"邮箱\":\"oy@example.com\",\"城市\":\"北京,朝阳\"}\n";
    let file = read(text.as_bytes(), &chinese()).unwrap();

    assert!(file.rejected.is_empty());
    assert_eq!(file.rows.len(), 2);
    assert_eq!(
        file.columns.last().map(String::as_str),
        Some(rapport_ingest::OTHER_KEYS)
    );
    assert_eq!(file.rows[0].cells().len(), file.columns.len());
}

#[test]
fn bad_rows_cost_themselves_only() {
    let text = "order id,order date,sku,quantity,unit price,email\n\
        1,2026-01-02,茶,1,2.50,ada@example.com\n\
        2,soon,茶,1,2.50,\n\
        3,2026-01-02,茶,many,2.50,\n\
        4,2026-01-02,茶,1,2.50,nobody\n\
        5,2026-01-02,茶,1\n\
        ,2026-01-02,茶,1,2.50,\n\
        7,2026-01-02,\"茶,1,2.50,\n\
        8,2026-01-02,?,1,2.50,\n\
        9,2026-01-02,茶,1,2.50,bob@example.com\n";
    let mut text = text.as_bytes().to_vec();
    let broken = text.iter().position(|&b| b == b'?').unwrap();
    text[broken] = 0xFF;

    let file = read(&text, &british()).unwrap();

    let lines: Vec<_> = file.rows.iter().map(ParsedRow::line).collect();
    assert_eq!(lines, [2, 10]);
    let rejected: Vec<_> = file
        .rejected
        .iter()
        .map(|row| {
            (
                row.line,
                row.reason,
                row.column.as_deref(),
                row.value.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        rejected,
        [
            (3, RejectReason::BadDate, Some("order date"), Some("soon")),
            (4, RejectReason::BadNumber, Some("quantity"), Some("many")),
            (5, RejectReason::BadEmail, Some("email"), Some("nobody")),
            (6, RejectReason::BadRow, None, None),
            (7, RejectReason::MissingValue, Some("order id"), None),
            (8, RejectReason::BadRow, None, None),
            (9, RejectReason::BadEncoding, Some("sku"), Some("\u{FFFD}")),
        ]
    );
    assert_eq!(file.rejected[0].cells[1], "soon");
    assert!(
        file.rejected[0].message.contains("2026-11-24"),
        "{}",
        file.rejected[0].message
    );
}

#[test]
fn a_hundred_thousand_bad_rows_are_handed_out_chunk_by_chunk() {
    let rows: String = (0..100_000).map(|i| format!("{i},soon,A,1,2\n")).collect();
    let text = format!("order id,order date,sku,quantity,unit price\n{rows}");
    let format = sniff(text.as_bytes(), "x").unwrap();
    let seen = preview(in_memory(&text), &format, 100).unwrap();
    let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
    let mut reader = RowReader::new(in_memory(&text), &format, &mapping, &british()).unwrap();

    let mut n_rejected = 0;
    let mut n_bytes = 0;
    while let Some(chunk) = reader.next_chunk(1000).unwrap() {
        assert_eq!(chunk.first_line, n_rejected as u64 + 2);
        assert!(chunk.bytes_read >= n_bytes);
        n_rejected += chunk.rejected.len();
        n_bytes = chunk.bytes_read;
    }

    assert_eq!(n_rejected, 100_000);
    assert_eq!(n_bytes, text.len() as u64);
}

#[test]
fn rows_before_a_damaged_place_are_handed_out_before_the_error() {
    let rows: String = (0..100_000)
        .map(|i| format!("{i},user{i}@example.com\n"))
        .collect();
    let bytes = gzip(format!("id,email\n{rows}").as_bytes());
    let cut = &bytes[..bytes.len() / 2];
    let format = sniff(cut, "x").unwrap();
    let seen = preview(in_memory(cut), &format, 100).unwrap();
    let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
    let mut reader = RowReader::new(in_memory(cut), &format, &mapping, &british()).unwrap();

    let mut n_rows = 0;
    let error = loop {
        match reader.next_chunk(1000) {
            Ok(chunk) => n_rows += chunk.expect("the error comes first").rows.len(),
            Err(error) => break error,
        }
    };

    assert!(n_rows > 20_000, "{n_rows}");
    assert!(matches!(error, IngestError::Gzip(_)), "{error}");
}

#[test]
fn another_file_than_the_mapping_was_made_for_is_refused() {
    let Read {
        format, mapping, ..
    } = read(b"name,email\nAda,ada@example.com\n", &british()).unwrap();

    let other = b"name,phone\nAda,1\n";
    let error = RowReader::new(in_memory(other), &format, &mapping, &british()).unwrap_err();

    assert!(error.to_string().contains("[name, phone]"), "{error}");
}

#[test]
fn a_header_alone_and_an_empty_file_say_what_to_do() {
    let error = |bytes: &[u8]| read(bytes, &british()).err().unwrap().to_string();

    assert!(error(b"").contains("is empty; export it again"));
    assert!(error(b"name,email\n").contains("a header of 2 columns but no rows"));
}
