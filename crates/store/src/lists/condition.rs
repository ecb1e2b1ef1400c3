//! What rows must be like: conditions on fields, and groups of conditions.

use std::fmt;
use std::str::FromStr;

use super::{ListQuery, QueryError};

/// What to compare a field with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// Different, or without a value.
    Ne,
    /// Less, earlier.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater, later.
    Gt,
    /// Greater or equal.
    Gte,
    /// From the first of two values with a comma between them to the second, both included. A date
    /// at the end of a stretch of instants means all of that day.
    Between,
    /// Holds the text, whatever the case; for tags: holds the tag.
    Contains,
    /// Begins with the text, whatever the case.
    StartsWith,
    /// One of a list of values with commas between them.
    In,
    /// Not longer ago than a span such as `30d`, and not in the future.
    InLast,
    /// Not further away than a span such as `2w`, and not in the past.
    InNext,
    /// Longer ago than a span such as `90d`.
    OlderThan,
    /// In a period that is named from today, such as `last_month`.
    During,
    /// Without a value.
    IsNull,
    /// With a value.
    NotNull,
}

impl Op {
    /// All of them, in the order in which errors name them.
    pub const ALL: [Self; 16] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::Between,
        Self::Contains,
        Self::StartsWith,
        Self::In,
        Self::InLast,
        Self::InNext,
        Self::OlderThan,
        Self::During,
        Self::IsNull,
        Self::NotNull,
    ];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Between => "between",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::In => "in",
            Self::InLast => "in_last",
            Self::InNext => "in_next",
            Self::OlderThan => "older_than",
            Self::During => "during",
            Self::IsNull => "is_null",
            Self::NotNull => "not_null",
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Op {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let op = Self::ALL.into_iter().find(|op| op.as_str() == text);
        op.ok_or_else(|| QueryError::UnknownOp {
            op: text.to_owned(),
        })
    }
}

/// One condition on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Name of the field.
    pub field: String,
    /// How to compare.
    pub op: Op,
    /// What to compare with, as text: `2026-11-24T09:30:00Z`, `100`, `true`, an id. Empty where
    /// the operation needs none.
    pub value: String,
}

impl Condition {
    /// Builds a condition.
    pub fn new(field: impl Into<String>, op: Op, value: impl ToString) -> Self {
        Self {
            field: field.into(),
            op,
            value: value.to_string(),
        }
    }

    pub(super) fn check(&self) -> Result<(), QueryError> {
        let is_too_long = match self.op {
            Op::In => self.value.split(',').count() > ListQuery::VALUES_MAX,
            Op::Contains | Op::StartsWith => self.value.chars().count() > ListQuery::TEXT_MAX,
            _ => false,
        };
        let field = || self.field.clone();
        if is_too_long {
            return Err(QueryError::ConditionTooLong { field: field() });
        }
        if self.value.contains('\0') {
            return Err(QueryError::NulCharacter { field: field() });
        }
        Ok(())
    }
}

impl FromStr for Condition {
    type Err = QueryError;

    /// Reads `field:op:value`; the value may hold colons itself.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, ':');
        let (field, op) = match (parts.next(), parts.next()) {
            (Some(field), Some(op)) if !field.is_empty() => (field, op),
            _ => {
                let text = text.to_owned();
                return Err(QueryError::BadCondition { text });
            }
        };
        Ok(Self {
            field: field.to_owned(),
            op: op.parse()?,
            value: parts.next().unwrap_or_default().to_owned(),
        })
    }
}

/// Conditions put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All must hold.
    And(Vec<Self>),
    /// At least one must hold.
    Or(Vec<Self>),
    /// Must not hold; a field without a value does not hold what is asked of its value.
    Not(Box<Self>),
    /// One condition.
    Is(Condition),
}

impl Filter {
    /// Builds a group of one condition.
    pub fn is(field: impl Into<String>, op: Op, value: impl ToString) -> Self {
        Self::Is(Condition::new(field, op, value))
    }

    /// Conditions in all.
    pub fn n_conditions(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::n_conditions).sum(),
            Self::Not(part) => part.n_conditions(),
            Self::Is(_) => 1,
        }
    }

    /// Whether a condition is on a field of such a name.
    pub(super) fn names(&self, is_named: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.names(is_named)),
            Self::Not(part) => part.names(is_named),
            Self::Is(condition) => is_named(&condition.field),
        }
    }

    /// Refuses what would make a statement of any size, or a group that says nothing.
    pub(super) fn check(&self) -> Result<(), QueryError> {
        self.check_within(ListQuery::DEPTH_MAX)
    }

    fn check_within(&self, depth_left: usize) -> Result<(), QueryError> {
        let deeper = || depth_left.checked_sub(1).ok_or(QueryError::TooDeep);
        match self {
            Self::And(parts) | Self::Or(parts) if parts.is_empty() => Err(QueryError::EmptyGroup),
            Self::And(parts) | Self::Or(parts) => {
                let depth = deeper()?;
                for (idx, part) in parts.iter().enumerate() {
                    part.check_within(depth)
                        .map_err(|error| error.within(&format!("{}/{idx}", self.word())))?;
                }
                Ok(())
            }
            Self::Not(part) => {
                let checked = part.check_within(deeper()?);
                checked.map_err(|error| error.within(self.word()))
            }
            Self::Is(condition) => condition.check(),
        }
    }

    /// The word for a group in the API.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::And(_) => "and",
            Self::Or(_) => "or",
            Self::Not(_) => "not",
            Self::Is(_) => "",
        }
    }
}
