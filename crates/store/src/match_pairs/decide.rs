//! Deciding on pairs: by a person one by one, and by the program where it is certain and may.

use futures::FutureExt as _;
use rapport_domain::{ContactId, IdentityGrounds, Invalid, JobId, MatchPairId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::list::{find_row, open};
use super::{MatchStatus, OBJECT, standing};
use crate::entities::match_pair;
use crate::identity_log::{self, Decision, Merge, Verdict};
use crate::jobs::{self, LeasedJob};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// The rule of what a person decides on a pair.
const REVIEW: &str = "review";
/// The rule of what the program does by itself.
const AUTOMATIC: &str = "automatic";

/// What a person decides.
#[derive(Debug, Clone, PartialEq)]
pub struct PairDecision {
    /// The pair.
    pub pair: MatchPairId,
    /// Whether they are the same; then they are merged.
    pub verdict: Verdict,
    /// The one that stays; where none is named that with more identities, else the older one.
    pub keep: Option<ContactId>,
    /// Why.
    pub reason: Option<String>,
}

/// Decides on an open pair; returns the number of the operation. Rights are those of merging and deciding.
///
/// # Errors
/// [`StoreError::PairDecided`] where it is not open, [`StoreError::Invalid`] where the one that is to stay is
/// none of the two, and as for [`identity_log::merge`] and [`identity_log::decide`].
pub async fn decide(store: &Store, decision: PairDecision) -> Result<i64, StoreError> {
    let row = find_row(store, decision.pair).await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, decision.pair))?;
    let pair = (row.low_id, row.high_id);
    let keep = decision.keep.map(Uuid::from);
    if keep.is_some_and(|keep| keep != pair.0 && keep != pair.1) {
        let message = "name one of the two contacts of the pair, or leave it out";
        return Err(Invalid::one("/keep", "not_of_pair", message).into());
    }
    check_open(store, &row).await?;
    let grounds = IdentityGrounds {
        reason: decision.reason,
        ..grounds_of(&row, REVIEW)
    };
    match decision.verdict {
        Verdict::Different => {
            let decision = Decision {
                first: pair.0.into(),
                second: pair.1.into(),
                verdict: Verdict::Different,
                grounds,
            };
            identity_log::decide(store, decision).await
        }
        Verdict::Same => {
            let stays = match keep {
                Some(keep) => keep,
                None => stays(store.reader(), pair).await?,
            };
            let goes = if stays == pair.0 { pair.1 } else { pair.0 };
            let merge = Merge {
                grounds,
                ..Merge::of(goes.into(), stays.into())
            };
            Ok(identity_log::merge(store, merge).await?.operation)
        }
    }
}

async fn check_open(store: &Store, row: &match_pair::Model) -> Result<(), StoreError> {
    let (status, operation) = standing::of_one(store.reader(), row).await?;
    let state = match (status, operation) {
        (MatchStatus::Open, _) => return Ok(()),
        (MatchStatus::Same, Some(operation)) => {
            format!("operation {operation} says that these two are one person")
        }
        (MatchStatus::Different, Some(operation)) => {
            format!("operation {operation} says that these two are never the same person")
        }
        _ => "one of these two was deleted or merged into another contact".to_owned(),
    };
    Err(StoreError::PairDecided { state })
}

pub(super) fn grounds_of(row: &match_pair::Model, rule: &str) -> IdentityGrounds {
    IdentityGrounds {
        reason: None,
        rule: Some(rule.to_owned()),
        model_version: Some(row.model_version.clone()),
        score: Some(row.probability),
    }
}

/// Which of two contacts stays where nobody says: that with more identities, else the older one.
async fn stays(
    connection: &impl ConnectionTrait,
    (one, other): (Uuid, Uuid),
) -> Result<Uuid, StoreError> {
    let text = "SELECT c.id FROM contacts c WHERE c.id IN (?, ?) ORDER BY \
                (SELECT count(*) FROM identities i WHERE i.contact_id = c.id) DESC, c.created_at, c.id \
                LIMIT 1";
    let find = Sql::of(
        connection.get_database_backend(),
        text,
        [sql::id(one), sql::id(other)],
    );
    let row = find.one(connection).await?;
    Ok(row.map_or(Ok(one), |row| row.try_get("", "id"))?)
}

/// Makes the persons of two contacts one; none where they are already. Returns the number of the operation.
pub(super) async fn join_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    pair: (Uuid, Uuid),
    grounds: IdentityGrounds,
) -> Result<Option<i64>, StoreError> {
    let low = identity_log::person(tx, pair.0).await?;
    let high = identity_log::person(tx, pair.1).await?;
    if low == high {
        return Ok(None);
    }
    let stays = stays(tx, (low, high)).await?;
    let goes = if stays == low { high } else { low };
    let merge = Merge {
        grounds,
        ..Merge::of(goes.into(), stays.into())
    };
    let merged = identity_log::merge_in(tx, lens, merge).await?;
    Ok(Some(merged.operation))
}

/// A pair that the program may merge by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct CertainPair(match_pair::Model);

/// Lists the open pairs of a run that are certain, the most probable first: but for those that were merged
/// once and taken back, whoever merged them, for that was somebody's decision.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_certain(
    store: &Store,
    threshold: f64,
    limit: usize,
) -> Result<Vec<CertainPair>, StoreError> {
    let condition = " AND p.is_grouped AND NOT EXISTS (SELECT 1 FROM identity_operations o \
                     WHERE o.kind = 'merge' AND o.undone_by IS NOT NULL \
                     AND ((o.contact_id = p.low_id AND o.other_id = p.high_id) \
                     OR (o.contact_id = p.high_id AND o.other_id = p.low_id)))";
    let rows = open(store, condition, threshold, limit).await?;
    Ok(rows.into_iter().map(CertainPair).collect())
}

/// Merges a certain pair in the name of the store's author, and counts it to the run that found it; tells
/// whether it did, or the two are one already or may not be.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job; [`StoreError`] where the database fails.
pub async fn merge_certain(
    store: &Store,
    leased: &LeasedJob,
    pair: &CertainPair,
) -> Result<bool, StoreError> {
    let lens = store.lens().clone();
    let (row, leased) = (pair.0.clone(), leased.clone());
    let merged = store
        .write(move |tx| {
            async move {
                jobs::hold(tx, &leased).await?;
                let grounds = grounds_of(&row, AUTOMATIC);
                let merged = join_in(tx, &lens, (row.low_id, row.high_id), grounds).await?;
                if merged.is_some() {
                    count_merge(tx, leased.job.id).await?;
                }
                Ok(merged.is_some())
            }
            .boxed()
        })
        .await;
    match merged {
        // Somebody was faster, or has said that they are not.
        Err(StoreError::Identity(_) | StoreError::NotFound { .. }) => Ok(false),
        merged => merged,
    }
}

async fn count_merge(tx: &DatabaseTransaction, run: JobId) -> Result<(), StoreError> {
    let text = "UPDATE match_runs SET n_merged = n_merged + 1 WHERE id = ?";
    Sql::of(tx.get_database_backend(), text, [sql::id(run)])
        .execute(tx)
        .await?;
    Ok(())
}
