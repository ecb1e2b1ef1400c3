//! Where the values of a field are: the expression that reads them from the JSON of a row. Lists,
//! indices and rules all use the one text, for an index serves the very expression it was made of.
//!
//! A value of another type than the field's, which an older definition may have left, reads as none:
//! one odd row must not make a list fail. Keys are snake_case, so that they can stand in a statement.

use rapport_domain::{CustomField, CustomFieldKind, ObjectKind};
use sea_orm::DbBackend;

use crate::lists::{Kind, Lead};

/// A table whose rows have custom values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) table: &'static str,
    /// The column by which people know a record.
    pub(super) title: &'static str,
}

/// The table of an object; none where its records have no custom fields.
pub(super) const fn place_of(object: ObjectKind) -> Option<Place> {
    let (table, title) = match object {
        ObjectKind::Contact => ("contacts", "name"),
        ObjectKind::Company => ("companies", "name"),
        ObjectKind::Deal => ("deals", "name"),
        ObjectKind::Ticket => ("tickets", "subject"),
        ObjectKind::Task => ("tasks", "title"),
        ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => return None,
    };
    Some(Place { table, title })
}

/// The object of a table; none where its rows have no custom fields.
pub(super) fn object_of(table: &str) -> Option<ObjectKind> {
    let mut objects = ObjectKind::WITH_CUSTOM_FIELDS.into_iter();
    objects.find(|&object| place_of(object).is_some_and(|place| place.table == table))
}

/// How lists compare the values of a field.
pub(super) fn kind(field: &CustomField) -> Kind {
    match field.kind {
        CustomFieldKind::Text
        | CustomFieldKind::Url
        | CustomFieldKind::Email
        | CustomFieldKind::Phone => Kind::Text,
        CustomFieldKind::LongText => Kind::LongText,
        CustomFieldKind::Number | CustomFieldKind::Integer => Kind::Number,
        CustomFieldKind::Boolean => Kind::Choice(&["true", "false"]),
        CustomFieldKind::Date => Kind::DateText,
        CustomFieldKind::Timestamp => Kind::TimestampText,
        CustomFieldKind::Choice { .. } => Kind::Name,
        CustomFieldKind::MultipleChoice { .. } => Kind::Tags,
    }
}

/// The expression of a field's values; `alias` is that of the table, where it has one.
pub(super) fn expression(backend: DbBackend, alias: Option<&str>, field: &CustomField) -> String {
    let key = &field.key;
    debug_assert!(
        key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
        "a key is snake_case"
    );
    let custom = match alias {
        Some(alias) => format!("{alias}.custom"),
        None => "custom".to_owned(),
    };
    match backend {
        DbBackend::Postgres => of_postgres(&format!("CAST({custom} AS jsonb)"), key, &field.kind),
        _ => of_sqlite(&format!("{custom}, '$.{key}'"), &field.kind),
    }
}

/// Characters of a text by which an index of PostgreSQL orders it: an entry holds some 2,700 bytes, and a
/// character has up to four.
const LEAD_CHARS: usize = 600;

/// What the index for lists holds where it cannot hold all of a value: its beginning. Beginnings sort as
/// the texts do that they begin.
pub(super) fn lead(backend: DbBackend, alias: Option<&str>, field: &CustomField) -> Option<Lead> {
    is_long(backend, field).then(|| Lead {
        column: format!("left({}, {LEAD_CHARS})", expression(backend, alias, field)),
        n_chars: LEAD_CHARS,
    })
}

/// What the index holds that lets no value be there twice: of values that may be too long for it a digest,
/// which is the same for no two of them unless somebody makes them so.
pub(super) fn distinct(backend: DbBackend, field: &CustomField) -> String {
    let column = expression(backend, None, field);
    match is_long(backend, field) {
        true => format!("md5({column})"),
        false => column,
    }
}

/// Whether values may be too long for an index.
fn is_long(backend: DbBackend, field: &CustomField) -> bool {
    let has_long = matches!(field.kind, CustomFieldKind::Text | CustomFieldKind::Url);
    backend == DbBackend::Postgres && has_long
}

fn of_postgres(json: &str, key: &str, kind: &CustomFieldKind) -> String {
    match kind {
        CustomFieldKind::Number | CustomFieldKind::Integer => format!(
            "(CASE WHEN jsonb_typeof({json} -> '{key}') = 'number' \
             THEN CAST({json} ->> '{key}' AS double precision) END)"
        ),
        // By code point, as SQLite sorts and as our own columns do.
        _ => format!("(({json} ->> '{key}') COLLATE \"C\")"),
    }
}

fn of_sqlite(path: &str, kind: &CustomFieldKind) -> String {
    match kind {
        CustomFieldKind::Number | CustomFieldKind::Integer => format!(
            "(CASE WHEN json_type({path}) IN ('integer', 'real') \
             THEN CAST(json_extract({path}) AS REAL) END)"
        ),
        CustomFieldKind::Boolean => format!(
            "(CASE json_type({path}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END)"
        ),
        _ => format!("CAST(json_extract({path}) AS TEXT)"),
    }
}
