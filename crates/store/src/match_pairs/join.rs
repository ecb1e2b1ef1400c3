//! Making the persons of a pair one where nobody looks at the pair itself: within what people have said, what
//! sources are known for and what was compared. All is looked at in the transaction of the merge, of all that
//! is part of either person by then, so that no third contact leads around it.

use std::collections::BTreeSet;

use rapport_domain::IdentityGrounds;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult};
use uuid::Uuid;

use super::matchable::{self, Matchable};
use crate::identity_log::{self, Merge};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{StoreError, settings};

/// The rule of what the program does by itself.
pub(super) const AUTOMATIC: &str = "automatic";
/// The rule of pairs that are accepted many at once.
pub(super) const ACCEPTANCE: &str = "acceptance";

/// Two contacts that are to become one, with what was compared of them.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub(super) struct Pairing {
    pub(super) id: Uuid,
    pub(super) low_id: Uuid,
    pub(super) high_id: Uuid,
    pub(super) probability: f64,
    pub(super) model_version: String,
    pub(super) low_print: Option<i64>,
    pub(super) high_print: Option<i64>,
}

impl Pairing {
    /// Its columns in table `p`.
    pub(super) const COLUMNS: &str = "p.id AS id, p.low_id AS low_id, p.high_id AS high_id, \
         p.probability AS probability, p.model_version AS model_version, \
         p.low_print AS low_print, p.high_print AS high_print";

    fn grounds(&self, rule: &str) -> IdentityGrounds {
        IdentityGrounds {
            reason: None,
            rule: Some(rule.to_owned()),
            model_version: Some(self.model_version.clone()),
            score: Some(self.probability),
        }
    }
}

/// On whose behalf pairs become one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cause {
    /// A run of the matcher that began then, in microseconds.
    Run { started_at: i64 },
    /// A job that accepts pairs.
    Acceptance { job: Uuid },
}

impl Cause {
    const fn rule(self) -> &'static str {
        match self {
            Self::Run { .. } => AUTOMATIC,
            Self::Acceptance { .. } => ACCEPTANCE,
        }
    }
}

/// What became of two that were to become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// They are, by this operation.
    Merged(i64),
    /// They were already.
    One,
    /// They were left.
    Left(Barrier),
}

/// Why two were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Barrier {
    /// Somebody has taken back a merge of the two, or of parts of them.
    #[error(
        "merge {merge} of these two, or of parts of them, was taken back; decide on this pair by itself"
    )]
    TakenBack { merge: i64 },
    /// Both have a number of a source that holds each person once.
    #[error(
        "a source that holds each person once knows both; decide on this pair by itself, or take the source \
         out of the settings of matching"
    )]
    DistinctSource,
    /// One of the two is not what was compared.
    #[error("one of the two has changed since they were compared; look for duplicates again")]
    Changed,
}

impl Barrier {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::TakenBack { .. } => "merge_taken_back",
            Self::DistinctSource => "distinct_source",
            Self::Changed => "changed_since",
        }
    }
}

/// Makes the persons of two contacts one, unless something speaks against it.
///
/// # Errors
/// As of [`identity_log::merge`].
pub(super) async fn join_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    pair: &Pairing,
    cause: Cause,
) -> Result<Joined, StoreError> {
    identity_log::hold(tx).await?;
    let persons = (
        identity_log::person(tx, pair.low_id).await?,
        identity_log::person(tx, pair.high_id).await?,
    );
    if persons.0 == persons.1 {
        return Ok(Joined::One);
    }
    if let Some(barrier) = barrier(tx, pair, persons, cause).await? {
        return Ok(Joined::Left(barrier));
    }
    let stays = stays(tx, persons).await?;
    let goes = if stays == persons.0 {
        persons.1
    } else {
        persons.0
    };
    let merge = Merge {
        grounds: pair.grounds(cause.rule()),
        ..Merge::of(goes.into(), stays.into())
    };
    let merged = identity_log::merge_in(tx, lens, merge).await?;
    Ok(Joined::Merged(merged.operation))
}

