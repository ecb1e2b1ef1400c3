//! Making two contacts one.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, ContactId, CustomValues, FieldOrigin, FieldOrigins, IdentityChange,
    IdentityRefusal, ObjectKind, SourceId, Verb,
};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _, QuerySelect as _,
};
use uuid::Uuid;

use super::fold::{self, Sourced, Step};
use super::operations::{self, Kept};
use super::tree::{self, Edge};
use super::{Merge, Merged, consents, derived, places};
use crate::audit::{self, Draft};
use crate::entities::contact;
use crate::imports::differ;
use crate::lens::{Lens, Target};
use crate::orders::{TotalsScope, refresh_totals_in};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, contacts, custom_fields, record, settings};

/// The word for contacts in errors.
const CONTACT: &str = "contact";

/// Makes a contact part of another one, with everything that hangs on it: its identities, orders, deals,
/// tickets, tasks, notes, consents and shares hang on the one that stays from then on, which gets the values
/// that survive. Whoever merges must be one who may change the one that stays and delete the one that goes.
///
/// # Errors
/// [`StoreError::Identity`] where it cannot be: a contact and itself, a cycle, a contact that is part of
/// another one, two of whom somebody has said that they are never the same;
/// [`StoreError::NotFound`], [`StoreError::NotAllowed`] and [`StoreError::Conflict`] as for other changes.
pub async fn merge(store: &Store, merge: Merge) -> Result<Merged, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { merge_in(tx, &lens, merge).await }.boxed())
        .await
}

/// As [`merge`], inside of a transaction.
pub(crate) async fn merge_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    merge: Merge,
) -> Result<Merged, StoreError> {
    let author = operations::author_of(lens)?;
    tree::hold(tx).await?;
    let (from, into): (Uuid, Uuid) = (merge.from.into(), merge.into.into());
    check_seen(tx, lens, into, Verb::Write).await?;
    check_seen(tx, lens, from, Verb::Delete).await?;
    if from == into {
        let contact = merge.from;
        return Err(IdentityRefusal::Itself { contact }.into());
    }
    tree::check_whole(tx, into, Some(from)).await?;
    tree::check_whole(tx, from, None).await?;
    let (stays, goes) = hold_both(tx, into, from).await?;
    check_version(merge.expected.1, &stays)?;
    check_version(merge.expected.0, &goes)?;
    let (whole, parts) = (
        tree::members(tx, into).await?,
        tree::members(tx, from).await?,
    );
    tree::check_apart(tx, &parts, &whole).await?;

    let rules = match merge.rules {
        Some(rules) => rules,
        None => settings::survivorship_in(tx).await?,
    };
    let (found, child) = (
        sourced(tx, stays.clone()).await?,
        sourced(tx, goes.clone()).await?,
    );
    let of_gone = derived::of(tx, from).await?;
    forget_consents(tx, &[into, from]).await?;
    places::merge(tx, (from, &parts), (into, &whole), author.at).await?;
    let (lent_memberships, lent_scores) = derived::lend(tx, &of_gone, into).await?;
    delete(tx, from).await?;

    let step = Step::merge(found, child, rules)?;
    let left = step.left.clone();
    write(tx, &stays, &left, author.at.as_micros()).await?;
    let reached_by = (goes.email.clone(), goes.phone.clone());
    let kept = Kept {
        step,
        memberships: of_gone.memberships,
        scores: of_gone.scores,
        lent_memberships,
        lent_scores,
        is_told_of: of_gone.is_told_of,
    };
    let change = IdentityChange::Merge {
        from: merge.from,
        into: merge.into,
    };
    let operation = operations::add(tx, author, &change, &merge.grounds, Some(&kept)).await?;
    let edge = Edge {
        from,
        into,
        operation,
    };
    tree::join(tx, edge, reached_by).await?;
    settle(tx, &[into]).await?;
    let told = [
        told(AuditAction::Merged, into, from, Some((&stays, &left))),
        told(AuditAction::Merged, from, into, None),
    ];
    audit::write(tx, lens, told.into()).await?;
    let contact = read(tx, lens, into).await?;
    let contact = contact.ok_or_else(|| StoreError::not_found(CONTACT, into))?;
    Ok(Merged { operation, contact })
}

/// Refuses who does not see a person, or may not change it. A contact that is part of another one is seen
/// with that one.
pub(super) async fn check_seen(
    tx: &DatabaseTransaction,
    lens: &Lens,
    contact: Uuid,
    verb: Verb,
) -> Result<(), StoreError> {
    let id = tree::person(tx, contact).await?;
    let target = Target {
        table: "contacts",
        id,
        object: CONTACT,
    };
    let checked = lens.check_change(tx, target, verb).await;
    match checked {
        Err(StoreError::NotFound { .. }) => Err(StoreError::not_found(CONTACT, contact)),
        other => other,
    }
}

/// The rows of two contacts, held in one order.
async fn hold_both(
    tx: &DatabaseTransaction,
    one: Uuid,
    other: Uuid,
) -> Result<(contact::Model, contact::Model), StoreError> {
    let first = hold(tx, one.min(other)).await?;
    let second = hold(tx, one.max(other)).await?;
    Ok(if one < other {
        (first, second)
    } else {
        (second, first)
    })
}

