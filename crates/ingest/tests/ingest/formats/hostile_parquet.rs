//! Parquet files that promise what they do not have, made byte by byte.

use rapport_ingest::{preview, sniff};

use crate::files::in_memory;

const INT: u8 = 5;
const LONG: u8 = 6;
const BYTES: u8 = 8;
const LIST: u8 = 9;
const STRUCTURE: u8 = 12;

/// A field in Thrift's compact form: its number, its type and its bytes.
struct Field(u8, u8, Vec<u8>);

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(value: i64) -> Vec<u8> {
    varint(((value << 1) ^ (value >> 63)) as u64)
}

fn int(id: u8, value: i64) -> Field {
    Field(id, INT, number(value))
}

fn long(id: u8, value: i64) -> Field {
    Field(id, LONG, number(value))
}

fn text_bytes(value: &str) -> Vec<u8> {
    [varint(value.len() as u64), value.as_bytes().to_vec()].concat()
}

/// A list that says that it has `n` items.
fn list_of(id: u8, item: u8, n: u64, items: Vec<u8>) -> Field {
    Field(id, LIST, [vec![0xf0 | item], varint(n), items].concat())
}

fn list(id: u8, item: u8, items: &[Vec<u8>]) -> Field {
    list_of(id, item, items.len() as u64, items.concat())
}

fn structure(fields: Vec<Field>) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), 0);
    for Field(id, wire, value) in fields {
        bytes.push(((id - last) << 4) | wire);
        bytes.extend(value);
        last = id;
    }
    bytes.push(0);
    bytes
}

/// An element of a schema: a required column of a type, or a structure of so many children.
fn element(name: &str, n_children: Option<i64>) -> Vec<u8> {
    element_of(INT32, name, n_children)
}

fn element_of(kind: i64, name: &str, n_children: Option<i64>) -> Vec<u8> {
    let mut fields = Vec::new();
    if n_children.is_none() {
        fields.push(int(1, kind));
    }
    fields.push(int(3, 0));
    fields.push(Field(4, BYTES, text_bytes(name)));
    fields.extend(n_children.map(|n| int(5, n)));
    structure(fields)
}

/// A file whose description is this.
fn ended(mut bytes: Vec<u8>, description: &[u8]) -> Vec<u8> {
    bytes.extend(description);
    bytes.extend((description.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

/// A file with nothing but a schema.
fn of_schema(elements: &[Vec<u8>]) -> Vec<u8> {
    let description = structure(vec![
        int(1, 1),
        list(2, STRUCTURE, elements),
        long(3, 0),
        list(4, STRUCTURE, &[]),
    ]);
    ended(b"PAR1".to_vec(), &description)
}

/// A page with this header and body.
fn page(kind: i64, header: (u8, Vec<Field>), unpacked: i64, body: &[u8]) -> Vec<u8> {
    let (id, fields) = header;
    let header = structure(vec![
        int(1, kind),
        int(2, unpacked),
        int(3, body.len() as i64),
        Field(id, STRUCTURE, structure(fields)),
    ]);
    [header, body.to_vec()].concat()
}

fn data_page(n_values: i64, unpacked: i64, body: &[u8]) -> Vec<u8> {
    page_of_texts(n_values, PLAIN, unpacked, body)
}

/// A page in an encoding.
fn page_of_texts(n_values: i64, encoding: i64, unpacked: i64, body: &[u8]) -> Vec<u8> {
    let fields = vec![int(1, n_values), int(2, encoding), int(3, 3), int(4, 3)];
    page(0, (5, fields), unpacked, body)
}

/// Encodings of texts.
const LENGTHS: i64 = 6;
const DIFFERENCES: i64 = 7;

/// Lengths as differences in blocks of 128: the first one, then others that are greater by a step each.
fn lengths(n: u64, first: i64, step: i64) -> Vec<u8> {
    let mut bytes = [varint(128), varint(4), varint(n), number(first)].concat();
    for _ in 0..n.saturating_sub(1).div_ceil(128) {
        bytes.extend(number(step));
        bytes.extend([0; 4]);
    }
    bytes
}

fn dictionary_page(n_values: i64, body: &[u8]) -> Vec<u8> {
    let fields = vec![int(1, n_values), int(2, 0)];
    page(2, (7, fields), body.len() as i64, body)
}

const PLAIN: i64 = 0;
const ZSTD: i64 = 6;

/// Types of columns.
const INT32: i64 = 1;
const BYTE_ARRAY: i64 = 6;

/// Columns of a file of so many rows.
struct Columns<'c> {
    n_rows: i64,
    codec: i64,
    kind: i64,
    elements: &'c [Vec<u8>],
    paths: &'c [Vec<&'c str>],
    pages: &'c [Vec<u8>],
}

/// A file of one row whose columns of numbers have these pages.
fn of_pages(codec: i64, pages: &[Vec<u8>]) -> Vec<u8> {
    of_columns(1, codec, INT32, pages)
}

fn of_columns(n_rows: i64, codec: i64, kind: i64, pages: &[Vec<u8>]) -> Vec<u8> {
    let names: Vec<String> = (0..pages.len()).map(|n| format!("c{n}")).collect();
    let mut elements = vec![element("rows", Some(pages.len() as i64))];
    elements.extend(names.iter().map(|name| element_of(kind, name, None)));
    let paths: Vec<Vec<&str>> = names.iter().map(|name| vec![name.as_str()]).collect();
    Columns {
        n_rows,
        codec,
        kind,
        elements: &elements,
        paths: &paths,
        pages,
    }
    .file()
}

impl Columns<'_> {
    fn file(&self) -> Vec<u8> {
        let mut bytes = b"PAR1".to_vec();
        let mut chunks = Vec::new();
        for (path, pages) in self.paths.iter().zip(self.pages) {
            let start = bytes.len() as i64;
            bytes.extend(pages);
            let path: Vec<Vec<u8>> = path.iter().map(|name| text_bytes(name)).collect();
            let about = structure(vec![
                int(1, self.kind),
                list(2, INT, &[number(0), number(3)]),
                list(3, BYTES, &path),
                int(4, self.codec),
                long(5, self.n_rows),
                long(6, pages.len() as i64),
                long(7, pages.len() as i64),
                long(9, start),
            ]);
            chunks.push(structure(vec![long(2, start), Field(3, STRUCTURE, about)]));
        }
        let group = structure(vec![
            list(1, STRUCTURE, &chunks),
            long(2, bytes.len() as i64),
            long(3, self.n_rows),
        ]);
        let description = structure(vec![
            int(1, 1),
            list(2, STRUCTURE, self.elements),
            long(3, self.n_rows),
            list(4, STRUCTURE, &[group]),
        ]);
        ended(bytes, &description)
    }
}

