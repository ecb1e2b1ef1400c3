//! Names that only repeat what the user does not see: files often know people by an address alone, which is
//! then what they are called. Such a name is read as [`STAND_IN_NAME`], wherever a statement reads names, so that
//! it is neither shown nor found, and is not what records are sorted by.

use std::borrow::Cow;

use rapport_domain::{ObjectKind, STAND_IN_NAME};
use sea_orm::sea_query::Iden as _;
use sea_orm::{ConnectionTrait, DbBackend, Iterable as _};

use super::fields::object_of;
use super::{Lens, Target};
use crate::StoreError;
use crate::entities::{company, contact};
use crate::sql::{self, Sql};

impl Lens {
    /// Whether some names of the rows of a table are not shown.
    pub(crate) fn stands_in(&self, table: &str) -> bool {
        object_of(table).is_some_and(|object| self.stands_in_among(object))
    }

    /// Whether some names of a kind of record are not shown.
    pub(super) fn stands_in_among(&self, object: ObjectKind) -> bool {
        let mut repeated = repeated_by(object).iter();
        repeated.any(|field| self.hides(object, field))
    }

    /// Whether the name of a record is not shown.
    pub(super) async fn hides_name(
        &self,
        connection: &impl ConnectionTrait,
        target: Target,
    ) -> Result<bool, StoreError> {
        let backend = connection.get_database_backend();
        let Some(repeats) = self.repeats(backend, target.table, "t") else {
            return Ok(false);
        };
        let text = format!(
            "SELECT 1 AS is_hidden FROM {} t WHERE t.id = ? AND {repeats}",
            target.table
        );
        let hidden = Sql::of(backend, &text, [sql::id(target.id)]);
        Ok(hidden.one(connection).await?.is_some())
    }

    /// The condition under which the name of a row repeats what the user does not see; none where no name does.
    pub(crate) fn repeats(&self, backend: DbBackend, table: &str, alias: &str) -> Option<String> {
        let object = object_of(table)?;
        let hidden = repeated_by(object).iter();
        let hidden = hidden.filter(|field| self.hides(object, field));
        let conditions: Vec<String> = hidden
            .map(|field| repeating(backend, alias, field))
            .collect();
        (!conditions.is_empty()).then(|| format!("({})", conditions.join(" OR ")))
    }

    /// What is read instead of a column with a name, or with what is made of one.
    pub(super) fn named(
        &self,
        backend: DbBackend,
        table: &str,
        alias: &str,
        column: &str,
    ) -> Option<String> {
        if !matches!(column, "name" | "name_key") {
            return None;
        }
        let repeats = self.repeats(backend, table, alias)?;
        Some(format!(
            "CASE WHEN {repeats} THEN '{STAND_IN_NAME}' ELSE {alias}.{column} END"
        ))
    }

    /// What statements read a table from: the table itself, or its rows with names as the user sees them.
    pub(crate) fn source<'t>(&self, backend: DbBackend, table: &'t str) -> Cow<'t, str> {
        if !self.stands_in(table) {
            return table.into();
        }
        let columns: Vec<String> = match object_of(table) {
            Some(ObjectKind::Company) => company::Column::iter().map(|it| it.to_string()).collect(),
            _ => contact::Column::iter().map(|it| it.to_string()).collect(),
        };
        let columns = columns.iter().map(|column| {
            let named = self.named(backend, table, "whole", column);
            let read = named.unwrap_or_else(|| format!("whole.{column}"));
            format!("{read} AS {column}")
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        format!("(SELECT {columns} FROM {table} whole)").into()
    }
}

/// The fields that names of a table's rows may repeat.
fn repeated_by(object: ObjectKind) -> &'static [&'static str] {
    match object {
        ObjectKind::Contact => &["email", "phone"],
        ObjectKind::Company => &["domain"],
        _ => &[],
    }
}

/// The condition under which a name repeats a field. An address or a number counts whosesoever it is: the
/// contact may have got another one since.
fn repeating(backend: DbBackend, alias: &str, field: &str) -> String {
    let place = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    match field {
        "email" => format!("{alias}.name LIKE '%@%'"),
        "phone" => {
            let is_number = match backend {
                DbBackend::Postgres => format!("{alias}.name !~ '[^-0-9+() ./#]'"),
                _ => format!("{alias}.name NOT GLOB '*[^-0-9+() ./#]*'"),
            };
            format!(
                "({alias}.phone IS NOT NULL AND {place}({alias}.name, {alias}.phone) > 0) \
                 OR (length({alias}.name) >= {N_DIGITS_MIN} AND {is_number})"
            )
        }
        field => format!(
            "({alias}.{field} IS NOT NULL AND {place}(lower({alias}.name), lower({alias}.{field})) > 0)"
        ),
    }
}

/// Signs from which on a name of digits may be a phone number.
const N_DIGITS_MIN: usize = 7;
