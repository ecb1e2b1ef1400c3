//! Decisions on two contacts: that they are the same person, or never are.

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, ContactId, IdentityChange, IdentityGrounds, IdentityRefusal, Verb,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::merge::check_seen;
use super::{operations, tree};
use crate::audit::{self, Draft, replaced};
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

impl Verdict {
    /// Its name, as the audit tells it.
    const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }
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
    for contact in [pair.0, pair.1] {
        check_seen(tx, lens, contact, Verb::Write).await?;
    }
    if first == second {
        return Err(IdentityRefusal::Itself { contact: first }.into());
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
    tell(tx, lens, pair, None, Some(decision.verdict)).await?;
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
    let Some((first, second, is_same)) = tree::decided(tx, decision).await? else {
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
    let verdict = if is_same {
        Verdict::Same
    } else {
        Verdict::Different
    };
    tell(tx, lens, (first, second), Some(verdict), None).await?;
    Ok(operation)
}

/// Tells the audit of each of the two what is decided of it and the other one.
async fn tell(
    tx: &DatabaseTransaction,
    lens: &Lens,
    (first, second): (Uuid, Uuid),
    before: Option<Verdict>,
    after: Option<Verdict>,
) -> Result<(), StoreError> {
    let words = |verdict: Option<Verdict>| verdict.map(|it| json!({ "verdict": it.name() }));
    let (before, after) = (words(before), words(after));
    let told = [(first, second), (second, first)].map(|(contact, about)| Draft {
        about_id: Some(about),
        ..Draft::of(AuditAction::Decided, AuditObject::Contact, contact)
            .with(replaced(before.as_ref(), after.as_ref()))
    });
    audit::write(tx, lens, told.into()).await
}
