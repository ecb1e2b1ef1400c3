//! What must hold for any file.

use proptest::prelude::*;
use rapport_domain::EntityKind;
use rapport_ingest::{
    Compression, FileFormat, FileKind, ReadOptions, TalkForm, TextEncoding, guess_mapping_for,
    preview, sniff,
};

use crate::files::{encoded, gzip, in_memory, read, read_as};

fn format(encoding: TextEncoding, delimiter: char, is_gzip: bool) -> FileFormat {
    FileFormat {
        compression: if is_gzip {
            Compression::Gzip
        } else {
            Compression::None
        },
        encoding,
        kind: FileKind::Csv {
            delimiter,
            quote: '"',
        },
        has_header: true,
        skip_lines: 0,
    }
}

const ENCODINGS: [(&str, TextEncoding); 5] = [
    ("utf8", TextEncoding::Utf8),
    ("utf8_mark", TextEncoding::Utf8),
    ("utf16_le", TextEncoding::Utf16Le),
    ("utf16_be", TextEncoding::Utf16Be),
    ("gb18030", TextEncoding::Gb18030),
];

/// Formats of channels, which any bytes may be taken for.
const CHANNELS: [FileKind; 8] = [
    FileKind::Mbox,
    FileKind::Eml,
    FileKind::Icalendar,
    FileKind::Json,
    FileKind::Talk {
        form: TalkForm::Json,
    },
    FileKind::Talk {
        form: TalkForm::JsonLines,
    },
    FileKind::Talk {
        form: TalkForm::WhatsApp,
    },
    FileKind::Feed,
];

/// Pieces of what channels write, in any order.
const LIKE_A_CHANNEL: &str = "(BEGIN:VEVENT\n|END:VEVENT\n|BEGIN:VTIMEZONE\n|END:VTIMEZONE\n|BEGIN:DAYLIGHT\n|\
    RRULE:FREQ=YEARLY;BYDAY=-1SU\n|DTSTART;TZID=Europe/Berlin:20260329T023000\n|DTSTART:99991231T235959Z\n|TZID:x\n|TZOFFSETTO:[+]9999\n|\
    ATTENDEE:mailto:a@b.c\n|From: a@b.c\n|Date: x\n|\n|[{]\"messages\":\\[|[{]\"text\":\"x\",\"from\":\"A\",\"date\":\"1\"[}]|\
    [{]|[}]|\\[|\\]|,|\"|\\\\|:|1|27/11/2026, 09:30 - A: x\n|<item>|</item>|<title>|&#x110000;|<!\\[CDATA\\[|<feed>|张){0,30}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &ReadOptions::default());
        let _ = read(&gzip(&bytes), &ReadOptions::default());
    }

    #[test]
    fn any_bytes_are_read_in_any_format(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for (_, encoding) in ENCODINGS {
            for kind in [&[FileKind::JsonLines, FileKind::Csv { delimiter: ',', quote: '"' }][..], &CHANNELS].concat() {
                let format = FileFormat { kind, ..format(encoding, ',', false) };
                let _ = preview(in_memory(&bytes), &format, 10);
            }
        }
    }

    #[test]
    fn any_text_like_a_table_is_read_or_refused(text in "([a1,;\"\r\n=张@.-]|2026-01-02|order id,email\n){0,80}") {
        if let Ok(format) = sniff(text.as_bytes(), "x") {
            let _ = preview(in_memory(&text), &format, 10);
        }
        let _ = read(text.as_bytes(), &ReadOptions::default());
    }

    #[test]
    fn any_text_like_an_entry_of_a_channel_is_read_or_refused_in_any_format(text in LIKE_A_CHANNEL) {
        for kind in CHANNELS {
            let format = FileFormat { kind, ..format(TextEncoding::Utf8, ',', false) };
            let _ = preview(in_memory(&text), &format, 10);
        }
        let _ = read(text.as_bytes(), &ReadOptions::default());
    }

    #[test]
    fn cells_written_by_the_csv_crate_read_back_the_same(
        rows in prop::collection::vec(prop::collection::vec("[a-c,;|\t\"\r\n 张é€]{0,6}", 2), 1..12),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        is_gzip in any::<bool>(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter as u8)
            .from_writer(Vec::new());
        writer.write_record(["name", "note", "key"]).unwrap();
        for row in &rows {
            writer.write_record([row[0].as_str(), row[1].as_str(), "k"]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let headers = ["name", "note", "key"].map(str::to_owned);
        let mut mapping = guess_mapping_for(EntityKind::Contacts, &headers, &[]);
        mapping.columns[2].field = Some(rapport_ingest::Field::ExternalId);

        for (name, encoding) in ENCODINGS {
            let bytes = encoded(&text, name);
            let bytes = if is_gzip { gzip(&bytes) } else { bytes };
            let format = format(encoding, delimiter, is_gzip);
            let file = read_as(&bytes, format, mapping.clone(), &ReadOptions::default()).unwrap();

            prop_assert!(file.rejected.is_empty(), "{name}: {:?}", file.rejected);
            let cells: Vec<_> = file.rows.iter().map(|row| row.cells()[..2].to_vec()).collect();
            prop_assert_eq!(&cells, &rows, "{}", name);
        }
    }
}
