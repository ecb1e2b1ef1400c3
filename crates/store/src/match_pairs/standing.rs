//! What became of pairs: worked out from merges, decisions and contacts when it is asked for.

use std::collections::{HashMap, HashSet};

use rapport_domain::{ContactId, Timestamp};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Decided, MatchStatus};
use crate::entities::match_pair;
use crate::sql::{self, Sql};
use crate::{StoreError, contacts};

/// What became of a pair, and by which operation.
pub(super) type Standing = (MatchStatus, Option<i64>);

/// What became of pairs, one answer each in their order.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    pairs: &[(Uuid, Uuid)],
) -> Result<Vec<Standing>, StoreError> {
    let named: HashSet<Uuid> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let ids: Vec<ContactId> = named.iter().copied().map(ContactId).collect();
    let there = contacts::existing_in(connection, &ids, "").await?;
    let merges = merges(connection, &named).await?;
    let decisions = decisions(connection, &named).await?;
    let standing = |&(low, high): &(Uuid, Uuid)| {
        let merge = merges.get(&(low, high)).or(merges.get(&(high, low)));
        let decision = decisions.get(&(low, high));
        let are_there = there.contains(&ContactId(low)) && there.contains(&ContactId(high));
        match (merge, decision) {
            (Some(operation), _) => (MatchStatus::Same, Some(*operation)),
            (None, Some((false, operation))) => (MatchStatus::Different, Some(*operation)),
            _ if !are_there => (MatchStatus::Gone, None),
            (None, Some((true, operation))) => (MatchStatus::Same, Some(*operation)),
            (None, None) => (MatchStatus::Open, None),
        }
    };
    Ok(pairs.iter().map(standing).collect())
}

/// The same of one pair.
pub(super) async fn of_one(
    connection: &impl ConnectionTrait,
    row: &match_pair::Model,
) -> Result<Standing, StoreError> {
    let standing = of(connection, &[(row.low_id, row.high_id)]).await?;
    Ok(standing[0])
}

/// Merges in force of some contacts: who went and who stayed, with the operation.
async fn merges(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), i64>, StoreError> {
    let mut found = HashMap::new();
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push("SELECT contact_id, into_id, operation FROM contact_merges WHERE contact_id IN ");
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            let pair = (row.try_get("", "contact_id")?, row.try_get("", "into_id")?);
            found.insert(pair, row.try_get("", "operation")?);
        }
    }
    Ok(found)
}

/// Decisions in force of which some contacts are the lesser: whether they are the same, and the operation.
async fn decisions(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), (bool, i64)>, StoreError> {
    let mut found = HashMap::new();
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push(
            "SELECT low_id, high_id, is_same, operation FROM identity_decisions WHERE low_id IN ",
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            let pair = (row.try_get("", "low_id")?, row.try_get("", "high_id")?);
            let decision = (row.try_get("", "is_same")?, row.try_get("", "operation")?);
            found.insert(pair, decision);
        }
    }
    Ok(found)
}

/// Who decided, when and why, by operation.
pub(super) async fn decided(
    connection: &impl ConnectionTrait,
    operations: &[i64],
) -> Result<HashMap<i64, Decided>, StoreError> {
    let mut found = HashMap::new();
    for chunk in operations.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push("SELECT seq, user_id, at, reason FROM identity_operations WHERE seq IN ");
        sql.bind_list(chunk.iter().map(|&seq| seq.into()));
        for row in sql.all(connection).await? {
            let operation = row.try_get("", "seq")?;
            let decided = Decided {
                operation,
                by: row.try_get::<Option<Uuid>>("", "user_id")?.map(Into::into),
                at: Timestamp::from_micros(row.try_get("", "at")?),
                reason: row.try_get("", "reason")?,
            };
            found.insert(operation, decided);
        }
    }
    Ok(found)
}
