//! Presets: the exports of other systems that we know column by column, so that nobody maps them by hand.
//!
//! A preset is recognized by its header alone. It says which column feeds which field, which columns
//! stand in for each other, and how the system writes its keys. One file per system.

mod atomic_crm;
mod calendar;
mod conversation;
mod feed;
mod hubspot;
mod mbox;
mod rapport;
mod salesforce;
mod shopify;
mod twenty;
mod vcard;
mod wecom;
mod woocommerce;
mod zendesk;

use rapport_domain::{EntityKind, LocalizedText};

use crate::value::text;
use crate::{Field, ImportMode};

/// The export of another system, as we know it.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in a mapping, such as `shopify_orders`.
    pub key: &'static str,
    /// The system.
    pub system: &'static str,
    /// What a row is about.
    pub entity: EntityKind,
    /// English and Chinese name of what is exported.
    label: (&'static str, &'static str),
    /// What people must know before they import it.
    notice: Option<(&'static str, &'static str)>,
    /// A header is of this export where it has one name of each group.
    signature: &'static [&'static [&'static str]],
    /// The columns that are understood. Of several for one field the first with a value counts.
    columns: &'static [Column],
    /// How the system writes the keys of its records.
    pub(crate) keys: KeyStyle,
}

/// A column of an export, by all names that it has in different languages and versions.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    field: Field,
    names: &'static [&'static str],
}

const fn column(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names }
}

/// How a system writes the keys of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum KeyStyle {
    /// One key, as it stands.
    #[default]
    AsWritten,
    /// Fifteen characters, or the same with three more that tell their case.
    Salesforce,
    /// A list between semicolons, of which the first one counts.
    List,
}

const SYSTEMS: [&[Preset]; 14] = [
    shopify::PRESETS,
    woocommerce::PRESETS,
    hubspot::PRESETS,
    salesforce::PRESETS,
    zendesk::PRESETS,
    twenty::PRESETS,
    atomic_crm::PRESETS,
    wecom::PRESETS,
    vcard::PRESETS,
    mbox::PRESETS,
    calendar::PRESETS,
    conversation::PRESETS,
    feed::PRESETS,
    rapport::PRESETS,
];

/// All presets, those of one system side by side.
pub fn presets() -> impl Iterator<Item = &'static Preset> {
    SYSTEMS.into_iter().flatten()
}

/// The preset with this key.
pub fn find_preset(key: &str) -> Option<&'static Preset> {
    presets().find(|preset| preset.key == key)
}

/// The preset whose export has this header; of several the one that understands most of its columns.
pub fn detect_preset(headers: &[String]) -> Option<&'static Preset> {
    let names: Vec<String> = headers.iter().map(|name| folded(name)).collect();
    let n_known = |preset: &Preset| {
        let known = names.iter().filter(|name| preset.place(name).is_some());
        known.count()
    };
    let mut best = None;
    for preset in presets().filter(|preset| preset.is_of(&names)) {
        let n = n_known(preset);
        if best.is_none_or(|(most, _)| n > most) {
            best = Some((n, preset));
        }
    }
    best.map(|(_, preset)| preset)
}

impl Preset {
    /// What is exported, on the screen.
    pub fn label(&self) -> LocalizedText {
        LocalizedText::new(self.label.0, self.label.1)
    }

    /// What people must know before they import it, where there is something.
    pub fn notice(&self) -> Option<LocalizedText> {
        self.notice.map(|(en, zh)| LocalizedText::new(en, zh))
    }

    /// What rows may do where nobody says otherwise. A mailbox has messages of everybody who ever wrote:
    /// only those of people whom we know are taken. So it is with calendars and conversations.
    pub(crate) fn mode(&self) -> ImportMode {
        match self.key {
            mbox::KEY | calendar::KEY | conversation::KEY => ImportMode::Update,
            _ => ImportMode::Both,
        }
    }

    fn is_of(&self, names: &[String]) -> bool {
        let has = |name: &&str| names.contains(&folded(name));
        self.signature.iter().all(|group| group.iter().any(has))
    }

    /// The field that a column feeds.
    pub(crate) fn field_of(&self, header: &str) -> Option<Field> {
        let place = self.place(&folded(header))?;
        Some(self.columns[place].field)
    }

    /// Where a column stands among those of its field; columns that are not known come last.
    pub(crate) fn rank(&self, header: &str) -> usize {
        self.place(&folded(header)).unwrap_or(self.columns.len())
    }

    /// Whether the system has several columns for the field.
    pub(crate) fn has_several(&self, field: Field) -> bool {
        let columns = self.columns.iter();
        columns.filter(|column| column.field == field).count() > 1
    }

    fn place(&self, folded_name: &str) -> Option<usize> {
        let is_named = |column: &Column| column.names.iter().any(|it| folded(it) == folded_name);
        self.columns.iter().position(is_named)
    }
}

/// Names are compared without case and blanks around, but word by word: `Email` and `E-Mail` are two.
fn folded(name: &str) -> String {
    text::trim(&text::half_width(name)).to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::fields;

    #[test]
    fn presets_have_keys_of_their_own_and_fields_of_their_records() {
        let mut keys = HashSet::new();
        for preset in presets() {
            assert!(keys.insert(preset.key), "{}", preset.key);
            assert_eq!(find_preset(preset.key), Some(preset));
            let mut names = HashSet::new();
            for column in preset.columns {
                let is_known = fields(preset.entity).any(|field| field == column.field);
                assert!(is_known, "{} {:?}", preset.key, column.field);
                for name in column.names {
                    assert!(names.insert(folded(name)), "{} {name}", preset.key);
                }
            }
        }
    }

    #[test]
    fn a_header_that_only_resembles_an_export_is_left_to_the_guess() {
        let headers = ["Name", "Email", "Phone", "Company", "Id"].map(str::to_owned);

        assert_eq!(detect_preset(&headers), None);
    }
}