/// Which of two contacts stays where nobody says: that with more identities, else the older one.
pub(super) async fn stays(
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

async fn barrier(
    tx: &DatabaseTransaction,
    pair: &Pairing,
    (low, high): (Uuid, Uuid),
    cause: Cause,
) -> Result<Option<Barrier>, StoreError> {
    keep(tx, (low, high)).await?;
    let members = (
        identity_log::members(tx, low).await?,
        identity_log::members(tx, high).await?,
    );
    if let Some(merge) = taken_back(tx, (&members.0, &members.1), cause).await? {
        return Ok(Some(Barrier::TakenBack { merge }));
    }
    let known = matchable::of(tx, [low, high]).await?;
    let person = |id: Uuid| {
        let person = known.get(&id);
        person.ok_or_else(|| StoreError::not_found("contact", id))
    };
    let (left, right) = (person(low)?, person(high)?);
    let distinct = settings::matching_in(tx).await?.distinct_sources;
    let is_of_both =
        |source| left.numbered_by.contains(source) && right.numbered_by.contains(source);
    if distinct.iter().any(is_of_both) {
        return Ok(Some(Barrier::DistinctSource));
    }
    for (contact, print, person) in [
        (pair.low_id, pair.low_print, left),
        (pair.high_id, pair.high_print, right),
    ] {
        if is_changed(tx, (contact, print), person, cause).await? {
            return Ok(Some(Barrier::Changed));
        }
    }
    Ok(None)
}

/// Keeps two contacts as they are until the transaction ends.
async fn keep(tx: &DatabaseTransaction, (one, other): (Uuid, Uuid)) -> Result<(), StoreError> {
    // SQLite has one writer at a time and needs no lock on rows.
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT id FROM contacts WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
        let keep = Sql::of(
            tx.get_database_backend(),
            text,
            [sql::id(one), sql::id(other)],
        );
        keep.all(tx).await?;
    }
    Ok(())
}

/// A merge of members of two persons that somebody has taken back. For a user who accepts pairs those do not
/// count that were taken back with a whole acceptance: that was no decision on the two.
async fn taken_back(
    tx: &DatabaseTransaction,
    (one, other): (&BTreeSet<Uuid>, &BTreeSet<Uuid>),
    cause: Cause,
) -> Result<Option<i64>, StoreError> {
    for (stayed, went) in [(one, other), (other, one)] {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(
            "SELECT o.seq FROM identity_operations o WHERE o.kind = 'merge' \
             AND o.undone_by IS NOT NULL AND o.contact_id IN ",
        );
        sql.bind_list(stayed.iter().map(|id| sql::id(*id)));
        sql.push(" AND o.other_id IN ");
        sql.bind_list(went.iter().map(|id| sql::id(*id)));
        if let Cause::Acceptance { .. } = cause {
            sql.push(
                " AND NOT EXISTS (SELECT 1 FROM match_acceptances a WHERE a.operation = o.seq \
                 AND a.outcome = 'undone' AND a.undo_code IS NULL)",
            );
        }
        sql.push(" ORDER BY o.seq DESC LIMIT 1");
        if let Some(row) = sql.one(tx).await? {
            return Ok(Some(row.try_get("", "seq")?));
        }
    }
    Ok(None)
}

/// Whether a person is another than was compared: neither the contact as it was, nor what merges of the same
/// cause have made of it, untouched since.
async fn is_changed(
    tx: &DatabaseTransaction,
    (contact, print): (Uuid, Option<i64>),
    person: &Matchable,
    cause: Cause,
) -> Result<bool, StoreError> {
    let id = Uuid::from(person.contact.id);
    if id == contact && print == Some(person.print) {
        return Ok(false);
    }
    let text = "SELECT seq, at, rule FROM identity_operations \
                WHERE contact_id = ? AND kind = 'merge' AND undone_by IS NULL \
                ORDER BY seq DESC LIMIT 1";
    let last = Sql::of(tx.get_database_backend(), text, [sql::id(id)]);
    let Some(last) = last.one(tx).await? else {
        return Ok(true);
    };
    let at: i64 = last.try_get("", "at")?;
    if person.contact.updated_at.as_micros() != at {
        return Ok(true);
    }
    Ok(match cause {
        Cause::Run { started_at } => {
            let rule: Option<String> = last.try_get("", "rule")?;
            rule.as_deref() != Some(AUTOMATIC) || at < started_at
        }
        Cause::Acceptance { job } => !is_of(tx, job, last.try_get("", "seq")?).await?,
    })
}

/// Whether a merge is one of a job that accepts pairs.
async fn is_of(tx: &DatabaseTransaction, job: Uuid, operation: i64) -> Result<bool, StoreError> {
    let text = "SELECT 1 AS found FROM match_acceptances WHERE operation = ? AND job_id = ?";
    let find = Sql::of(
        tx.get_database_backend(),
        text,
        [operation.into(), sql::id(job)],
    );
    Ok(find.one(tx).await?.is_some())
}
