//! The fields that lists filter and sort by: name, column, type.

use std::borrow::Cow;

use rapport_domain::{Date, Timestamp, Zone};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::{Op, QueryError};
use crate::{StoreError, codec, sql};

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, compared as it is.
    Text,
    /// Text of any length: rows are filtered and never sorted by it, for a cursor would have to hold
    /// all of it.
    LongText,
    /// Text in lower case, such as `name_key`: what it is compared with is folded too.
    Folded,
    /// One of a closed set of names.
    Choice(&'static [&'static str]),
    /// One of a closed set of names that is stored as its position there.
    Rank(&'static [&'static str]),
    /// An identifier.
    Id,
    /// A whole number, such as a count or an amount in minor units.
    Integer,
    /// A number.
    Number,
    /// An instant.
    Timestamp,
    /// A calendar date.
    Date,
    /// A calendar date as text, which sorts as dates do.
    DateText,
    /// An instant as text with all its digits, which sorts as instants do.
    TimestampText,
    /// One of a set of names that may change: compared as it is.
    Name,
    /// A list of labels as JSON.
    Tags,
}

impl Kind {
    /// Whether values are instants, however they are stored.
    pub(super) const fn is_instant(self) -> bool {
        matches!(self, Self::Timestamp | Self::TimestampText)
    }
}

/// What an index holds of a field's texts where it cannot hold all of each: the beginning. A beginning is
/// never greater than that of a greater text.
#[derive(Debug, Clone)]
pub(crate) struct Lead {
    /// The expression that the index holds.
    pub(crate) column: String,
    /// Characters of it.
    pub(crate) n_chars: usize,
}

impl Lead {
    /// The beginning of a text.
    pub(crate) fn of(&self, value: Value) -> Value {
        match value {
            Value::String(Some(text)) => {
                let lead: String = text.chars().take(self.n_chars).collect();
                sql::text(lead)
            }
            other => other,
        }
    }
}

/// A field of a list.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Name in the API.
    pub(crate) name: Cow<'static, str>,
    /// The column or expression, with its table's alias.
    pub(crate) column: Cow<'static, str>,
    /// Type.
    pub(crate) kind: Kind,
    /// Whether rows may lack a value.
    pub(crate) is_nullable: bool,
    /// The beginning of the values, where an index knows no more of them.
    pub(crate) lead: Option<Lead>,
    /// Whether an index of the field and the key has the rows in its order, those without a value too.
    pub(crate) is_indexed: bool,
}

impl Field {
    /// A field that all rows have.
    pub(crate) const fn required(name: &'static str, column: &'static str, kind: Kind) -> Self {
        Self {
            name: Cow::Borrowed(name),
            column: Cow::Borrowed(column),
            kind,
            is_nullable: false,
            lead: None,
            is_indexed: false,
        }
    }

    /// A field that rows may lack.
    pub(crate) const fn optional(name: &'static str, column: &'static str, kind: Kind) -> Self {
        Self {
            name: Cow::Borrowed(name),
            column: Cow::Borrowed(column),
            kind,
            is_nullable: true,
            lead: None,
            is_indexed: false,
        }
    }

    /// A custom field, which rows may lack.
    pub(crate) fn custom(name: String, column: String, kind: Kind, lead: Option<Lead>) -> Self {
        Self {
            name: name.into(),
            column: column.into(),
            kind,
            is_nullable: true,
            lead,
            is_indexed: false,
        }
    }

    /// The field, with an index of it and the key.
    pub(crate) const fn indexed(mut self) -> Self {
        self.is_indexed = true;
        self
    }

    /// What tells by an index whether a row has a value: the beginning, or else the column.
    pub(super) fn in_index(&self) -> &str {
        let lead = self.lead.as_ref().map(|lead| &*lead.column);
        lead.unwrap_or(&self.column)
    }

    /// Whether rows have an order by this field.
    pub(crate) const fn is_sortable(&self) -> bool {
        !matches!(self.kind, Kind::Tags | Kind::LongText)
    }

