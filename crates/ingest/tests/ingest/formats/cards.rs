//! Address cards as phones and programs export them.

use encoding_rs::GB18030;
use rapport_domain::RejectReason;
use rapport_ingest::{ContactRow, FileKind, ParsedRow, TextEncoding};

use crate::files::{british, gzip, read};

const IPHONE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 26.1//EN\r\n\
    N:King;Ada;Augusta;;\r\nFN:Ada Augusta King\r\nORG:Analytical Engines Ltd;Research;\r\n\
    TITLE:Chief Mathematician\r\nitem1.EMAIL;type=INTERNET;type=pref:ada@engines.example\r\n\
    item1.X-ABLabel:_$!<Work>!$_\r\nEMAIL;type=INTERNET;type=HOME:ada@home.example\r\n\
    TEL;type=HOME;type=VOICE:020 7946 0111\r\nTEL;type=CELL;type=VOICE;type=pref:07400 123456\r\n\
    item2.ADR;type=WORK;type=pref:;;12 St James's Square\\nFloor 2;London;;SW1Y 4LB;United Kingdom\r\n\
    item2.X-ABADR:gb\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\r\nNOTE:Met at the fair\\, wants a \
    quote\\nCall after 5\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n  \
    2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQ\r\nREV:2026-11-20T08:00:00Z\r\nEND:VCARD\r\n";

const ANDROID: &str = "BEGIN:VCARD\nVERSION:2.1\n\
    N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=B0=8F=E6=98=8E;;;\n\
    FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E5=B0=8F=\n=E6=98=8E\n\
    TEL;CELL;PREF:+86 138-1234-5678\nTEL;WORK;FAX:010-12345678\n\
    EMAIL;HOME:Xiaoming.Wang@Example.CN\n\
    ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=8C=97=E4=BA=AC=E7=A7=91=E6=8A=80\n\
    X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Ming;1;;;;;;;;;;;;;\nEND:VCARD\n";

const OUTLOOK: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nX-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\n\
    N;LANGUAGE=de:M\u{fc}ller;J\u{fc}rgen;;Dr.\r\nFN:Dr. J\u{fc}rgen M\u{fc}ller\r\n\
    ORG:Stadtwerke GmbH\r\nTEL;WORK;VOICE:+49 30 901820\r\nADR;WORK;PREF:;;Hauptstra\u{df}e 1;Berlin;;10115;Deutschland\r\n\
    LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Hauptstra=DFe 1=0D=0A=\r\n10115 Berlin\r\n\
    EMAIL;PREF;INTERNET:juergen.mueller@stadtwerke.example\r\nPHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n \
    /9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQ\r\n\r\nREV:20261120T080000Z\r\nEND:VCARD\r\n";

const GOOGLE: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Grace Hopper\r\nN:Hopper;Grace;;;\r\n\
    UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r\nEMAIL;PREF=2:grace@old.example\r\n\
    EMAIL;PREF=1;TYPE=work:grace@navy.example\r\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+1-202-555-0171\r\n\
    BDAY:--1209\r\nCATEGORIES:VIP,myContacts\r\nLANG:en\r\nIMPP:xmpp:grace@navy.example\r\nEND:VCARD\r\n";

fn contacts(file: &[u8]) -> Vec<ContactRow> {
    let rows = read(file, &british()).unwrap().rows.into_iter();
    let contact = |row| match row {
        ParsedRow::Contact(row) => row,
        other => panic!("{other:?} is no contact"),
    };
    rows.map(contact).collect()
}

fn text<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}

