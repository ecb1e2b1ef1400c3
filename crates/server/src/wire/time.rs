//! Instants and dates as text.

use rapport_domain::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An instant in UTC, as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime)]
pub(crate) struct Time(pub(crate) Timestamp);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

/// A calendar date, as ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date)]
pub(crate) struct Day(pub(crate) Date);

impl From<Date> for Day {
    fn from(on: Date) -> Self {
        Self(on)
    }
}
