//! Fields that the user does not see: they are read as if records had no value there, whatever
//! statement reads them, so that nothing that is made of a record can tell them.

use std::collections::BTreeMap;

use rapport_domain::{CUSTOM_PREFIX, FieldRule, ObjectKind, RolePolicy};
use sea_orm::sea_query::Iden as _;
use sea_orm::{DbBackend, EntityTrait, Iterable as _};

use super::edits::refuse;
use super::{GUARDS, Guard, Lens};
use crate::StoreError;

/// The columns of a field that rules are made for.
pub(super) fn columns_of(object: ObjectKind, field: &str) -> Vec<&str> {
    match (object, field) {
        (_, "address") => vec!["street", "city", "region", "postal_code", "country"],
        (_, "amount") => vec!["amount_minor", "currency"],
        (ObjectKind::Task, "subject") => vec!["subject_kind", "subject_id"],
        (_, field) => vec![field],
    }
}

impl Lens {
    fn policy(&self) -> Option<&RolePolicy> {
        self.access.as_ref().map(|access| &access.policy)
    }

    /// What the user's role takes away of an object's fields.
    pub(super) fn rules(&self, object: ObjectKind) -> Option<&BTreeMap<String, FieldRule>> {
        let rules = self.policy()?.fields.get(&object);
        rules.filter(|rules| !rules.is_empty())
    }

    /// Whether the user does not see a field.
    pub(crate) fn hides(&self, object: ObjectKind, field: &str) -> bool {
        self.policy()
            .is_some_and(|policy| policy.hides(object, field))
    }

    /// Refuses to set fields of many records that are not the user's to set, whatever they are set to. So is a
    /// name where some names are not shown: which records stay as they are would tell whose name was guessed.
    pub(crate) fn check_fields<F: AsRef<str>>(
        &self,
        object: ObjectKind,
        fields: impl IntoIterator<Item = F>,
    ) -> Result<(), StoreError> {
        let Some(rules) = self.rules(object) else {
            return Ok(());
        };
        let has_stand_ins = self.stands_in_among(object);
        let fields = fields.into_iter();
        let ruled = fields.filter_map(|field| {
            let field = field.as_ref();
            let of_name = (has_stand_ins && field == "name").then_some(FieldRule::ReadOnly);
            let rule = rules.get(field).copied().or(of_name)?;
            Some((field.to_owned(), rule))
        });
        refuse(ruled.collect())
    }

    /// The fields of an object that the user does not see.
    pub(crate) fn hidden(&self, object: ObjectKind) -> impl Iterator<Item = &str> {
        let rules = self.rules(object).into_iter().flatten();
        let hidden = rules.filter(|(_, rule)| **rule == FieldRule::Hidden);
        hidden.map(|(field, _)| field.as_str())
    }

    /// Whether the user does not see some field of some kind of record.
    pub(crate) fn hides_any(&self) -> bool {
        self.policy().is_some_and(RolePolicy::hides_any)
    }

    /// Whether the user does not see some field of the rows of a table.
    pub(crate) fn hides_some(&self, table: &str) -> bool {
        let object = object_of(table);
        object.is_some_and(|object| self.hidden(object).next().is_some())
    }

    /// Whether a list's field, by its name and the column it reads, is one that the user does not see.
    pub(crate) fn hides_listed(&self, table: &str, name: &str, column: &str) -> bool {
        let Some(object) = object_of(table) else {
            return false;
        };
        let column = column.rsplit('.').next().unwrap_or(column);
        let mut hidden = self.hidden(object);
        hidden.any(|field| match field.starts_with(CUSTOM_PREFIX) {
            true => field == name,
            false => columns_of(object, field).contains(&column),
        })
    }