    /// The operations that values of this type have.
    pub(crate) const fn ops(&self) -> &'static [Op] {
        use Op::{
            Between, Contains, During, Eq, Gt, Gte, In, InLast, InNext, IsNull, Lt, Lte, Ne,
            NotNull, OlderThan, StartsWith,
        };
        match self.kind {
            Kind::LongText => &[Contains, IsNull, NotNull],
            Kind::Text | Kind::Folded => &[
                Eq, Ne, Lt, Lte, Gt, Gte, Contains, StartsWith, In, IsNull, NotNull,
            ],
            Kind::Choice(_) | Kind::Name | Kind::Id => &[Eq, Ne, In, IsNull, NotNull],
            Kind::Rank(_) | Kind::Integer | Kind::Number => {
                &[Eq, Ne, Lt, Lte, Gt, Gte, Between, In, IsNull, NotNull]
            }
            Kind::Timestamp | Kind::Date | Kind::TimestampText | Kind::DateText => &[
                Eq, Ne, Lt, Lte, Gt, Gte, Between, In, InLast, InNext, OlderThan, During, IsNull,
                NotNull,
            ],
            Kind::Tags if self.is_nullable => &[Eq, Contains, IsNull, NotNull],
            Kind::Tags => &[Eq, Contains],
        }
    }

    /// A value that is not what the field or the operation takes.
    pub(super) fn bad_value(&self, text: &str, expected: impl Into<String>) -> QueryError {
        QueryError::BadValue {
            field: self.name.to_string(),
            value: text.to_owned(),
            expected: expected.into(),
        }
    }

    /// The value that a caller's text stands for. A date that stands for an instant means its
    /// beginning in `zone`.
    pub(crate) fn read_text(&self, text: &str, zone: Zone) -> Result<Value, QueryError> {
        let bad = |expected: &str| self.bad_value(text, expected);
        let one_of = |names: &[&str]| bad(&format!("one of {}", names.join(", ")));
        match self.kind {
            Kind::Text | Kind::LongText | Kind::Name => Ok(sql::text(text)),
            Kind::Folded => Ok(sql::text(codec::name_key(text))),
            // A tag is searched with its quotes, so that `vip` is not found in `not vip`.
            Kind::Tags => Ok(sql::text(codec::to_json(&text))),
            Kind::Choice(names) if names.contains(&text) => Ok(sql::text(text)),
            Kind::Choice(names) => Err(one_of(names)),
            Kind::Rank(names) => {
                let rank = names.iter().position(|name| *name == text);
                let rank = rank.and_then(|rank| i32::try_from(rank).ok());
                rank.map(Value::from).ok_or_else(|| one_of(names))
            }
            Kind::Id => {
                let id = Uuid::parse_str(text);
                id.map(sql::id).map_err(|_| bad("an id"))
            }
            Kind::Integer => {
                let number = text.parse::<i64>();
                number.map(Value::from).map_err(|_| bad("a whole number"))
            }
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number.into()),
                _ => Err(bad("a number such as 12.5")),
            },
            Kind::Timestamp | Kind::TimestampText => {
                let at = text.parse::<Timestamp>();
                at.or_else(|_| text.parse::<Date>().map(|on| zone.start_of(on)))
                    .map(|at| self.instant(at))
                    .map_err(|_| bad("an instant such as 2026-11-24T09:30:00Z"))
            }
            Kind::Date | Kind::DateText => {
                let on = text.parse::<Date>();
                on.map(|on| self.date(on))
                    .map_err(|_| bad("a date such as 2026-11-24"))
            }
        }
    }

    /// An instant as this field stores it.
    pub(super) fn instant(&self, at: Timestamp) -> Value {
        match self.kind {
            Kind::TimestampText => sql::text(at.to_sortable()),
            _ => sql::at(at),
        }
    }

    /// A date as this field stores it.
    pub(super) fn date(&self, on: Date) -> Value {
        match self.kind {
            Kind::DateText => sql::text(on.to_string()),
            _ => on.days_since_epoch().into(),
        }
    }

    /// The value of this field in a row, from the result column `name`.
    pub(crate) fn read_row(&self, row: &QueryResult, name: &str) -> Result<Value, StoreError> {
        Ok(match self.kind {
            Kind::Text
            | Kind::LongText
            | Kind::Folded
            | Kind::Choice(_)
            | Kind::Name
            | Kind::DateText
            | Kind::TimestampText
            | Kind::Tags => Value::String(row.try_get("", name)?),
            Kind::Id => Value::Uuid(row.try_get("", name)?),
            Kind::Rank(_) | Kind::Date => Value::Int(row.try_get("", name)?),
            Kind::Integer | Kind::Timestamp => Value::BigInt(row.try_get("", name)?),
            Kind::Number => Value::Double(row.try_get("", name)?),
        })
    }
}