/// The row of a contact. Nobody else can change it, or hang anything on it, before the transaction ends: what
/// was hung on it a moment after all else had moved would be nobody's when it goes.
pub(super) async fn hold(tx: &DatabaseTransaction, id: Uuid) -> Result<contact::Model, StoreError> {
    let mut find = contact::Entity::find_by_id(id);
    // SQLite has one writer at a time and needs no lock on rows.
    if tx.get_database_backend() == DbBackend::Postgres {
        find = find.lock(LockType::Update);
    }
    let row = find.one(tx).await?;
    row.ok_or_else(|| StoreError::not_found(CONTACT, id))
}

fn check_version(expected: Option<i64>, row: &contact::Model) -> Result<(), StoreError> {
    match expected {
        Some(expected) if expected != row.version => Err(StoreError::Conflict {
            object: CONTACT,
            expected,
            found: row.version,
        }),
        _ => Ok(()),
    }
}

/// A contact and where its values come from.
pub(super) async fn sourced(
    connection: &impl ConnectionTrait,
    row: contact::Model,
) -> Result<Sourced, StoreError> {
    let own = FieldOrigin {
        changed_at: places::edited_at(connection, row.id, row.updated_at).await?,
        sources: sources_of(connection, row.id).await?,
    };
    let mut origins = FieldOrigins::own(own);
    let last = tree::edges_into(connection, &[row.id]).await?;
    if let Some(last) = last.into_iter().next_back() {
        let operation = operations::find(connection, last.operation).await?;
        // Of what was erased nobody knows any more from whom it came.
        if let Some(kept) = operations::kept_of(&operation)? {
            origins.of_parts = kept.step.parts_in(&row).of_parts;
        }
    }
    Ok(Sourced { row, origins })
}

/// The sources that tell of a contact itself, and not of its parts.
async fn sources_of(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<BTreeSet<SourceId>, StoreError> {
    let text = "SELECT DISTINCT i.source_id FROM identities i LEFT JOIN record_homes h \
                ON h.record_id = i.id AND h.object = 'identity' \
                WHERE i.contact_id = ? AND (h.home_id IS NULL OR h.home_id = i.contact_id)";
    let rows = Sql::of(connection.get_database_backend(), text, [sql::id(contact)]);
    let rows = rows.all(connection).await?;
    let sources = rows.iter().map(|row| row.try_get::<Uuid>("", "source_id"));
    Ok(sources
        .map(|source| source.map(SourceId))
        .collect::<Result<_, _>>()?)
}

/// Takes away the statements of the merges of some persons, which are made anew once their parts have
/// changed: they are nobody's own, and do not move.
pub(super) async fn forget_consents(
    tx: &DatabaseTransaction,
    persons: &[Uuid],
) -> Result<(), StoreError> {
    for person in persons {
        let edges = tree::below(tx, *person).await?;
        let operations: Vec<i64> = edges.iter().map(|edge| edge.operation).collect();
        consents::forget(tx, &operations).await?;
    }
    Ok(())
}

async fn delete(tx: &DatabaseTransaction, contact: Uuid) -> Result<(), StoreError> {
    let text = "DELETE FROM contacts WHERE id = ?";
    let delete = Sql::of(tx.get_database_backend(), text, [sql::id(contact)]);
    let deleted = delete.execute(tx).await;
    deleted.map_err(|error| StoreError::from(error).about(CONTACT).of_delete())?;
    Ok(())
}

/// Writes what a contact is from now on. Its version grows even where no field differs: it is made of other
/// parts than before.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    held: &contact::Model,
    row: &contact::Model,
    at: i64,
) -> Result<(), StoreError> {
    let custom: CustomValues = codec::from_json("contacts.custom", &row.custom)?;
    let own = [(held.id, &custom)];
    custom_fields::check_unique_among(tx, ObjectKind::Contact, &own).await?;
    let row = contact::Model {
        updated_at: at,
        ..row.clone()
    };
    record::update_versioned::<contact::Entity>(
        tx,
        CONTACT,
        held.id,
        held.version,
        row,
        contact::DERIVED,
    )
    .await?;
    places::count_write(tx, held.id, Some((held.updated_at, at))).await
}

/// Brings up to date what follows from the parts of persons: consents, sums of orders, words to find them by.
pub(super) async fn settle(tx: &DatabaseTransaction, persons: &[Uuid]) -> Result<(), StoreError> {
    for person in persons {
        consents::restate(tx, *person).await?;
    }
    let contacts = persons.iter().copied().map(ContactId).collect();
    let products = Vec::new();
    refresh_totals_in(tx, TotalsScope::Of { contacts, products }).await?;
    contacts::refresh_words(tx, persons).await
}

/// What the audit is told of one of two contacts.
pub(super) fn told(
    action: AuditAction,
    contact: Uuid,
    about: Uuid,
    rows: Option<(&contact::Model, &contact::Model)>,
) -> Draft {
    let columns = |row| fold::fields(row).into_iter().collect();
    let changes = rows.map(|(before, after)| differ(columns(before), columns(after)));
    Draft {
        about_id: Some(about),
        ..Draft::of(action, AuditObject::Contact, contact).with(changes.unwrap_or_default())
    }
}

/// A contact as the user sees it.
pub(super) async fn read(
    tx: &DatabaseTransaction,
    lens: &Lens,
    contact: Uuid,
) -> Result<Option<rapport_domain::Contact>, StoreError> {
    record::find_through::<contact::Entity, _>(tx, lens, contact).await
}
