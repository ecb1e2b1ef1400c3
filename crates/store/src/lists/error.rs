//! What is wrong with a query, said so that the caller can mend it.

use thiserror::Error;

use super::{ListQuery, Op};

/// A list that was asked for in a way that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueryError {
    /// No such field.
    #[error("{object} have no field {field:?}; use one of {}", known.join(", "))]
    UnknownField {
        /// What is listed, in the plural.
        object: &'static str,
        /// The field as asked for.
        field: String,
        /// The fields there are.
        known: Vec<String>,
    },
    /// A field that the user does not see: whoever finds rows by it, or has them in its order, learns it.
    #[error("your role does not let you see {field} of {object}; leave it out")]
    HiddenField {
        /// What is listed, in the plural.
        object: &'static str,
        /// The field.
        field: String,
    },
    /// No such operation.
    #[error("there is no comparison {op:?}; use one of {}", Op::ALL.map(Op::as_str).join(", "))]
    UnknownOp {
        /// The operation as asked for.
        op: String,
    },
    /// An operation that the field's type does not have.
    #[error("field {field} cannot be compared by {op}; use one of {}", known.join(", "))]
    OpNotAllowed {
        /// The field.
        field: String,
        /// The operation.
        op: Op,
        /// The operations that the field has.
        known: Vec<&'static str>,
    },
    /// A value that is not of the field's type.
    #[error("field {field} cannot be {value:?}; write {expected}")]
    BadValue {
        /// The field.
        field: String,
        /// The value as given.
        value: String,
        /// The form that is expected.
        expected: String,
    },
    /// A condition that is not of the form `field:op:value`.
    #[error("a filter is written field:op:value, not {text:?}")]
    BadCondition {
        /// The condition as given.
        text: String,
    },
    /// A field that rows have no order by.
    #[error("{object} cannot be sorted by {field}; use one of {}", known.join(", "))]
    NotSortable {
        /// What is listed, in the plural.
        object: &'static str,
        /// The field.
        field: String,
        /// The fields that rows have an order by.
        known: Vec<String>,
    },
    /// A cursor of another list, or none at all.
    #[error("this cursor belongs to another list or order; start again without a cursor")]
    BadCursor,
    /// A page size out of range.
    #[error("a page holds 1 to {} rows, not {limit}", ListQuery::LIMIT_MAX)]
    BadLimit {
        /// The size as asked for.
        limit: u64,
    },
    /// More conditions than a list takes.
    #[error("a list takes at most {} filters", ListQuery::FILTERS_MAX)]
    TooManyFilters,
    /// Groups of conditions in groups in groups.
    #[error(
        "groups of filters stand in one another at most {} deep",
        ListQuery::DEPTH_MAX
    )]
    TooDeep,
    /// A group without a condition.
    #[error("a group of filters holds at least one; leave the group out")]
    EmptyGroup,
    /// A date that is named from today, where nobody said when and where today is.
    #[error("this list knows no today; compare {field} with a date")]
    NoToday {
        /// The field.
        field: String,
    },
    /// What is wrong with a condition in a group.
    #[error("{error}")]
    InGroup {
        /// Where it stands, as in `or/1/not`.
        path: String,
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// What is wrong with a key to sort by.
    #[error("{error}")]
    InSort {
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// A condition with more values or a longer text than one takes.
    #[error(
        "the filter of {field} is too long; name at most {} values, or a text of at most {} characters",
        ListQuery::VALUES_MAX,
        ListQuery::TEXT_MAX
    )]
    ConditionTooLong {
        /// The field.
        field: String,
    },
    /// A character that no record can hold.
    #[error("the filter of {field} holds the character U+0000, which no record can; leave it out")]
    NulCharacter {
        /// The field.
        field: String,
    },
    /// More keys than a list is sorted by.
    #[error("a list is sorted by at most {} fields", ListQuery::SORTS_MAX)]
    TooManySorts,
    /// A key that is named twice.
    #[error("a list is sorted by {field} once; name it once")]
    RepeatedSort {
        /// The field.
        field: String,
    },
    /// A longer text than a search takes.
    #[error("search for at most {} characters", ListQuery::TEXT_MAX)]
    SearchTooLong,
    /// A list that has no search.
    #[error("{object} cannot be searched by text; use a filter")]
    NotSearchable {
        /// What is listed, in the plural.
        object: &'static str,
    },
}

impl QueryError {
    /// The same error with its place in a group.
    pub(super) fn within(self, step: &str) -> Self {
        match self {
            Self::InGroup { path, error } => Self::InGroup {
                path: format!("{step}/{path}"),
                error,
            },
            error => Self::InGroup {
                path: step.to_owned(),
                error: Box::new(error),
            },
        }
    }
}
