//! Decisions on two contacts: that they are the same person, or never are.

use futures::FutureExt as _;
use rapport_domain::{ContactId, IdentityChange, IdentityGrounds, IdentityRefusal, Verb};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::merge::check_seen;
use super::{operations, tree};
use crate::lens::Lens;
use crate::{Store, StoreError};

/// What is decided of two contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They are the same person. They are not merged by that alone.
    Same,
    /// They never are: no merge makes them, or those whose parts they are, one.
    Different,
}

/// A decision on two contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// One.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
    /// What is decided.
    pub verdict: Verdict,
    /// On what grounds.
    pub grounds: IdentityGrounds,
}

/// Notes a decision, which replaces an earlier one on the same two; returns the number of the operation.
/// Whoever decides must be one who may change both.
///
/// # Errors
/// [`StoreError::Identity`] where it is of a contact and itself, or where two that are one record are said to
/// be different; [`StoreError::NotFound`], [`StoreError::NotAllowed`] as for other changes.
pub async fn decide(store: &Store, decision: Decision) -> Result<i64, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { decide_in(tx, &lens, decision).await }.boxed())
        .await
}

async fn decide_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    decision: Decision,
) -> Result<i64, StoreError> {
    let author = operations::author_of(lens)?;
    tree::hold(tx).await?;
    let (first, second) = (decision.first, decision.second);
    let pair: (Uuid, Uuid) = (first.into(), second.into());
    if first == second {
        return Err(IdentityRefusal::Itself { contact: first }.into());
    }
    for contact in [pair.0, pair.1] {
        check_seen(tx, lens, contact, Verb::Write).await?;
    }
    let change = match decision.verdict {
        Verdict::Same => IdentityChange::Confirm { first, second },
        Verdict::Different => {
            let person = tree::person(tx, pair.0).await?;
            if tree::person(tx, pair.1).await? == person {
                let person = ContactId(person);
                return Err(IdentityRefusal::Together {
                    first,
                    second,
                    person,
                }
                .into());
            }
            IdentityChange::Reject { first, second }
        }
    };
    let operation = operations::add(tx, author, &change, &decision.grounds, None).await?;
    let is_same = decision.verdict == Verdict::Same;
    tree::decide(tx, pair, is_same, operation).await?;
    Ok(operation)
}

/// Takes a decision back, that of a split or of a merge taken back for good too; returns the number of the
/// operation.
///
/// # Errors
/// [`StoreError::Identity`] where the operation is no decision that is in force; [`StoreError::NotFound`],
/// [`StoreError::NotAllowed`] as for other changes.
pub async fn withdraw(
    store: &Store,
    decision: i64,
    grounds: IdentityGrounds,
) -> Result<i64, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { withdraw_in(tx, &lens, decision, &grounds).await }.boxed())
        .await
}

async fn withdraw_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    decision: i64,
    grounds: &IdentityGrounds,
) -> Result<i64, StoreError> {
    let author = operations::author_of(lens)?;
    tree::hold(tx).await?;
    let row = operations::find(tx, decision).await?;
    let Some((first, second)) = tree::decided(tx, decision).await? else {
        check_seen(tx, lens, row.contact_id, Verb::Read).await?;
        return Err(IdentityRefusal::NotDecided { decision }.into());
    };
    for contact in [first, second] {
        check_seen(tx, lens, contact, Verb::Write).await?;
    }
    tree::withdraw(tx, decision).await?;
    let change = IdentityChange::Withdraw {
        decision,
        first: ContactId(first),
        second: ContactId(second),
    };
    let operation = operations::add(tx, author, &change, grounds, None).await?;
    if row.kind != "unmerge" && row.kind != "split" {
        operations::undo(tx, decision, operation).await?;
    }
    Ok(operation)
}
