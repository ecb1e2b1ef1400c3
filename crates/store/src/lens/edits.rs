//! Changes of fields: what the user may not set is left as it is.

use rapport_domain::{
    CUSTOM_PREFIX, CustomField, CustomValue, CustomValues, FieldRule, ObjectKind, STAND_IN_NAME,
};
use sea_orm::sea_query::Iden as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, Iterable as _, ModelTrait as _,
    PrimaryKeyToColumn as _, QueryFilter as _, Value,
};

use super::fields::columns_of;
use super::{Lens, Target};
use crate::entities::custom_field;
use crate::sql;
use crate::{StoreError, codec};

impl Lens {
    /// A changed row as it is to be written: what the user does not see, and so was read as nothing, stays
    /// as it is stored. One of another version than `expected` is refused for that before anything else is
    /// looked at, and is not written by who comes in between.
    ///
    /// A field that is read only may be told as it is. A hidden one may not be told at all, were it as it
    /// is, for the answer would tell whether it was guessed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], [`StoreError::FieldsNotAllowed`].
    pub(crate) async fn settle<E: EntityTrait>(
        &self,
        connection: &impl ConnectionTrait,
        (kind, target, expected): (ObjectKind, Target, i64),
        mut row: E::Model,
    ) -> Result<E::Model, StoreError> {
        let Some(rules) = self.rules(kind) else {
            return Ok(row);
        };
        let key = E::PrimaryKey::iter().next().expect("a table has a key");
        let stored = E::find().filter(key.into_column().eq(target.id));
        let Some(stored) = stored.one(connection).await? else {
            return Ok(row);
        };
        if let Value::BigInt(Some(found)) = stored.get(column::<E>("version"))
            && found != expected
        {
            return Err(StoreError::Conflict {
                object: target.object,
                expected,
                found,
            });
        }
        // Told as it is shown, a name stays; told otherwise it may be a guess at what is not shown.
        let mut is_name_guessed = false;
        if self.stands_in(target.table) {
            if row.get(column::<E>("name")) == sql::text(STAND_IN_NAME) {
                row.set(column::<E>("name"), stored.get(column::<E>("name")));
            } else {
                is_name_guessed = self.hides_name(connection, target).await?;
            }
        }
        let (mut told, kept) = (custom_of::<E>(&row)?, custom_of::<E>(&stored)?);
        let mut refused = Vec::new();
        for (field, rule) in rules {
            if field == "name" && is_name_guessed {
                refused.push((field.clone(), *rule));
                continue;
            }
            let is_left = match field.strip_prefix(CUSTOM_PREFIX) {
                Some(key) => leave_custom(*rule, key, &mut told, &kept),
                None => leave_columns::<E>(*rule, &columns_of(kind, field), &mut row, &stored),
            };
            if !is_left {
                refused.push((field.clone(), *rule));
            }
        }
        row.set(column::<E>("custom"), sql::text(codec::to_json(&told)));
        refuse(refused)?;
        Ok(row)
    }

    /// Refuses a new row with values of fields that are not the user's to set, other than those that it
    /// would have without them.
    pub(crate) async fn check_new<E: EntityTrait>(
        &self,
        connection: &impl ConnectionTrait,
        kind: ObjectKind,
        row: &E::Model,
    ) -> Result<(), StoreError> {
        let Some(rules) = self.rules(kind) else {
            return Ok(());
        };
        let told = custom_of::<E>(row)?;
        let defaults = match told.is_empty() {
            true => CustomValues::new(),
            false => custom_defaults(connection, kind).await?,
        };
        let is_default = |field: &str| match field.strip_prefix(CUSTOM_PREFIX) {
            Some(key) => told
                .get(key)
                .is_none_or(|told| defaults.get(key) == Some(told)),
            None => columns_of(kind, field).iter().all(|name| {
                let value = row.get(column::<E>(name));
                is_blank(&value) || value == self.default_of(kind, name)
            }),
        };
        let refused = rules.iter().filter(|(field, _)| !is_default(field));
        refuse(
            refused
                .map(|(field, rule)| (field.clone(), *rule))
                .collect(),
        )
    }

    /// What a new record has in a column where nobody says more.
    fn default_of(&self, kind: ObjectKind, column: &str) -> Value {
        match (kind, column) {
            (_, "owner_id") => Value::Uuid(self.user().map(Into::into)),
            (_, "status") => sql::text("open"),
            (_, "priority") => Value::from(codec::priority_rank(Default::default())),
            (_, "channel") => sql::text("web"),
            _ => Value::String(None),
        }
    }
}

/// Leaves a field's columns as they are stored; whether they were told so.
fn leave_columns<E: EntityTrait>(
    rule: FieldRule,
    columns: &[&str],
    row: &mut E::Model,
    stored: &E::Model,
) -> bool {
    let mut is_left = true;
    for name in columns {
        let column = column::<E>(name);
        let (told, kept) = (row.get(column), stored.get(column));
        is_left &= match rule {
            FieldRule::ReadOnly => told == kept,
            FieldRule::Hidden => is_blank(&told),
        };
        row.set(column, kept);
    }
    is_left
}

/// As [`leave_columns`], of a custom field.
fn leave_custom(rule: FieldRule, key: &str, told: &mut CustomValues, kept: &CustomValues) -> bool {
    let was_told: Option<CustomValue> = told.remove(key);
    if let Some(kept) = kept.get(key) {
        told.insert(key.to_owned(), kept.clone());
    }
    match rule {
        FieldRule::ReadOnly => was_told.as_ref() == kept.get(key),
        FieldRule::Hidden => was_told.is_none(),
    }
}

fn column<E: EntityTrait>(name: &str) -> E::Column {
    let mut columns = E::Column::iter();
    let found = columns.find(|column| column.to_string() == name);
    found.expect("a field that rules are made for has its column")
}

fn custom_of<E: EntityTrait>(row: &E::Model) -> Result<CustomValues, StoreError> {
    match row.get(column::<E>("custom")) {
        Value::String(Some(text)) => codec::from_json("custom", &text),
        _ => Ok(CustomValues::new()),
    }
}

async fn custom_defaults(
    connection: &impl ConnectionTrait,
    kind: ObjectKind,
) -> Result<CustomValues, StoreError> {
    let rows = custom_field::Entity::find()
        .filter(custom_field::Column::Object.eq(codec::name_of(&kind)))
        .all(connection)
        .await?;
    let fields: Result<Vec<CustomField>, StoreError> =
        rows.into_iter().map(CustomField::try_from).collect();
    let fields = fields?.into_iter();
    Ok(fields
        .filter_map(|field| Some((field.key, field.default?)))
        .collect())
}

/// Whether a column says nothing: it is read so where it is hidden.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text
            .as_ref()
            .is_none_or(|text| text.is_empty() || text.as_str() == "[]"),
        Value::Uuid(None) | Value::Int(None) | Value::BigInt(None) => true,
        _ => false,
    }
}

pub(super) fn refuse(fields: Vec<(String, FieldRule)>) -> Result<(), StoreError> {
    match fields.is_empty() {
        true => Ok(()),
        false => Err(StoreError::FieldsNotAllowed { fields }),
    }
}
