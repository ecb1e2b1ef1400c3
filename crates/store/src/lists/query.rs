//! What a caller asks of a list, and what it gets.

use std::fmt;
use std::str::FromStr;

use super::{Cursor, QueryError};

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
    /// Holds the text, whatever the case; for tags: holds the tag.
    Contains,
    /// One of a list of values with commas between them.
    In,
    /// Without a value.
    IsNull,
    /// With a value.
    NotNull,
}

impl Op {
    /// All of them, in the order in which errors name them.
    pub const ALL: [Self; 10] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::Contains,
        Self::In,
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
            Self::Contains => "contains",
            Self::In => "in",
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

/// One condition of a filter; all conditions of a list must hold.
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

    fn check(&self) -> Result<(), QueryError> {
        let is_too_long = match self.op {
            Op::In => self.value.split(',').count() > ListQuery::VALUES_MAX,
            Op::Contains => self.value.chars().count() > ListQuery::TEXT_MAX,
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

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Small to large, early to late.
    Asc,
    /// Large to small, late to early.
    Desc,
}

/// One key to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Name of the field.
    pub field: String,
    /// Which way.
    pub direction: Direction,
}

impl Sort {
    /// Builds a key.
    pub fn new(field: impl Into<String>, direction: Direction) -> Self {
        Self {
            field: field.into(),
            direction,
        }
    }

    /// Reads keys as `-last_order_at,name`: a minus sorts from large to small.
    pub fn parse_list(text: &str) -> Vec<Self> {
        text.split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(|key| match key.strip_prefix('-') {
                Some(field) => Self::new(field, Direction::Desc),
                None => Self::new(key, Direction::Asc),
            })
            .collect()
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.direction {
            Direction::Asc => "",
            Direction::Desc => "-",
        };
        write!(f, "{sign}{}", self.field)
    }
}

/// What a caller asks of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Conditions that all must hold.
    pub filter: Vec<Condition>,
    /// Keys to sort by, the first weighs most; empty for the object's own order.
    pub sort: Vec<Sort>,
    /// Text that must be found in the record.
    pub search: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<Cursor>,
    /// Rows wanted, 1 to 500.
    pub limit: u64,
    /// Whether to say how many rows there are in all.
    pub estimate: bool,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: Vec::new(),
            sort: Vec::new(),
            search: None,
            cursor: None,
            limit: 50,
            estimate: false,
        }
    }
}

impl ListQuery {
    /// The most rows of one page.
    pub const LIMIT_MAX: u64 = 500;
    /// The most conditions.
    pub const FILTERS_MAX: usize = 20;
    /// The most values of one condition.
    pub const VALUES_MAX: usize = 500;
    /// The most keys to sort by.
    pub const SORTS_MAX: usize = 5;
    /// The most characters of a text to find, in a search or by [`Op::Contains`].
    pub const TEXT_MAX: usize = 200;

    /// Refuses what would make a statement of any size.
    pub(super) fn check(&self) -> Result<(), QueryError> {
        if !(1..=Self::LIMIT_MAX).contains(&self.limit) {
            return Err(QueryError::BadLimit { limit: self.limit });
        }
        if self.filter.len() > Self::FILTERS_MAX {
            return Err(QueryError::TooManyFilters);
        }
        for condition in &self.filter {
            condition.check()?;
        }
        if self.sort.len() > Self::SORTS_MAX {
            return Err(QueryError::TooManySorts);
        }
        for (idx, sort) in self.sort.iter().enumerate() {
            if self.sort[..idx].iter().any(|seen| seen.field == sort.field) {
                let field = sort.field.clone();
                return Err(QueryError::RepeatedSort { field });
            }
        }
        match &self.search {
            Some(text) if text.chars().count() > Self::TEXT_MAX => Err(QueryError::SearchTooLong),
            _ => Ok(()),
        }
    }

    /// This query with one more condition.
    #[must_use]
    pub fn with(mut self, field: &str, op: Op, value: impl ToString) -> Self {
        self.filter.push(Condition::new(field, op, value));
        self
    }

    /// This query sorted by keys such as `-last_order_at,name`.
    #[must_use]
    pub fn sorted(mut self, keys: &str) -> Self {
        self.sort = Sort::parse_list(keys);
        self
    }
}

/// A piece of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
    /// Rows in all, where it was asked for: exact up to 10,000, a guess above.
    pub estimate: Option<u64>,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            estimate: self.estimate,
        }
    }
}
