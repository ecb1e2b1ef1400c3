//! The cells of a card: its properties under the names of our columns.

use std::collections::HashMap;

use super::super::content_lines::Property;
use crate::value::tags;

/// The columns of a file of vCards. The preset `vcard` maps them.
pub(crate) const COLUMNS: [&str; 40] = [
    "vCard version",
    "UID",
    "Full name",
    "First name",
    "Last name",
    "Additional names",
    "Prefix",
    "Suffix",
    "Nickname",
    "Company",
    "Department",
    "Job title",
    "Role",
    "E-mail",
    "E-mail type",
    "E-mail 2",
    "E-mail 2 type",
    "E-mail 3",
    "E-mail 3 type",
    "Other e-mails",
    "Phone",
    "Phone type",
    "Phone 2",
    "Phone 2 type",
    "Phone 3",
    "Phone 3 type",
    "Other phones",
    "Street",
    "City",
    "Region",
    "Postal code",
    "Country",
    "Other addresses",
    "Birthday",
    "Website",
    "Tags",
    "Note",
    "Language",
    "Changed at",
    "Other properties",
];

/// Bytes of what has no column of its own that are kept.
const OTHERS_BYTES_MAX: usize = 16 * 1024;

/// Properties that say nothing of the person.
const SILENT: [&str; 5] = ["PRODID", "CLASS", "SORT-STRING", "X-ABLABEL", "MAILER"];

/// The cells of a card, one for each of [`COLUMNS`].
///
/// # Errors
/// Why the card is no person's, for people.
pub(super) fn cells(properties: &[Property]) -> Result<Vec<String>, String> {
    let card = Card::of(properties);
    if card.is_group() {
        return Err("the card is a list of people and no person; import its members".to_owned());
    }
    let mut cells = Cells(vec![String::new(); COLUMNS.len()]);
    cells.put("vCard version", card.text("VERSION"));
    cells.put("UID", card.text("UID"));
    card.name(&mut cells);
    card.employment(&mut cells);
    card.addresses(&mut cells);
    cells.put_ranked("E-mail", "Other e-mails", card.emails());
    cells.put_ranked("Phone", "Other phones", card.phones());
    cells.put("Birthday", card.text("BDAY"));
    cells.put("Website", card.best("URL").map_or("", Property::raw));
    cells.put("Tags", tags::join(&card.items("CATEGORIES")));
    cells.put("Note", card.texts("NOTE").join("\n\n"));
    cells.put("Language", card.best("LANG").map_or("", Property::raw));
    cells.put("Changed at", card.text("REV"));
    cells.put("Other properties", card.others());
    Ok(cells.0)
}

struct Cells(Vec<String>);

impl Cells {
    fn put(&mut self, column: &str, text: impl Into<String>) {
        let at = COLUMNS.iter().position(|&name| name == column);
        let at = at.expect("cells are put under columns that there are");
        self.0[at] = text.into();
    }

    /// Puts the first three of several values with their types; the rest stays together.
    fn put_ranked(&mut self, column: &str, others: &str, values: Vec<(String, String)>) {
        let mut values = values.into_iter();
        for (n, (value, types)) in (1..=3).zip(values.by_ref()) {
            let name = match n {
                1 => column.to_owned(),
                n => format!("{column} {n}"),
            };
            self.put(&format!("{name} type"), types);
            self.put(&name, value);
        }
        let rest = values.map(|(value, types)| match types.as_str() {
            "" => value,
            types => format!("{value} ({types})"),
        });
        self.put(others, rest.collect::<Vec<_>>().join("\n"));
    }
}

struct Card<'a> {
    properties: &'a [Property],
    /// What Apple's programs call the properties of a group.
    labels: HashMap<&'a str, &'a Property>,
}

impl<'a> Card<'a> {
    fn of(properties: &'a [Property]) -> Self {
        let mut labels = HashMap::new();
        for property in properties.iter().filter(|it| it.name == "X-ABLABEL") {
            if let Some(group) = &property.group {
                labels.entry(group.as_str()).or_insert(property);
            }
        }
        Self { properties, labels }
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a Property> {
        let name = name.to_owned();
        self.properties.iter().filter(move |it| it.name == name)
    }

    /// The preferred one of several, else the first.
    fn best(&self, name: &str) -> Option<&'a Property> {
        self.all(name).min_by_key(|property| property.rank())
    }

    fn text(&self, name: &str) -> String {
        self.best(name).map(Property::text).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.all(name).map(Property::text);
        texts.filter(|text| !text.is_empty()).collect()
    }

    fn items(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(Property::items).collect()
    }

    fn is_group(&self) -> bool {
        let kinds = ["KIND", "X-ADDRESSBOOKSERVER-KIND"];
        kinds
            .iter()
            .any(|kind| self.text(kind).eq_ignore_ascii_case("group"))
    }

