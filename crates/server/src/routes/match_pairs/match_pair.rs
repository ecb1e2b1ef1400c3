//! A pair of contacts as the API shows it.

use rapport_store::identity_log::Verdict;
use rapport_store::match_pairs as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Agreement, MatchStatus, Reference, Time};

/// What is decided of two contacts.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatchVerdict {
    /// They are one person.
    Same,
    /// They never are.
    Different,
}

/// One of the two contacts of a pair.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchSide {
    /// The contact.
    contact_id: Uuid,
    /// What people call it; empty where it is there no more, or not seen.
    name: String,
    /// How many views of it sources have.
    n_identities: u64,
    /// How many orders it has.
    n_orders: i64,
    /// Since when it is known; null where it is there no more, or not seen.
    created_at: Option<Time>,
    /// The sources that tell of it.
    sources: Vec<Reference>,
}

/// What a field says of a pair.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchField {
    /// The field; of a custom field `custom.` and its key.
    field: String,
    /// The value of the left contact now.
    left: Option<String>,
    /// The value of the right contact now.
    right: Option<String>,
    /// How alike the values were when they were compared.
    agreement: Agreement,
    /// Bits; what is positive speaks for one person. 0, 2, 6 or 10 of either sign where `is_partial`.
    weight: f64,
}

/// Two contacts that may be one person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchPair {
    /// Identifier.
    id: Uuid,
    /// The probability that they are one person, 0 to 1; 0.3, 0.7 or 0.95 where `is_partial`.
    probability: f64,
    /// How much a decision teaches, 0 to 1: most where the odds are even and many pairs look alike. One of two
    /// numbers where `is_partial`.
    value: f64,
    /// Whether the caller's role hides some of what is compared. Numbers are told in coarse steps then, for
    /// exact ones would tell what is hidden; filters and orders act on these.
    is_partial: bool,
    /// What became of it.
    status: MatchStatus,
    /// Whether it is at or above the threshold from which on pairs may be merged by the program, and the whole
    /// group of records supports it. False where `is_partial`.
    is_certain: bool,
    /// One contact.
    left: MatchSide,
    /// The other.
    right: MatchSide,
    /// Bits before anything is compared. With the weights of all fields they sum up to the log odds to base 2.
    /// Null where `is_partial`.
    prior_weight: Option<f64>,
    /// What the fields say, in the order in which they are shown; without those that the caller does not see.
    fields: Vec<MatchField>,
    /// The version of the model that found it.
    model_version: String,
    /// When it was first found.
    found_at: Time,
    /// The operation that decided; null while it is open.
    operation: Option<i64>,
    /// The person who decided; null where the program did.
    decided_by: Option<Uuid>,
    /// When it was decided.
    decided_at: Option<Time>,
    /// Why.
    reason: Option<String>,
}

/// A page of pairs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchPairList {
    /// The pairs.
    pub(super) match_pairs: Vec<MatchPair>,
    /// All open pairs that the caller sees.
    pub(super) n_open: u64,
    /// Those of them that are certain; 0 where the caller's role hides some of what is compared.
    pub(super) n_certain: u64,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl MatchPair {
    /// A pair, certain from a probability on.
    pub(super) fn of(pair: stored::MatchPair, threshold: f64) -> Self {
        let decided = pair.decided;
        Self {
            id: pair.id.into(),
            probability: pair.probability,
            value: pair.value,
            is_partial: pair.is_partial,
            status: pair.status.into(),
            is_certain: pair.is_grouped && pair.probability >= threshold,
            left: pair.left.into(),
            right: pair.right.into(),
            prior_weight: pair.prior_weight,
            fields: pair.fields.into_iter().map(MatchField::from).collect(),
            model_version: pair.model_version,
            found_at: pair.found_at.into(),
            operation: decided.as_ref().map(|decided| decided.operation),
            decided_by: decided.as_ref().and_then(|it| it.by.map(Into::into)),
            decided_at: decided.as_ref().map(|decided| decided.at.into()),
            reason: decided.and_then(|decided| decided.reason),
        }
    }
}

impl From<stored::MatchSide> for MatchSide {
    fn from(side: stored::MatchSide) -> Self {
        Self {
            contact_id: side.contact.into(),
            name: side.name,
            n_identities: side.n_identities,
            n_orders: side.n_orders,
            created_at: side.created_at.map(Time),
            sources: side.sources.into_iter().map(Reference::from).collect(),
        }
    }
}

impl From<stored::MatchField> for MatchField {
    fn from(field: stored::MatchField) -> Self {
        Self {
            field: field.evidence.field,
            left: field.left,
            right: field.right,
            agreement: field.evidence.agreement.into(),
            weight: field.evidence.weight,
        }
    }
}

impl From<MatchVerdict> for Verdict {
    fn from(verdict: MatchVerdict) -> Self {
        match verdict {
            MatchVerdict::Same => Self::Same,
            MatchVerdict::Different => Self::Different,
        }
    }
}
