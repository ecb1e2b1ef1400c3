//! A day of a source as the API shows it.

use std::collections::BTreeMap;

use rapport_store::ledger;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{Day, Reference};

/// How something came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LedgerChannel {
    /// Events over HTTP.
    Events,
    /// Rows of files, on the day on which the file came.
    Files,
}

/// What one source has sent on one day in one way, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerDay {
    /// The source.
    pub(crate) source: Reference,
    /// The day in UTC on which it came.
    pub(crate) day: Day,
    /// How it came.
    pub(crate) channel: LedgerChannel,
    /// What came.
    pub(crate) seen: u64,
    /// What was stored.
    pub(crate) stored: u64,
    /// What was stored earlier.
    pub(crate) duplicate: u64,
    /// What was not taken, by reason.
    pub(crate) rejected: BTreeMap<String, u64>,
    /// Whether `seen` is the sum of the others; where it is not, something was lost.
    pub(crate) is_complete: bool,
}

/// Days of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ledger {
    /// The days, the latest first, sources by name.
    pub(crate) days: Vec<LedgerDay>,
}

impl From<ledger::LedgerDay> for LedgerDay {
    fn from(day: ledger::LedgerDay) -> Self {
        let is_complete = day.is_complete();
        Self {
            source: day.source.into(),
            day: Day(day.day),
            channel: match day.channel {
                ledger::Channel::Events => LedgerChannel::Events,
                ledger::Channel::Files => LedgerChannel::Files,
            },
            seen: day.seen,
            stored: day.stored,
            duplicate: day.duplicate,
            rejected: day.rejected,
            is_complete,
        }
    }
}