    /// `alias.column AS prefix_column` for all columns of an entity, as
    /// [`crate::record::columns`] writes them, without what the user does not see.
    pub(crate) fn columns<E: EntityTrait>(
        &self,
        backend: DbBackend,
        alias: &str,
        prefix: &str,
    ) -> String {
        let table = E::default();
        let object = object_of(table.table_name());
        let columns = E::Column::iter().map(|column| {
            let name = column.to_string();
            let blank = object.and_then(|object| self.blank(backend, object, alias, &name));
            let read = blank.unwrap_or_else(|| format!("{alias}.{name}"));
            format!("{read} AS {prefix}{name}")
        });
        columns.collect::<Vec<_>>().join(", ")
    }

    /// A text of ours that reads columns of `alias`, without those that the user does not see.
    pub(crate) fn blanked(
        &self,
        backend: DbBackend,
        table: &str,
        alias: &str,
        text: &str,
    ) -> String {
        let Some(object) = object_of(table) else {
            return text.to_owned();
        };
        let hidden: Vec<&str> = self.hidden(object).collect();
        let columns = hidden
            .into_iter()
            .flat_map(|field| columns_of(object, field));
        let mut text = text.to_owned();
        for column in columns {
            if let Some(blank) = self.blank(backend, object, alias, column) {
                text = text.replace(&format!("{alias}.{column}"), &blank);
            }
        }
        match self.custom_blank(backend, object, alias) {
            Some(blank) => text.replace(&format!("{alias}.custom"), &blank),
            None => text,
        }
    }

    /// What is read instead of a column that the user does not see, or not all of.
    fn blank(
        &self,
        backend: DbBackend,
        object: ObjectKind,
        alias: &str,
        column: &str,
    ) -> Option<String> {
        if column == "custom" {
            return self.custom_blank(backend, object, alias);
        }
        if let Some(named) = self.named(backend, table_of(object), alias, column) {
            return Some(named);
        }
        let mut hidden = self.hidden(object);
        let is_hidden = hidden.any(|field| columns_of(object, field).contains(&column));
        is_hidden.then(|| match column {
            "tags" => "'[]'".to_owned(),
            "body" => "''".to_owned(),
            // None, of the column's own type.
            _ => format!("nullif({alias}.{column}, {alias}.{column})"),
        })
    }

    fn custom_blank(&self, backend: DbBackend, object: ObjectKind, alias: &str) -> Option<String> {
        let keys = self.hidden(object);
        let keys: Vec<&str> = keys
            .filter_map(|it| it.strip_prefix(CUSTOM_PREFIX))
            .collect();
        if keys.is_empty() {
            return None;
        }
        let is_key = |key: &&str| {
            let mut bytes = key.bytes();
            bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        // Nothing is told rather than too much, should a rule name what no field is called.
        if !keys.iter().all(is_key) {
            return Some("'{}'".to_owned());
        }
        Some(match backend {
            DbBackend::Postgres => {
                let keys: Vec<String> = keys.iter().map(|key| format!("'{key}'")).collect();
                let keys = keys.join(", ");
                format!(
                    "CAST(CAST({alias}.custom AS jsonb) - CAST(ARRAY[{keys}] AS text[]) AS text)"
                )
            }
            _ => {
                let paths: Vec<String> = keys.iter().map(|key| format!("'$.{key}'")).collect();
                format!("json_remove({alias}.custom, {})", paths.join(", "))
            }
        })
    }
}

/// Whether rows of a table have fields that roles have rules for.
pub(crate) fn is_ruled(table: &str) -> bool {
    object_of(table).is_some()
}

/// The table of an object's records.
fn table_of(object: ObjectKind) -> &'static str {
    let mut guards = GUARDS.iter();
    let found = guards.find(|(table, _)| object_of(table) == Some(object));
    found.map_or("", |(table, _)| *table)
}

/// The object whose records are the rows of a table.
pub(super) fn object_of(table: &str) -> Option<ObjectKind> {
    let guard = GUARDS.iter().find(|(guarded, _)| *guarded == table)?.1;
    match guard {
        Guard::Owner(object) | Guard::OwnerOrSubject(object) => Some(object),
        Guard::Subject | Guard::Customer => None,
    }
}
