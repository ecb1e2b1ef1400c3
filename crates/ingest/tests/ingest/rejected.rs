//! Rejected rows: written, mended, read again.

use rapport_ingest::{ParsedRow, RejectedWriter};

use crate::files::{british, read};

#[test]
fn rejected_rows_are_mended_and_imported_again() {
    let text = "name,email,phone,note\n\
                Ada King,nobody,+442079460958,=1+1\n\
                Bob Ray,bob@example.com,+442079460959,ok\n";
    let first = read(text.as_bytes(), &british()).unwrap();
    let mut writer = RejectedWriter::new(Vec::new(), &first.columns).unwrap();
    for row in &first.rejected {
        writer.write(row).unwrap();
    }
    let file = String::from_utf8(writer.finish().unwrap()).unwrap();

    let mended = file.replace(",nobody,", ",ada@example.com,");
    let second = read(mended.as_bytes(), &british()).unwrap();

    assert_eq!(first.rows.len(), 1);
    assert!(file.contains("'=1+1"), "{file}");
    assert!(second.rejected.is_empty(), "{:?}", second.rejected);
    let [ParsedRow::Contact(ada)] = second.rows.as_slice() else {
        panic!("one contact expected in {:?}", second.rows);
    };
    assert_eq!(
        ada.person.email.as_ref().unwrap().as_str(),
        "ada@example.com"
    );
    assert_eq!(ada.note.as_deref(), Some("=1+1"));
    let fed: Vec<_> = second
        .mapping
        .columns
        .iter()
        .filter(|column| column.field.is_some())
        .collect();
    assert_eq!(fed.len(), 4, "our own columns feed nothing");
}