#[test]
fn a_card_of_an_iphone_is_a_contact_with_employer_address_and_note() {
    let file = read(IPHONE.as_bytes(), &british()).unwrap();
    assert_eq!(file.format.kind, FileKind::Vcard);
    assert_eq!(file.mapping.preset.as_deref(), Some("vcard"));
    assert!(file.mapping.check().is_ok());

    let ada = &contacts(IPHONE.as_bytes())[0];

    assert_eq!(text(&ada.person.name), "Ada Augusta King");
    assert_eq!(text(&ada.person.first_name), "Ada");
    assert_eq!(text(&ada.person.email), "ada@engines.example");
    assert_eq!(text(&ada.person.phone), "+447400123456");
    assert_eq!(text(&ada.company.name), "Analytical Engines Ltd");
    assert_eq!(text(&ada.title), "Chief Mathematician");
    assert_eq!(text(&ada.address.street), "12 St James's Square\nFloor 2");
    assert_eq!(text(&ada.address.postal_code), "SW1Y 4LB");
    let note = "Met at the fair, wants a quote\nCall after 5";
    assert_eq!(text(&ada.note), note);
    let all = ada.cells.join("|");
    for kept in [
        "ada@home.example",
        "020 7946 0111",
        "1604-12-10",
        "Research",
    ] {
        assert!(all.contains(kept), "{kept} in {all}");
    }
    assert!(!all.contains("/9j/"), "{all}");
}

#[test]
fn quoted_printable_of_an_android_phone_is_read_over_its_soft_breaks() {
    let wang = &contacts(ANDROID.as_bytes())[0];

    assert_eq!(text(&wang.person.name), "王小明");
    assert_eq!(text(&wang.person.last_name), "王");
    assert_eq!(text(&wang.person.email), "xiaoming.wang@example.cn");
    assert_eq!(text(&wang.company.name), "北京科技");
}

#[test]
fn cards_are_read_in_the_encoding_that_the_file_is_in() {
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(OUTLOOK);
    let jurgen = &contacts(&latin)[0];
    assert_eq!(text(&jurgen.person.name), "Dr. Jürgen Müller");
    assert_eq!(text(&jurgen.address.street), "Hauptstraße 1");
    assert_eq!(text(&jurgen.person.phone), "+4930901820");

    let chinese = "BEGIN:VCARD\nVERSION:2.1\nN:李;雷;;;\nFN:李雷\nORG:上海贸易有限公司\n\
                   TEL;CELL:+86 139 1234 5678\nADR;WORK:;;南京西路一号;上海;;200040;中国\nEND:VCARD\n";
    let (gb18030, _, _) = GB18030.encode(chinese);
    let file = read(&gb18030, &british()).unwrap();
    assert_eq!(file.format.encoding, TextEncoding::Gb18030);
    let lei = &contacts(&gb18030)[0];
    assert_eq!(text(&lei.person.name), "李雷");
    assert_eq!(text(&lei.address.city), "上海");
    assert_eq!(text(&lei.company.name), "上海贸易有限公司");
}

#[test]
fn version_4_tells_preference_by_numbers_and_phones_by_addresses() {
    let grace = &contacts(&gzip(GOOGLE.as_bytes()))[0];

    let uid = "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1";
    assert_eq!(text(&grace.person.external_id), uid);
    assert_eq!(text(&grace.person.email), "grace@navy.example");
    assert_eq!(text(&grace.person.phone), "+12025550171");
    assert_eq!(grace.tags, ["VIP", "myContacts"]);
    assert_eq!(text(&grace.language), "en");
    assert!(grace.cells.iter().any(|cell| cell == "--1209"));
}

#[test]
fn a_broken_card_costs_itself_and_is_kept_with_its_line() {
    let broken = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut\r\nTEL:+44 20";
    let text = format!("{GOOGLE}{}{IPHONE}", "BEGIN:VCARD\r\nFN:No end\r\n");
    let text = format!("{text}{ANDROID}{broken}");

    let file = read(text.as_bytes(), &british()).unwrap();

    let lines: Vec<u64> = file.rows.iter().map(ParsedRow::line).collect();
    assert_eq!(lines, [1, 16, 36]);
    let rejected: Vec<_> = file
        .rejected
        .iter()
        .map(|row| (row.line, row.reason))
        .collect();
    assert_eq!(
        rejected,
        [(14, RejectReason::BadRow), (47, RejectReason::BadRow)]
    );
    assert!(file.rejected[0].cells[0].contains("FN:No end"));
}

#[test]
fn a_person_without_any_name_is_rejected_as_in_every_file() {
    let file = read(b"BEGIN:VCARD\nVERSION:4.0\nFN:\nEND:VCARD\n", &british()).unwrap();

    assert_eq!(file.rejected[0].reason, RejectReason::MissingValue);
}