fn refused(bytes: &[u8]) -> String {
    let format = sniff(bytes, "x.parquet").unwrap();
    preview(in_memory(bytes), &format, 100)
        .unwrap_err()
        .to_string()
}

#[test]
fn an_honest_file_of_the_same_make_is_read() {
    let pages = data_page(1, 4, &7_i32.to_le_bytes());
    let file = of_pages(PLAIN, &[pages.clone(), pages]);
    let format = sniff(&file, "x.parquet").unwrap();

    let seen = preview(in_memory(&file), &format, 100).unwrap();

    assert_eq!(seen.headers, ["c0", "c1"]);
    assert_eq!(seen.sample_rows, [["7", "7"]]);
}

#[test]
fn a_schema_that_is_nested_without_end_is_refused_before_it_is_followed() {
    let mut elements: Vec<Vec<u8>> = vec![element("g", Some(1)); 200];
    elements.push(element("n", None));

    assert!(refused(&of_schema(&elements)).contains("in more than 64 structures"));
    let elements: Vec<Vec<u8>> = vec![element("g", Some(1)); 200_000];
    assert!(refused(&of_schema(&elements)).contains("200000 columns and structures"));
}

#[test]
fn a_schema_that_promises_columns_which_it_does_not_have_is_refused() {
    let rows = element("rows", Some(i64::from(i32::MAX)));
    assert!(refused(&of_schema(&[rows])).contains("more columns than there are"));
    let rows = element("rows", Some(-1));
    assert!(refused(&of_schema(&[rows])).contains("more columns than there are"));

    let mut many = vec![element("rows", Some(2_001))];
    many.extend((0..2_001).map(|n| element(&format!("c{n}"), None)));
    assert!(refused(&of_schema(&many)).contains("more than 2000 columns"));
    let long = [element("rows", Some(1)), element(&"n".repeat(501), None)];
    assert!(refused(&of_schema(&long)).contains("a name of 501 bytes"));
}

#[test]
fn a_list_that_says_that_it_is_long_is_refused_before_room_is_made() {
    let schema = [element("rows", Some(1)), element("n", None)];
    let of_groups = |n: u64, groups: Vec<u8>| {
        let description = structure(vec![
            int(1, 1),
            list(2, STRUCTURE, &schema),
            long(3, 0),
            list_of(4, STRUCTURE, n, groups),
        ]);
        ended(b"PAR1".to_vec(), &description)
    };

    let promised = of_groups(i32::MAX as u64, Vec::new());
    assert!(refused(&promised).contains("a list of its description is longer"));
    let empty = of_groups(40_000, vec![0; 40_000]);
    assert!(refused(&empty).contains("40000 groups of rows"));
}

#[test]
fn a_field_of_another_type_hides_nothing() {
    // The decoder would read the text as a list of elements.
    let hidden = [vec![0xfc], varint(1_000_000_000)].concat();
    let hidden = Field(2, BYTES, [varint(hidden.len() as u64), hidden].concat());
    let description = structure(vec![int(1, 1), hidden, long(3, 0)]);

    let error = refused(&ended(b"PAR1".to_vec(), &description));

    assert!(error.contains("a wrong type"), "{error}");
}

