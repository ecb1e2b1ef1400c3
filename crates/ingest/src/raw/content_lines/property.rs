//! One property of a record: name, parameters and value, decoded.

use encoding_rs::{Encoding, GB18030, WINDOWS_1252};

/// A property as `item1.TEL;TYPE=CELL,pref:+44 20 7946 0958` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::raw) struct Property {
    /// What ties it to others, such as `item1`.
    pub(in crate::raw) group: Option<String>,
    /// In capitals.
    pub(in crate::raw) name: String,
    /// Names in capitals; what stands without a name is a type.
    parameters: Vec<(String, String)>,
    /// Decoded, still with backslashes before what would otherwise part it.
    value: String,
}

/// Takes a content line apart; none where it has no value.
pub(in crate::raw) fn parse(line: &str) -> Option<Property> {
    let (header, value) = split_at(line, ':')?;
    let mut parts = split_all(header, ';').into_iter();
    let name = parts.next()?.trim();
    let (group, name) = match name.rsplit_once('.') {
        Some((group, name)) => (Some(group.to_lowercase()), name),
        None => (None, name),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let parameters: Vec<(String, String)> = parts.map(parameter).collect();
    let value = decode(value, &parameters);
    Some(Property {
        group,
        name: name.to_uppercase(),
        parameters,
        value,
    })
}

impl Property {
    /// The value as one text.
    pub(in crate::raw) fn text(&self) -> String {
        unescape(&self.value).trim().to_owned()
    }

    /// The value as it stands, such as an address of the web.
    pub(in crate::raw) fn raw(&self) -> &str {
        self.value.trim()
    }

    /// The components of a value, such as those of a name.
    pub(in crate::raw) fn components(&self) -> Vec<String> {
        parted(&self.value, ';')
    }

    /// The items of a list.
    pub(in crate::raw) fn items(&self) -> Vec<String> {
        let mut items = parted(&self.value, ',');
        items.retain(|item| !item.is_empty());
        items
    }

    /// Its types, such as `home`, in small letters; what only says how it is written is left out.
    pub(in crate::raw) fn types(&self) -> Vec<String> {
        let types = self.of("TYPE").flat_map(|value| value.split(','));
        let types = types.map(|it| it.trim().trim_matches('"').to_lowercase());
        types
            .filter(|it| !it.is_empty() && it != "pref" && it != "internet" && it != "voice")
            .collect()
    }

    /// Where it stands among its like: one for the preferred, large where nothing is said.
    pub(in crate::raw) fn rank(&self) -> u32 {
        let told = self.of("PREF").find_map(|value| value.trim().parse().ok());
        let is_preferred = self.of("TYPE").any(|value| {
            let mut types = value.split(',');
            types.any(|it| it.trim().trim_matches('"').eq_ignore_ascii_case("pref"))
        });
        told.unwrap_or(if is_preferred { 1 } else { 101 })
    }

    /// The value of a parameter, such as a time zone's name, without the quotes around it.
    pub(in crate::raw) fn parameter(&self, name: &str) -> Option<&str> {
        let value = self.of(name).next()?;
        Some(value.trim().trim_matches('"'))
    }

    fn of(&self, name: &str) -> impl Iterator<Item = &str> {
        let name = name.to_owned();
        let parameters = self.parameters.iter();
        parameters
            .filter(move |(it, _)| *it == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Version 2.1 writes values of parameters without their names.
fn parameter(text: &str) -> (String, String) {
    match text.split_once('=') {
        Some((name, value)) => (name.trim().to_uppercase(), value.trim().to_owned()),
        None => {
            let value = text.trim();
            let is_encoding = ["QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(value));
            let name = if is_encoding { "ENCODING" } else { "TYPE" };
            (name.to_owned(), value.to_owned())
        }
    }
}

fn decode(value: &str, parameters: &[(String, String)]) -> String {
    let of = |name: &str| {
        let mut parameters = parameters.iter();
        parameters
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    };
    let is_quoted = of("ENCODING").is_some_and(|it| it.eq_ignore_ascii_case("QUOTED-PRINTABLE"));
    if !is_quoted {
        return value.to_owned();
    }
    let bytes = unquote(value.as_bytes());
    let named = of("CHARSET").and_then(|label| Encoding::for_label(label.as_bytes()));
    let text = named.and_then(|encoding| exact(encoding, &bytes));
    let text = text.or_else(|| String::from_utf8(bytes.clone()).ok());
    text.or_else(|| exact(GB18030, &bytes))
        .unwrap_or_else(|| WINDOWS_1252.decode(&bytes).0.into_owned())
}

/// The text that bytes are in an encoding; none where they are none.
fn exact(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// The bytes that quoted-printable stands for (RFC 2045, section 6.7); what is no escape stays.
fn unquote(value: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        let pair = (digit(value.get(at + 1)), digit(value.get(at + 2)));
        match (byte, pair) {
            (b'=', (Some(high), Some(low))) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            _ => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Parts a value where a separator stands without a backslash before it.
fn parted(value: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for c in value.chars() {
        if c == separator && !is_escaped {
            parts.push(String::new());
            continue;
        }
        is_escaped = c == '\\' && !is_escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
        .iter()
        .map(|part| unescape(part).trim().to_owned())
        .collect()
}

/// The text without the backslashes of RFC 6350, section 3.4.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(c @ ('\\' | ',' | ';' | ':')) => text.push(c),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '\r' => {}
            c => text.push(c),
        }
    }
    text
}

/// Splits at the first separator that stands outside of quotes.
fn split_at(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let at = text.char_indices().find_map(|(at, c)| {
        is_quoted ^= c == '"';
        (c == separator && !is_quoted).then_some(at)
    });
    // A quote that never closes says nothing.
    let at = at.or_else(|| text.find(separator))?;
    Some((&text[..at], &text[at + separator.len_utf8()..]))
}

fn split_all(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split_at(rest, separator) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_with_and_without_their_names() {
        let new = parse("item1.TEL;TYPE=\"cell,pref\";VALUE=uri:tel:+1-555").unwrap();
        let old = parse("TEL;CELL;PREF:+1 555").unwrap();

        assert_eq!(new.group.as_deref(), Some("item1"));
        assert_eq!(new.types(), ["cell"]);
        assert_eq!((new.rank(), old.rank()), (1, 1));
        assert_eq!(new.raw(), "tel:+1-555");
        assert_eq!(old.types(), ["cell"]);
        assert_eq!(parse("EMAIL;PREF=3:a@b.c").unwrap().rank(), 3);
    }

    #[test]
    fn quoted_printable_is_read_in_its_charset_or_in_what_it_can_be() {
        let utf8 = "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=E7=8E=8B;=E5=B0=8F=E6=98=8E";
        let gbk = "FN;CHARSET=GB2312;QUOTED-PRINTABLE:=CD=F5=D0=A1=C3=F7";
        let untold = "FN;ENCODING=QUOTED-PRINTABLE:=CD=F5=D0=A1=C3=F7";

        assert_eq!(parse(utf8).unwrap().components(), ["王", "小明"]);
        assert_eq!(parse(gbk).unwrap().text(), "王小明");
        assert_eq!(parse(untold).unwrap().text(), "王小明");
    }

    #[test]
    fn what_a_backslash_guards_does_not_part() {
        let org = parse("ORG:Ada\\, Sons\\; Co;Sales\\nEurope").unwrap();

        assert_eq!(org.components(), ["Ada, Sons; Co", "Sales\nEurope"]);
        assert_eq!(parse("CATEGORIES:a\\,b,c,").unwrap().items(), ["a,b", "c"]);
    }

    #[test]
    fn a_line_without_a_name_or_a_value_is_none() {
        assert_eq!(parse("no colon"), None);
        assert_eq!(parse(":x"), None);
        assert_eq!(parse("a b:x"), None);
    }
}
