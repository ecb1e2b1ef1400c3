//! Contacts as columns of texts, as the matcher wants them, read page by page.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rapport_domain::{
    CUSTOM_PREFIX, ContactId, CustomFieldKind, CustomValue, ObjectKind, SourceId,
};
use rapport_identity::{Field, FieldKind, RawColumn, detect};
use rapport_store::match_pairs::{self, Matchable};
use rapport_store::{Store, custom_fields};

use super::run::progress;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Contacts that are read at once.
const N_OF_PAGE: u64 = 2_000;
/// Custom fields that are compared at most: a pattern has room for 21 fields.
const N_CUSTOM_MAX: usize = 8;

/// What is compared of every contact, in the order in which it is shown. Region and country say nothing that
/// city and postcode do not: with few duplicates, neighbors would be taken for one person by them.
const FIELDS: [(&str, FieldKind); 7] = [
    ("name", FieldKind::FullName),
    ("email", FieldKind::Email),
    ("phone", FieldKind::Phone),
    ("company", FieldKind::Company),
    ("street", FieldKind::Street),
    ("city", FieldKind::City),
    ("postal_code", FieldKind::Postcode),
];
const EMAIL: usize = 1;
const PHONE: usize = 2;

/// All contacts.
#[derive(Debug)]
pub(super) struct People {
    /// `(n_contacts,)`, ascending.
    pub(super) ids: Vec<ContactId>,
    /// The sources that know each by a number of their own; few have any.
    pub(super) numbered_by: Vec<BTreeSet<SourceId>>,
    /// What stands for the values of each: `(n_contacts,)`.
    pub(super) prints: Vec<i64>,
    columns: Vec<Texts>,
}

/// The values of one field, one after the other.
#[derive(Debug)]
struct Texts {
    field: Field,
    text: String,
    ends: Vec<usize>,
    /// Values that take the place of those that were read.
    instead: HashMap<usize, String>,
}

impl Texts {
    fn new(field: Field) -> Self {
        Self {
            field,
            text: String::new(),
            ends: Vec::new(),
            instead: HashMap::new(),
        }
    }

    fn push(&mut self, value: Option<&str>) {
        self.text.push_str(value.unwrap_or_default());
        self.ends.push(self.text.len());
    }

    fn values(&self) -> Vec<&str> {
        let mut start = 0;
        let values = self.ends.iter().enumerate().map(|(row, &end)| {
            let read = &self.text[start..end];
            start = end;
            self.instead.get(&row).map_or(read, String::as_str)
        });
        values.collect()
    }
}

impl People {
    /// Reads all contacts. Of the sources that know them by numbers only those of `distinct` are noted.
    pub(super) async fn read(
        store: &Store,
        job: &mut JobContext<'_>,
        distinct: &BTreeSet<SourceId>,
    ) -> Result<Self, PipelineError> {
        let custom = compared_custom_fields(store).await?;
        let own = FIELDS.map(|(name, kind)| Field::new(name, kind));
        let of_custom = custom.iter().map(|key| {
            // What it holds is seen once its values are there.
            Field::new(format!("{CUSTOM_PREFIX}{key}"), FieldKind::Text)
        });
        let mut people = Self {
            ids: Vec::new(),
            numbered_by: Vec::new(),
            prints: Vec::new(),
            columns: own.into_iter().chain(of_custom).map(Texts::new).collect(),
        };
        let mut several = [Several::default(), Several::default()];
        loop {
            let page = match_pairs::page(store, people.ids.last().copied(), N_OF_PAGE).await?;
            if page.is_empty() {
                break;
            }
            for contact in page {
                let row = people.ids.len();
                several[0].add(row, &contact.emails);
                several[1].add(row, &contact.phones);
                people.add(contact, &custom, distinct);
            }
            let n_read = people.ids.len() as u64;
            job.report(progress("reading_contacts", n_read, None))
                .await?;
        }
        let [emails, phones] = several;
        emails.choose(&mut people.columns[EMAIL]);
        phones.choose(&mut people.columns[PHONE]);
        people.look_at_custom_fields();
        Ok(people)
    }

