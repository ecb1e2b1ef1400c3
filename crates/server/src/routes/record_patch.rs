//! Merge patches of records: one form, read in one way, whether it changes a record or many at once.

use std::collections::BTreeMap;

use rapport_domain::{BulkAction, Changeable, ObjectKind, Timestamp, Violation};
use serde::de::DeserializeOwned;

use super::references::Named;
use crate::error::ApiResult;
use crate::state::Desk;
use crate::wire::{CustomValue, Patch};

/// What a patch says of custom values, by field key.
pub(crate) type CustomPatch = BTreeMap<String, Patch<CustomValue>>;

/// A change of a record of some kind.
type ChangeOf<P> = <<P as RecordPatch>::Record as Changeable>::Change;

/// A merge patch (RFC 7396) of a kind of record that can also be changed in bulk.
pub(crate) trait RecordPatch: DeserializeOwned + Send {
    /// The kind.
    const KIND: ObjectKind;
    /// Its records.
    type Record: Changeable<Change: Send + Sync> + Send;

    /// What it says of custom values.
    fn custom(&mut self) -> &mut CustomPatch;

    /// The changes that it asks for; tells the rules that single values break.
    fn changes(self, violations: &mut Vec<Violation>) -> Vec<ChangeOf<Self>>;

    /// Sets the fields that are present; tells the rules that they break.
    fn apply(self, record: &mut Self::Record, now: Timestamp) -> Vec<Violation> {
        let mut violations = Vec::new();
        let changes = self.changes(&mut violations);
        if let Err(invalid) = record.apply(&changes, now) {
            violations.extend(invalid.violations);
        }
        violations
    }

    /// A record that breaks no rule, to try changes on before they are made to many.
    fn probe(now: Timestamp) -> Self::Record;

    /// The records that changes name, each with the place that names it.
    fn named(changes: &[ChangeOf<Self>]) -> Vec<(&'static str, Option<Named>)>;

    /// Refuses changes that no record of the kind can have.
    fn check(_: &Desk, _: &[ChangeOf<Self>]) -> impl Future<Output = ApiResult<()>> + Send {
        async { Ok(()) }
    }

    /// The same change of many records.
    fn action(changes: Vec<ChangeOf<Self>>) -> BulkAction;
}
