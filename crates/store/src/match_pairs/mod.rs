//! Pairs of contacts that may be one person, as the latest run of the matcher found them.
//!
//! A pair holds how alike the fields are and no value of anybody: values are read from the contacts, as the
//! reader sees them now. Nor does it hold whether it is open: that follows from the log of identities when it is
//! read, so that a merge, a split or a deletion anywhere else cannot leave it behind.

mod accept;
mod acceptances;
mod addresses;
mod bands;
mod decide;
mod join;
mod list;
mod matchable;
mod publish;
mod shown;
mod standing;

use rapport_domain::{ContactId, MatchPairId, SourceId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

pub use accept::{WaitingPair, accept, list_accepted, list_waiting, undo_accepted};
pub use acceptances::{
    Acceptance, NewAcceptance, RefusedPair, create_acceptance, find_acceptance, list_acceptances,
    list_not_undone, list_refused, queue_undo,
};
pub use decide::{AutomaticMerge, CertainPair, PairDecision, decide, list_certain, merge_certain};
pub use list::{Counts, counts, find, list};
pub use matchable::{Matchable, kept_apart, page};
pub use publish::{MatchRun, NewPair, NewRun, end_run, find_run, list_runs, publish};

pub(crate) use bands::told_probability;

use crate::record::Named;

/// What pairs are called in errors.
const OBJECT: &str = "match pair";

/// How alike the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same once cleaned.
    Same,
    /// A slip of the pen, or the same in another field.
    Close,
    /// Something in common.
    Similar,
    /// Little or nothing in common.
    Different,
    /// One of the two has no value.
    Missing,
}

/// What a field says of a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field: of a custom field `custom.` and its key.
    pub field: String,
    /// How alike the values are.
    pub agreement: Agreement,
    /// Bits that speak for one person.
    pub weight: f64,
}

/// What a field says of a pair, with the values as the reader sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchField {
    /// What it says.
    pub evidence: Evidence,
    /// The value of the one.
    pub left: Option<String>,
    /// The value of the other.
    pub right: Option<String>,
}

/// What became of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchStatus {
    /// Nobody has decided.
    Open,
    /// One person.
    Same,
    /// Two people.
    Different,
    /// One of the two is deleted, or part of somebody else.
    Gone,
}

/// One of the two contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchSide {
    /// The contact.
    pub contact: ContactId,
    /// What people call it; empty where it is not there.
    pub name: String,
    /// How many views of it sources have.
    pub n_identities: u64,
    /// How many orders it has.
    pub n_orders: i64,
    /// Since when it is known; none where it is not there.
    pub created_at: Option<Timestamp>,
    /// The sources that tell of it.
    pub sources: Vec<Named<SourceId>>,
}

/// The operation that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its number.
    pub operation: i64,
    /// Who decided; none where the program did.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

/// Two contacts that may be one person.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchPair {
    /// Identifier.
    pub id: MatchPairId,
    /// The probability that they are, in `[0, 1]`.
    pub probability: f64,
    /// How much a decision teaches, in `[0, 1]`.
    pub value: f64,
    /// Bits before anything is compared; none where the reader does not see all that is compared.
    pub prior_weight: Option<f64>,
    /// Whether the reader does not see all that is compared, and is told of numbers in bands only.
    pub is_partial: bool,
    /// Whether the whole group of records supports it; not told to such a reader.
    pub is_grouped: bool,
    /// One contact.
    pub left: MatchSide,
    /// The other.
    pub right: MatchSide,
    /// What the fields say, but for those that the reader does not see.
    pub fields: Vec<MatchField>,
    /// The version of the model that found it.
    pub model_version: String,
    /// When it was first found.
    pub found_at: Timestamp,
    /// What became of it.
    pub status: MatchStatus,
    /// By which operation.
    pub decided: Option<Decided>,
}