    fn name(&self, cells: &mut Cells) {
        let parts = self.best("N").map(Property::components).unwrap_or_default();
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let [last, first, additional, prefix, suffix] = [0, 1, 2, 3, 4].map(part);
        let nickname = self.text("NICKNAME");
        let spoken = [&prefix, &first, &additional, &last, &suffix];
        let spoken: Vec<&str> = spoken.map(String::as_str).into_iter().collect();
        let told = [
            self.text("FN"),
            joined(&spoken, " "),
            nickname.clone(),
            joined(&self.organization(), ", "),
        ];
        let full = told.into_iter().find(|name| !name.is_empty());
        cells.put("Full name", full.unwrap_or_default());
        cells.put("First name", first);
        cells.put("Last name", last);
        cells.put("Additional names", additional);
        cells.put("Prefix", prefix);
        cells.put("Suffix", suffix);
        cells.put("Nickname", nickname);
    }

    fn organization(&self) -> Vec<String> {
        self.best("ORG")
            .map(Property::components)
            .unwrap_or_default()
    }

    fn employment(&self, cells: &mut Cells) {
        let organization = self.organization();
        cells.put("Company", organization.first().cloned().unwrap_or_default());
        let units = organization.get(1..).unwrap_or_default();
        cells.put("Department", joined(units, " / "));
        cells.put("Job title", self.text("TITLE"));
        cells.put("Role", self.text("ROLE"));
    }

    fn addresses(&self, cells: &mut Cells) {
        let mut addresses: Vec<&Property> = self.all("ADR").collect();
        addresses.sort_by_key(|address| address.rank());
        let mut addresses = addresses.into_iter();
        let main = addresses
            .next()
            .map(Property::components)
            .unwrap_or_default();
        let part = |at: usize| main.get(at).cloned().unwrap_or_default();
        cells.put("Street", joined(&[part(2), part(1), part(0)], "\n"));
        for (at, column) in (3..).zip(["City", "Region", "Postal code", "Country"]) {
            cells.put(column, part(at));
        }
        let others = addresses.map(|address| joined(&address.components(), ", "));
        cells.put("Other addresses", others.collect::<Vec<_>>().join("\n"));
    }

    /// Addresses with their types, the preferred one first.
    fn emails(&self) -> Vec<(String, String)> {
        let mut emails: Vec<&Property> = self.all("EMAIL").collect();
        emails.sort_by_key(|email| email.rank());
        let emails = emails.into_iter().map(|email| {
            let address = without_scheme(email.raw(), "mailto:").to_owned();
            (address, self.types_of(email))
        });
        emails.filter(|(address, _)| !address.is_empty()).collect()
    }

    /// Numbers with their types: the preferred one first, then mobile ones; a fax is nobody's phone.
    fn phones(&self) -> Vec<(String, String)> {
        let place = |phone: &&Property| {
            let types = phone.types();
            let has = |names: &[&str]| types.iter().any(|it| names.contains(&it.as_str()));
            let is_mobile = has(&["cell", "mobile", "iphone"]);
            (has(&["fax", "pager", "modem"]), phone.rank(), !is_mobile)
        };
        let mut phones: Vec<&Property> = self.all("TEL").collect();
        phones.sort_by_cached_key(place);
        let phones = phones.into_iter().map(|phone| {
            let number = without_scheme(phone.raw(), "tel:");
            let number = number.replace(";ext=", " ext. ");
            (number, self.types_of(phone))
        });
        phones.filter(|(number, _)| !number.is_empty()).collect()
    }

    /// The types of a property, and the label that Apple's programs tie to it.
    fn types_of(&self, property: &Property) -> String {
        let mut types = property.types();
        let label = property.group.as_deref();
        if let Some(label) = label.and_then(|group| self.labels.get(group)) {
            let label = label.text();
            let label = label.strip_prefix("_$!<").unwrap_or(&label);
            types.push(label.strip_suffix(">!$_").unwrap_or(label).to_lowercase());
        }
        types.join(", ")
    }

    /// What has no column of its own, a line each.
    fn others(&self) -> String {
        let mut others = String::new();
        let rest = self.properties.iter().filter(|it| !is_known(&it.name));
        for property in rest {
            let value = property.text();
            if value.is_empty() {
                continue;
            }
            let line = format!("{}: {value}\n", property.name);
            if others.len() + line.len() > OTHERS_BYTES_MAX {
                others.push('…');
                break;
            }
            others.push_str(&line);
        }
        others.trim_end().to_owned()
    }
}

/// Whether a property has columns of its own, or nothing to tell.
fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 18] = [
        "VERSION",
        "URL",
        "UID",
        "FN",
        "N",
        "NICKNAME",
        "ORG",
        "TITLE",
        "ROLE",
        "ADR",
        "EMAIL",
        "TEL",
        "BDAY",
        "CATEGORIES",
        "NOTE",
        "LANG",
        "REV",
        "KIND",
    ];
    KNOWN.contains(&name) || SILENT.contains(&name)
}

fn without_scheme<'a>(value: &'a str, scheme: &str) -> &'a str {
    match value.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => &value[scheme.len()..],
        _ => value,
    }
}

fn joined(parts: &[impl AsRef<str>], separator: &str) -> String {
    let parts = parts.iter().map(AsRef::as_ref);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(separator)
}
