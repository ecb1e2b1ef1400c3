//! Deciding on pairs: by a person one by one, and by the program where it is certain and may.

use futures::FutureExt as _;
use rapport_domain::{ContactId, IdentityGrounds, Invalid, JobId, MatchPairId};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::join::{Cause, Joined, Pairing, join_in, stays};
use super::list::{Wanted, find_row, open};
use super::{MatchRun, MatchStatus, OBJECT, standing};
use crate::entities::match_pair;
use crate::identity_log::{self, Decision, Merge, Verdict};
use crate::jobs::{self, LeasedJob};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, settings};

/// The rule of what a person decides on a pair.
const REVIEW: &str = "review";

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
        ..grounds_of(&row)
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

fn grounds_of(row: &match_pair::Model) -> IdentityGrounds {
    IdentityGrounds {
        reason: None,
        rule: Some(REVIEW.to_owned()),
        model_version: Some(row.model_version.clone()),
        score: Some(row.probability),
    }
}

/// A pair that the program may merge by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct CertainPair(Pairing);

/// What became of a pair that the program was to merge by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutomaticMerge {
    /// The two are one now.
    Done,
    /// They were left: they are one already, or something speaks against it.
    Left,
    /// The program is to merge nothing by itself any more.
    Off,
}

/// Lists the open pairs of a run that are certain, the most probable first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_certain(
    store: &Store,
    run: &MatchRun,
    limit: usize,
) -> Result<Vec<CertainPair>, StoreError> {
    let wanted = Wanted {
        min_probability: run.threshold,
        run: Some(run.id),
    };
    let pairs = open(store, wanted, limit).await?;
    Ok(pairs.into_iter().map(CertainPair).collect())
}

/// Merges a certain pair in the name of the store's author, and counts it to the run that found it. Whether
/// the program may, and from which probability on, is asked in the same transaction.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job; [`StoreError`] where the database fails.
pub async fn merge_certain(
    store: &Store,
    leased: &LeasedJob,
    run: &MatchRun,
    pair: &CertainPair,
) -> Result<AutomaticMerge, StoreError> {
    let lens = store.lens().clone();
    let (pair, leased) = (pair.0.clone(), leased.clone());
    let cause = Cause::Run {
        started_at: run.started_at.as_micros(),
    };
    let merged = store
        .write(move |tx| {
            async move {
                jobs::hold(tx, &leased).await?;
                let wanted = settings::matching_in(tx).await?;
                if !wanted.is_automatic {
                    return Ok(AutomaticMerge::Off);
                }
                if pair.probability < wanted.threshold {
                    return Ok(AutomaticMerge::Left);
                }
                match join_in(tx, &lens, &pair, cause).await? {
                    Joined::Merged(_) => {
                        count_merge(tx, leased.job.id).await?;
                        Ok(AutomaticMerge::Done)
                    }
                    Joined::One | Joined::Left(_) => Ok(AutomaticMerge::Left),
                }
            }
            .boxed()
        })
        .await;
    match merged {
        // Somebody was faster, or has said that they are not.
        Err(StoreError::Identity(_) | StoreError::NotFound { .. }) => Ok(AutomaticMerge::Left),
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
