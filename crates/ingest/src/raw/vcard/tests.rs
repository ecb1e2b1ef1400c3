use super::*;
use crate::{Compression, FileFormat, FileKind, TextEncoding};

/// Rows of a file by their lines: named cells that are not empty, or the reason of a rejected one.
fn read(bytes: &[u8]) -> Vec<String> {
    let format = FileFormat {
        compression: Compression::None,
        encoding: TextEncoding::Utf8,
        kind: FileKind::Vcard,
        has_header: true,
        skip_lines: 0,
    };
    let source = TextSource::open(bytes, &format).unwrap();
    let mut rows = VcardRows::open(source);
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        found.push(match row {
            RawRow::Cells { line, cells } => {
                let told = COLUMNS.iter().zip(&cells);
                let told = told.filter(|(_, cell)| !cell.is_empty());
                let told: Vec<_> = told.map(|(name, cell)| format!("{name}={cell}")).collect();
                format!("{line}: {}", told.join("|"))
            }
            RawRow::Rejected(row) => format!("{}! {}", row.line, row.message),
            RawRow::Blank => "blank".to_owned(),
        });
    }
    found
}

fn card(body: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{body}\r\nEND:VCARD\r\n")
}

#[test]
fn folded_lines_and_several_cards_are_read() {
    let text = card("FN:Ada\r\n  King\r\nEMAIL:ada@example.com") + "\r\n" + &card("N:Li;Wei;;;");

    let rows = read(text.as_bytes());

    assert_eq!(
        rows,
        [
            "1: vCard version=3.0|Full name=Ada King|E-mail=ada@example.com",
            "8: vCard version=3.0|Full name=Wei Li|First name=Wei|Last name=Li",
        ]
    );
}

#[test]
fn a_card_that_never_ends_costs_itself_alone() {
    let text = "BEGIN:VCARD\nFN:Lost\n".to_owned() + &card("FN:Found") + "BEGIN:VCARD\nFN:Cut";

    let rows = read(text.as_bytes());

    assert!(
        rows[0].starts_with("1! the card has no END:VCARD"),
        "{rows:?}"
    );
    assert_eq!(rows[1], "3: vCard version=3.0|Full name=Found");
    assert!(
        rows[2].starts_with("7! the card has no END:VCARD"),
        "{rows:?}"
    );
}

#[test]
fn text_between_cards_and_lines_without_a_value_are_told_with_their_lines() {
    let text = card("FN:A") + "stray\nmore\n" + &card("FN:B\nbroken") + &card("FN:C");

    let rows = read(text.as_bytes());

    assert!(
        rows[1].starts_with("5! the text stands outside"),
        "{rows:?}"
    );
    assert!(rows[2].starts_with("7! line 10 of the card"), "{rows:?}");
    assert_eq!(rows[3], "12: vCard version=3.0|Full name=C");
}

#[test]
fn pictures_are_passed_over_however_large_and_other_lines_are_bounded() {
    let picture = "A".repeat(3 * MAX_BYTES);
    let folded = format!("PHOTO;ENCODING=b;TYPE=JPEG:{picture}\n {picture}\nFN:Ada");
    let long = format!("FN:Bob\nNOTE:{picture}");

    let rows = read((card(&folded) + &card(&long) + &card("FN:C")).as_bytes());

    assert_eq!(rows[0], "1: vCard version=3.0|Full name=Ada");
    assert!(rows[1].contains("! the card is longer than"), "{}", rows[1]);
    assert_eq!(rows[2], "12: vCard version=3.0|Full name=C");
}

const MAX_BYTES: usize = super::super::MAX_ROW_BYTES;

#[test]
fn an_agent_of_version_2_1_is_not_a_card_of_its_own() {
    let text = card("FN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Secretary\nEND:VCARD\nTEL:+44 20 7946 0958");

    let rows = read(text.as_bytes());

    assert_eq!(rows.len(), 1);
    assert!(rows[0].contains("Full name=Boss|Phone=+44"), "{rows:?}");
}

#[test]
fn the_preferred_phone_comes_first_and_a_fax_last() {
    let text = card(
        "FN:A\nTEL;TYPE=FAX:1\nTEL;TYPE=WORK,VOICE:2\nTEL;TYPE=CELL:3\nitem1.TEL;TYPE=pref:4\n\
         item1.X-ABLabel:_$!<Main>!$_",
    );

    let rows = read(text.as_bytes());

    let expected = "Phone=4|Phone type=main|Phone 2=3|Phone 2 type=cell|Phone 3=2|\
                    Phone 3 type=work|Other phones=1 (fax)";
    assert!(rows[0].ends_with(expected), "{rows:?}");
}

#[test]
fn a_list_of_people_is_no_person() {
    let rows = read(card("FN:Team\nX-ADDRESSBOOKSERVER-KIND:group").as_bytes());

    assert!(
        rows[0].starts_with("1! the card is a list of people"),
        "{rows:?}"
    );
}

#[test]
fn a_soft_break_goes_on_as_it_stands() {
    let text = card("NOTE;ENCODING=QUOTED-PRINTABLE:abc=\r\n def=\r\nghi");

    let rows = read(text.as_bytes());

    assert_eq!(rows, ["1: vCard version=3.0|Note=abc defghi"]);
}

#[test]
fn labels_stand_beside_what_they_name() {
    let text = card(
        "item1.TEL:1\r\nitem1.X-ABLABEL:_$!<Mobile>!$_\r\nTEL:2\r\nX-ABLABEL:nobody's\r\n\
         item2.EMAIL:a@b.c\r\nitem2.X-ABLABEL:Lab",
    );

    let rows = read(text.as_bytes());

    let expected =
        "1: vCard version=3.0|E-mail=a@b.c|E-mail type=lab|Phone=1|Phone type=mobile|Phone 2=2";
    assert_eq!(rows, [expected]);
}

#[test]
fn a_card_of_properties_without_end_is_refused_alone() {
    let many = "a.TEL:1\r\na.X-ABLABEL:x\r\n".repeat(3_000);
    let text = card(many.trim_end()) + &card("FN:Ada");

    let rows = read(text.as_bytes());

    assert!(rows[0].contains("more than 5000 properties"), "{rows:?}");
    assert_eq!(rows[1], "6004: vCard version=3.0|Full name=Ada");
}
