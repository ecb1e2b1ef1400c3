//! Tells the workbooks among files by their first bytes.

/// A file that a spreadsheet program wrote in a format of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workbook {
    /// Excel since 2007 (`.xlsx`, `.xlsm`), readable.
    Xlsx,
    /// The same behind a password.
    Protected,
    /// Excel up to 2003 (`.xls`).
    Old,
    /// Excel's binary workbook (`.xlsb`).
    Binary,
}

/// The kind of workbook that a file is; none where it is something else.
///
/// The name decides only where the first bytes tell that it is a container and not what is in it.
pub(super) fn workbook(head: &[u8], file_name: &str) -> Option<Workbook> {
    let extension = file_name.rsplit_once('.').map_or("", |(_, end)| end);
    let is_named = |known: &[&str]| known.iter().any(|k| extension.eq_ignore_ascii_case(k));
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return if has_stream(head, "EncryptedPackage") || is_named(&["xlsx", "xlsm"]) {
            Some(Workbook::Protected)
        } else if has_stream(head, "Workbook") || is_named(&["xls"]) {
            Some(Workbook::Old)
        } else {
            None
        };
    }
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    let names: Vec<&[u8]> = part_names(head).collect();
    if names.contains(&&b"xl/workbook.bin"[..]) {
        return Some(Workbook::Binary);
    }
    let is_workbook = names.iter().any(|name| name.starts_with(b"xl/"));
    (is_workbook || is_named(&["xlsx", "xlsm"])).then_some(Workbook::Xlsx)
}

/// Whether a compound file (MS-CFB) has a stream of this name, which its directory writes in UTF-16.
fn has_stream(head: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    head.windows(name.len()).any(|window| window == name)
}

/// Names of the parts of a zip archive whose local headers are among its first bytes. Names are asked
/// for rather than bytes, which packed data can have by chance.
pub(super) fn part_names(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_header = |at: &usize| head[*at..].starts_with(b"PK\x03\x04");
    (0..head.len()).filter(is_header).filter_map(|at| {
        let header = &head[at..];
        let n_name = u16::from_le_bytes([*header.get(26)?, *header.get(27)?]);
        header.get(30..30 + usize::from(n_name))
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The first bytes of an archive with these parts.
    pub(crate) fn archive(names: &[&str]) -> Vec<u8> {
        let mut head = Vec::new();
        for name in names {
            head.extend(b"PK\x03\x04");
            head.extend([0; 22]);
            head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            head.extend([0; 2]);
            head.extend(name.as_bytes());
        }
        head
    }

    fn compound(stream: &str) -> Vec<u8> {
        let mut head = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        head.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        head
    }

    #[test]
    fn workbooks_are_told_by_their_parts() {
        let xlsx = archive(&["[Content_Types].xml", "xl/workbook.xml"]);
        let xlsb = archive(&["[Content_Types].xml", "xl/workbook.bin"]);

        assert_eq!(workbook(&xlsx, "x"), Some(Workbook::Xlsx));
        assert_eq!(workbook(&xlsb, "x.xlsx"), Some(Workbook::Binary));
        assert_eq!(workbook(&archive(&["data.csv"]), "x.zip"), None);
        assert_eq!(workbook(b"PK,name\n1,x\n", "x.xlsx"), None);
    }

    #[test]
    fn a_compound_file_is_an_old_workbook_or_one_with_a_password() {
        let protected = compound("EncryptedPackage");

        assert_eq!(workbook(&protected, "x"), Some(Workbook::Protected));
        assert_eq!(workbook(&compound("Workbook"), "x"), Some(Workbook::Old));
        assert_eq!(workbook(&compound(""), "x.XLS"), Some(Workbook::Old));
        assert_eq!(workbook(&compound(""), "x.xlsx"), Some(Workbook::Protected));
        assert_eq!(workbook(&compound("WordDocument"), "x.doc"), None);
    }
}
