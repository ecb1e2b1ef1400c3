//! What a caller asks of a list, and what it gets.

use std::fmt;

use rapport_domain::Moment;

use super::{Condition, Cursor, Filter, Op, QueryError};

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
    /// Conditions in groups, which must hold too.
    pub groups: Option<Filter>,
    /// Now, and where: what dates that are named from today are counted from, and where dates that
    /// stand for instants begin. Without it, the former are refused and the latter begin in UTC.
    pub moment: Option<Moment>,
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
            groups: None,
            moment: None,
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
    /// The most conditions, those in groups included.
    pub const FILTERS_MAX: usize = 50;
    /// How deep groups may stand in one another.
    pub const DEPTH_MAX: usize = 4;
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
        let n_in_groups = self.groups.as_ref().map_or(0, Filter::n_conditions);
        if self.filter.len() + n_in_groups > Self::FILTERS_MAX {
            return Err(QueryError::TooManyFilters);
        }
        for condition in &self.filter {
            condition.check()?;
        }
        if let Some(groups) = &self.groups {
            groups.check()?;
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

    /// Whether the query names a field that begins so.
    pub(crate) fn names(&self, prefix: &str) -> bool {
        let is_named = |field: &str| field.starts_with(prefix);
        self.filter
            .iter()
            .any(|condition| is_named(&condition.field))
            || self.sort.iter().any(|sort| is_named(&sort.field))
            || self
                .groups
                .as_ref()
                .is_some_and(|groups| groups.names(&is_named))
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