#[test]
fn a_page_that_promises_gigabytes_is_refused_before_room_is_made() {
    let page = data_page(1, i64::from(i32::MAX), b"0123456789");

    let error = refused(&of_pages(ZSTD, &[page]));

    assert!(error.contains("pages of more than a gigabyte"), "{error}");
}

#[test]
fn the_pages_of_all_columns_and_of_one_column_count_together() {
    let page = data_page(1, 400 << 20, b"0123456789");
    let error = refused(&of_pages(ZSTD, &[page.clone(), page.clone(), page]));
    assert!(error.contains("pages of more than a gigabyte"), "{error}");

    let empty = data_page(0, 400 << 20, b"0123456789");
    let pages = [data_page(1, 400 << 20, b"0123456789"), empty.repeat(2)].concat();
    let error = refused(&of_pages(ZSTD, &[pages]));
    assert!(error.contains("1000 times what they take"), "{error}");
}

#[test]
fn one_row_with_a_list_of_a_thousand_million_nothings_is_refused() {
    let nested = |name: &str, repetition: i64, more: Field| {
        structure(vec![
            int(3, repetition),
            Field(4, BYTES, text_bytes(name)),
            more,
        ])
    };
    let leaf = structure(vec![
        int(1, 1),
        int(3, 1),
        Field(4, BYTES, text_bytes("element")),
    ]);
    let elements = [
        element("rows", Some(1)),
        nested("l", 1, int(5, 1)),
        nested("list", 2, int(5, 1)),
        leaf,
    ];
    let path = vec!["l", "list", "element"];
    let page = data_page(1_000_000_000, 10, b"0123456789");

    let file = Columns {
        n_rows: 1,
        codec: PLAIN,
        kind: INT32,
        elements: &elements,
        paths: &[path],
        pages: &[page],
    };
    let error = refused(&file.file());

    assert!(error.contains("1000000000 values in the lists"), "{error}");
}

#[test]
fn values_that_do_not_fit_the_rows_or_the_bytes_are_refused() {
    let twice = data_page(2, 4, &7_i32.to_le_bytes());
    assert!(refused(&of_pages(PLAIN, &[twice])).contains("more or fewer values than rows"));
    let less = data_page(-1, 4, &7_i32.to_le_bytes());
    assert!(refused(&of_pages(PLAIN, &[less])).contains("less than nothing"));
    let dictionary = dictionary_page(i64::from(i32::MAX), &7_i32.to_le_bytes());
    let pages = [dictionary, data_page(1, 4, &7_i32.to_le_bytes())].concat();
    assert!(refused(&of_pages(PLAIN, &[pages])).contains("more values than bytes"));
}

#[test]
fn texts_that_are_written_as_differences_are_read() {
    let of_lengths = [lengths(2, 1, 1), b"abb".to_vec()].concat();
    let page = page_of_texts(2, LENGTHS, of_lengths.len() as i64, &of_lengths);
    let of_prefixes = [lengths(2, 0, 2), lengths(2, 3, -2), b"Adaz".to_vec()].concat();
    let other = page_of_texts(2, DIFFERENCES, of_prefixes.len() as i64, &of_prefixes);
    let file = of_columns(2, PLAIN, BYTE_ARRAY, &[page, other]);
    let format = sniff(&file, "x.parquet").unwrap();

    let seen = preview(in_memory(&file), &format, 100).unwrap();

    assert_eq!(seen.sample_rows, [["a", "Ada"], ["bb", "Adz"]]);
}

#[test]
fn a_page_that_says_within_that_it_has_texts_without_end_is_refused() {
    let body = lengths(1, 0, 0);
    let many = [varint(128), varint(4), varint(1 << 40), number(0)].concat();
    for (encoding, body) in [
        (LENGTHS, many.clone()),
        (DIFFERENCES, many.clone()),
        (DIFFERENCES, [body, many].concat()),
    ] {
        let page = page_of_texts(1, encoding, body.len() as i64, &body);
        let error = refused(&of_columns(1, PLAIN, BYTE_ARRAY, &[page]));
        assert!(error.contains("more texts than values"), "{error}");
    }
}

#[test]
fn a_long_text_that_begins_thousands_of_others_is_refused_before_they_are_made() {
    // 20,000 texts of a hundred thousand letters each, said in two kilobytes.
    let n = 20_000;
    let body = [lengths(n, 100_000, 0), lengths(n, 0, 0)].concat();
    let page = page_of_texts(n as i64, DIFFERENCES, body.len() as i64, &body);

    let error = refused(&of_columns(n as i64, PLAIN, BYTE_ARRAY, &[page]));

    assert!(error.contains("pages of more than a gigabyte"), "{error}");
}
