//! The forest of merges in force, and decisions: what [`rapport_domain::IdentityState`] holds, in tables.

use std::collections::BTreeSet;

use rapport_domain::{ContactId, IdentityRefusal};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::{self, Sql};

/// One operation at a time on PostgreSQL: what an operation may do follows from all merges around it.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7241938158)";

/// A merge in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: Uuid,
    pub(super) into: Uuid,
    pub(super) operation: i64,
}

/// Keeps other operations from happening until the transaction ends.
pub(crate) async fn hold(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    // SQLite has one writer at a time.
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(POSTGRES_LOCK).await?;
    }
    Ok(())
}

/// The merges in force of some contacts into others.
pub(super) async fn edges_from(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
) -> Result<Vec<Edge>, StoreError> {
    edges(connection, "contact_id", contacts).await
}

/// The merges in force of others into some contacts, in the order in which they happened.
pub(super) async fn edges_into(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
) -> Result<Vec<Edge>, StoreError> {
    edges(connection, "into_id", contacts).await
}

async fn edges(
    connection: &impl ConnectionTrait,
    column: &str,
    contacts: &[Uuid],
) -> Result<Vec<Edge>, StoreError> {
    let mut found = Vec::new();
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push(&format!(
            "SELECT contact_id, into_id, operation FROM contact_merges WHERE {column} IN "
        ));
        sql.bind_list(sql::ids(chunk)).push(" ORDER BY operation");
        for row in sql.all(connection).await? {
            found.push(Edge {
                from: row.try_get("", "contact_id")?,
                into: row.try_get("", "into_id")?,
                operation: row.try_get("", "operation")?,
            });
        }
    }
    Ok(found)
}

/// The merges that lead from a contact to the person whose part it is, the nearest first; none where it
/// stands for itself.
pub(super) async fn path(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<Vec<Edge>, StoreError> {
    let mut path = Vec::new();
    let mut at = contact;
    while let Some(edge) = edges_from(connection, &[at]).await?.pop() {
        at = edge.into;
        path.push(edge);
    }
    Ok(path)
}

/// The person whom a contact stands for.
pub(crate) async fn person(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<Uuid, StoreError> {
    let path = path(connection, contact).await?;
    Ok(path.last().map_or(contact, |edge| edge.into))
}

/// The merges in force below a contact, in the order in which they happened.
pub(super) async fn below(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<Vec<Edge>, StoreError> {
    let mut found = Vec::new();
    let mut level = vec![contact];
    while !level.is_empty() {
        let edges = edges_into(connection, &level).await?;
        level = edges.iter().map(|edge| edge.from).collect();
        found.extend(edges);
    }
    found.sort_by_key(|edge| edge.operation);
    Ok(found)
}

/// A contact and all that is part of it.
pub(crate) async fn members(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let below = below(connection, contact).await?;
    let parts = below.into_iter().map(|edge| edge.from);
    Ok(parts.chain([contact]).collect())
}

/// Refuses a contact that is part of another one, and a merge that would lead back to itself.
pub(super) async fn check_whole(
    tx: &DatabaseTransaction,
    contact: Uuid,
    goes: Option<Uuid>,
) -> Result<(), StoreError> {
    let path = path(tx, contact).await?;
    let (Some(first), Some(last)) = (path.first(), path.last()) else {
        return Ok(());
    };
    if goes == Some(last.into) {
        return Err(IdentityRefusal::Cycle {
            from: ContactId(last.into),
            into: ContactId(contact),
        }
        .into());
    }
    Err(IdentityRefusal::Merged {
        contact: ContactId(contact),
        into: ContactId(last.into),
        merge: first.operation,
    }
    .into())
}

/// Refuses to make two persons one of whom somebody has said that they, or parts of them, are not.
pub(super) async fn check_apart(
    tx: &DatabaseTransaction,
    one: &BTreeSet<Uuid>,
    other: &BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    for (low, high) in [(one, other), (other, one)] {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(
            "SELECT low_id, high_id, operation FROM identity_decisions \
             WHERE NOT is_same AND low_id IN ",
        );
        sql.bind_list(low.iter().map(|id| sql::id(*id)));
        sql.push(" AND high_id IN ");
        sql.bind_list(high.iter().map(|id| sql::id(*id)));
        sql.push(" ORDER BY operation");
        if let Some(row) = sql.one(tx).await? {
            let (first, second): (Uuid, Uuid) =
                (row.try_get("", "low_id")?, row.try_get("", "high_id")?);
            return Err(IdentityRefusal::KeptApart {
                first: ContactId(first),
                second: ContactId(second),
                decision: row.try_get("", "operation")?,
            }
            .into());
        }
    }
    Ok(())
}

/// Makes a contact part of another one, which is recognized by the address and the number of its part.
pub(super) async fn join(
    tx: &DatabaseTransaction,
    edge: Edge,
    (email, phone): (Option<String>, Option<String>),
) -> Result<(), StoreError> {
    let text = "INSERT INTO contact_merges (contact_id, into_id, operation, email, phone) \
                VALUES (?, ?, ?, ?, ?)";
    let values = [
        sql::id(edge.from),
        sql::id(edge.into),
        edge.operation.into(),
        email.into(),
        phone.into(),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// Lets a contact stand on its own again.
pub(super) async fn part(tx: &DatabaseTransaction, contact: Uuid) -> Result<(), StoreError> {
    let text = "DELETE FROM contact_merges WHERE contact_id = ?";
    Sql::of(tx.get_database_backend(), text, [sql::id(contact)])
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes what was decided of two contacts; a later decision replaces an earlier one.
pub(super) async fn decide(
    tx: &DatabaseTransaction,
    pair: (Uuid, Uuid),
    is_same: bool,
    operation: i64,
) -> Result<(), StoreError> {
    let (low, high) = ordered(pair);
    let text = "INSERT INTO identity_decisions (low_id, high_id, is_same, operation) \
                VALUES (?, ?, ?, ?) ON CONFLICT (low_id, high_id) DO UPDATE \
                SET is_same = excluded.is_same, operation = excluded.operation";
    let values = [
        sql::id(low),
        sql::id(high),
        is_same.into(),
        operation.into(),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// The two contacts of a decision that is in force, and whether they are the same.
pub(super) async fn decided(
    tx: &DatabaseTransaction,
    decision: i64,
) -> Result<Option<(Uuid, Uuid, bool)>, StoreError> {
    let text = "SELECT low_id, high_id, is_same FROM identity_decisions WHERE operation = ?";
    let found = Sql::of(tx.get_database_backend(), text, [decision.into()]);
    let row = found.one(tx).await?;
    let pair = row.map(|row| {
        Ok((
            row.try_get("", "low_id")?,
            row.try_get("", "high_id")?,
            row.try_get("", "is_same")?,
        ))
    });
    pair.transpose()
}

/// Forgets a decision.
pub(super) async fn withdraw(tx: &DatabaseTransaction, decision: i64) -> Result<(), StoreError> {
    let text = "DELETE FROM identity_decisions WHERE operation = ?";
    Sql::of(tx.get_database_backend(), text, [decision.into()])
        .execute(tx)
        .await?;
    Ok(())
}

fn ordered((one, other): (Uuid, Uuid)) -> (Uuid, Uuid) {
    (one.min(other), one.max(other))
}
