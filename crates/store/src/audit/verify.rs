//! Checking the chain: which entry, if any, is not as it was written.

use std::collections::HashMap;

use rapport_domain::AuditAction;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::chain::{self, ChainHead};
use crate::entities::audit_entry;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Entries that are read at once.
const N_READ: u64 = 2_000;

/// What a check of the chain has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Entries that are as they were written, from the first one on.
    pub n_sound: i64,
    /// The end of the chain, or the last entry before the fault.
    pub head: ChainHead,
    /// The first thing that is wrong; none where all is as it was written.
    pub fault: Option<Fault>,
}

/// The first place where the chain is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The place in the chain.
    pub seq: i64,
    /// The entry that stands there, if one does.
    pub entry: Option<i64>,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What can be wrong with a place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The entry is not what it was.
    Altered,
    /// There is no entry.
    Missing,
    /// The entry that belongs here stands elsewhere.
    OutOfOrder {
        /// Where it stands.
        stands_at: i64,
    },
    /// What the entry tells is gone, and no entry says that it was erased.
    ValuesGone,
    /// The entry is not the one whose hash was kept elsewhere.
    NotAsKept,
    /// The chain goes on past its end, or ends otherwise than it was left.
    Head,
}

/// Checks the chain from its first entry to its end, all that was written before included. `kept` is a
/// head that was kept elsewhere.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn verify(store: &Store, kept: Option<&ChainHead>) -> Result<Verdict, StoreError> {
    chain::seal(store).await?;
    let (end, end_hash) = chain::last(store.reader(), false).await?;
    let mut walk = Walk {
        erased: erasures(store).await?,
        seq: 0,
        hash: Vec::new(),
    };
    while walk.seq < end {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Seq.gt(walk.seq))
            .filter(audit_entry::Column::Seq.lte(end))
            .order_by_asc(audit_entry::Column::Seq)
            .limit(N_READ)
            .all(store.reader())
            .await?;
        if rows.is_empty() {
            return Ok(walk.stopped(walk.missing()));
        }
        for idx in 0..rows.len() {
            let mut fault = walk.step(&rows[idx..], kept);
            if fault.is_some_and(|fault| fault.kind == FaultKind::ValuesGone) {
                // They may have been erased since the check began.
                walk.erased = erasures(store).await?;
                fault = walk.step(&rows[idx..], kept);
            }
            if let Some(fault) = fault {
                return Ok(walk.stopped(fault));
            }
        }
    }
    let fault = end_fault(store, &walk, (end, end_hash), kept).await?;
    Ok(Verdict {
        n_sound: walk.seq,
        head: ChainHead::of(walk.seq, &walk.hash),
        fault,
    })
}

/// What is wrong with the end of a chain of which every entry is sound.
async fn end_fault(
    store: &Store,
    walk: &Walk,
    (end, end_hash): (i64, Vec<u8>),
    kept: Option<&ChainHead>,
) -> Result<Option<Fault>, StoreError> {
    let fault = |seq, kind| {
        Some(Fault {
            seq,
            entry: None,
            kind,
        })
    };
    if end_hash != walk.hash {
        return Ok(fault(end, FaultKind::Head));
    }
    if kept.is_some_and(|kept| kept.seq > end) {
        return Ok(fault(end + 1, FaultKind::Missing));
    }
    // Entries that others put there meanwhile moved the end, too.
    let beyond = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.gt(end))
        .order_by_desc(audit_entry::Column::Seq)
        .one(store.reader())
        .await?;
    let Some(beyond) = beyond else {
        return Ok(None);
    };
    let (now_end, _) = chain::last(store.reader(), false).await?;
    let seq = beyond.seq.unwrap_or(end);
    Ok(fault(end + 1, FaultKind::Head).filter(|_| seq > now_end))
}

/// Up to which place in the chain what was told of a record is erased; an erasure that waits for its place
/// stands behind all that is there.
async fn erasures(store: &Store) -> Result<HashMap<Uuid, i64>, StoreError> {
    let text = "SELECT object_id, max(seq) AS seq, count(*) - count(seq) AS n_waiting FROM audit_entries \
                WHERE action = ? AND object_id IS NOT NULL GROUP BY object_id";
    let erased = sql::text(AuditAction::Erased.name());
    let rows = Sql::of(store.backend(), text, [erased])
        .all(store.reader())
        .await?;
    let mut found = HashMap::new();
    for row in rows {
        let seq: Option<i64> = row.try_get("", "seq")?;
        let n_waiting: i64 = row.try_get("", "n_waiting")?;
        let until = seq.filter(|_| n_waiting == 0).unwrap_or(i64::MAX);
        found.insert(row.try_get("", "object_id")?, until);
    }
    Ok(found)
}

/// How far the check has come.
struct Walk {
    erased: HashMap<Uuid, i64>,
    /// The last place that was found sound.
    seq: i64,
    /// The hash of its entry.
    hash: Vec<u8>,
}

impl Walk {
    /// Checks the first of these rows, which should be the next one.
    fn step(&mut self, rows: &[audit_entry::Model], kept: Option<&ChainHead>) -> Option<Fault> {
        let row = &rows[0];
        let seq = self.seq + 1;
        if row.seq != Some(seq) {
            return Some(self.missing());
        }
        let fault = |kind| {
            Some(Fault {
                seq,
                entry: Some(row.id),
                kind,
            })
        };
        let hash = chain::hash(row, seq, &self.hash);
        if row.hash.as_ref() != Some(&hash) {
            return fault(self.altered_or_moved(seq, rows));
        }
        match (&row.salt, &row.changes) {
            (Some(salt), Some(changes)) => {
                if chain::digest(salt, changes) != row.digest {
                    return fault(FaultKind::Altered);
                }
            }
            _ if self.is_erased(row, seq) => {}
            _ => return fault(FaultKind::ValuesGone),
        }
        let head = ChainHead::of(seq, &hash);
        if kept.is_some_and(|kept| kept.seq == seq && *kept != head) {
            return fault(FaultKind::NotAsKept);
        }
        (self.seq, self.hash) = (seq, hash);
        None
    }

    /// Whether the entry that belongs here stands further on.
    fn altered_or_moved(&self, seq: i64, rows: &[audit_entry::Model]) -> FaultKind {
        let belongs = |row: &&audit_entry::Model| {
            row.hash.as_ref() == Some(&chain::hash(row, seq, &self.hash))
        };
        let moved = rows[1..].iter().find(belongs);
        let place = moved.and_then(|row| row.seq);
        place.map_or(FaultKind::Altered, |stands_at| FaultKind::OutOfOrder {
            stands_at,
        })
    }

    fn is_erased(&self, row: &audit_entry::Model, seq: i64) -> bool {
        let of = [row.object_id, row.about_id];
        let mut of = of.iter().flatten();
        of.any(|id| self.erased.get(id).is_some_and(|until| *until > seq))
    }

    const fn missing(&self) -> Fault {
        Fault {
            seq: self.seq + 1,
            entry: None,
            kind: FaultKind::Missing,
        }
    }

    fn stopped(&self, fault: Fault) -> Verdict {
        Verdict {
            n_sound: self.seq,
            head: ChainHead::of(self.seq, &self.hash),
            fault: Some(fault),
        }
    }
}