    fn add(&mut self, it: Matchable, custom: &[String], distinct: &BTreeSet<SourceId>) {
        let contact = it.contact;
        let address = &contact.address;
        let email = contact.email.as_ref().map(|email| email.as_str());
        let phone = contact.phone.as_ref().map(|phone| phone.as_str());
        let first = |values: &BTreeSet<String>| values.first().cloned();
        let (other_email, other_phone) = (first(&it.emails), first(&it.phones));
        // Some sources know people by an address alone, which is no name.
        let name = (Some(contact.name.as_str()) != email && Some(contact.name.as_str()) != phone)
            .then_some(contact.name.as_str());
        let values = [
            name,
            email.or(other_email.as_deref()),
            phone.or(other_phone.as_deref()),
            it.company.as_deref(),
            address.street.as_deref(),
            address.city.as_deref(),
            address.postal_code.as_deref(),
        ];
        let of_custom = custom.iter().map(|key| match contact.custom.get(key) {
            Some(CustomValue::Text(text)) => Some(text.as_str()),
            _ => None,
        });
        for (column, value) in self
            .columns
            .iter_mut()
            .zip(values.into_iter().chain(of_custom))
        {
            column.push(value);
        }
        self.ids.push(contact.id);
        self.prints.push(it.print);
        let numbered_by = it.numbered_by.into_iter();
        self.numbered_by
            .push(numbered_by.filter(|it| distinct.contains(it)).collect());
    }

    /// What custom texts hold follows from their names and values.
    fn look_at_custom_fields(&mut self) {
        let kinds: Vec<FieldKind> = {
            let texts = self.columns[FIELDS.len()..].iter();
            let columns: Vec<(&str, Vec<&str>)> = texts
                .map(|column| {
                    let name = column.field.name.trim_start_matches(CUSTOM_PREFIX);
                    (name, column.values())
                })
                .collect();
            detect(&columns)
                .into_iter()
                .map(|field| field.kind)
                .collect()
        };
        for (column, kind) in self.columns[FIELDS.len()..].iter_mut().zip(kinds) {
            column.field.kind = match kind {
                // Names and addresses of somebody else, perhaps: an assistant, a spouse.
                FieldKind::GivenName | FieldKind::Surname | FieldKind::FullName => FieldKind::Text,
                kind => kind,
            };
        }
    }

    /// The columns as the matcher takes them.
    pub(super) fn columns(&self) -> Vec<RawColumn<'_>> {
        let columns = self.columns.iter().map(|column| RawColumn {
            field: column.field.clone(),
            values: column.values(),
        });
        columns.collect()
    }
}

/// The texts that a company has added to contacts: what may tell people apart, or tell that they are one.
async fn compared_custom_fields(store: &Store) -> Result<Vec<String>, PipelineError> {
    let fields = custom_fields::list_active(store, ObjectKind::Contact).await?;
    let texts = fields
        .into_iter()
        .filter(|field| matches!(field.kind, CustomFieldKind::Text) && !field.is_unique);
    // What is unique is never the same for two contacts, so that it tells nothing.
    Ok(texts.take(N_CUSTOM_MAX).map(|field| field.key).collect())
}

/// Contacts with several addresses, and how many contacts have each address: of several that one is compared
/// which others have, too.
#[derive(Debug, Default)]
struct Several {
    n_of: HashMap<u64, u32>,
    rows: Vec<(usize, BTreeSet<String>)>,
}

impl Several {
    fn add(&mut self, row: usize, values: &BTreeSet<String>) {
        for value in values {
            *self.n_of.entry(hash(value)).or_default() += 1;
        }
        if values.len() > 1 {
            self.rows.push((row, values.clone()));
        }
    }

    fn choose(self, column: &mut Texts) {
        for (row, values) in self.rows {
            let shared = values.into_iter().filter_map(|value| {
                let n = self.n_of.get(&hash(&value)).copied()?;
                (n > 1).then_some((n, value))
            });
            // The first in the alphabet where several are as common, so that the same data choose the same.
            let most = shared.reduce(|best, next| if next.0 > best.0 { next } else { best });
            if let Some((_, value)) = most {
                column.instead.insert(row, value);
            }
        }
    }
}

fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
