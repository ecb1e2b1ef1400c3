//! The ledger of completeness: what each source has sent on each day, and what became of it.
//!
//! What was seen and what became of it are counted apart, each in the transaction that stores the
//! rows themselves. So `seen = stored + duplicate + rejected` is a statement that can turn out false,
//! and where it does, something was lost.

use std::collections::BTreeMap;

use rapport_domain::{Date, SourceId};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};

use crate::sql::{self, Sql};
use crate::{Named, Store, StoreError, codec};

/// How something came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Events over HTTP.
    Events,
    /// Rows of files, on the day on which the file came.
    Files,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It came.
    Seen,
    /// It was stored.
    Stored,
    /// It was stored earlier.
    Duplicate,
    /// It was not taken, for this reason.
    Rejected(String),
}

/// What precedes the reason of a rejection in the database.
const REJECTED: &str = "rejected:";

impl Outcome {
    fn name(&self) -> String {
        match self {
            Self::Seen => "seen".to_owned(),
            Self::Stored => "stored".to_owned(),
            Self::Duplicate => "duplicate".to_owned(),
            Self::Rejected(reason) => format!("{REJECTED}{reason}"),
        }
    }
}

/// What one transaction adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) source_id: SourceId,
    pub(crate) day: Date,
    pub(crate) channel: Channel,
    pub(crate) outcomes: Vec<(Outcome, u64)>,
}

/// One source's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerDay {
    /// The source.
    pub source: Named<SourceId>,
    /// The day in UTC on which it came.
    pub day: Date,
    /// How it came.
    pub channel: Channel,
    /// What came.
    pub seen: u64,
    /// What was stored.
    pub stored: u64,
    /// What was stored earlier.
    pub duplicate: u64,
    /// What was not taken, by reason.
    pub rejected: BTreeMap<String, u64>,
}

impl LedgerDay {
    /// Whether everything that came is accounted for.
    pub fn is_complete(&self) -> bool {
        let n_rejected: u64 = self.rejected.values().sum();
        self.seen == self.stored + self.duplicate + n_rejected
    }
}

/// Which part of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerQuery {
    /// One source, or all.
    pub source_id: Option<SourceId>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// Adds to the ledger within a transaction.
pub(crate) async fn enter(tx: &DatabaseTransaction, mut entry: Entry) -> Result<(), StoreError> {
    entry.outcomes.retain(|(_, n)| *n > 0);
    if entry.outcomes.is_empty() {
        return Ok(());
    }
    // In one order, so that two transactions do not wait for each other in a circle.
    entry.outcomes.sort();
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("INSERT INTO ledger (source_id, day, channel, outcome, n_items) VALUES ");
    for (idx, (outcome, n_items)) in entry.outcomes.iter().enumerate() {
        let separator = if idx == 0 { "" } else { ", " };
        sql.push(separator).push_with(
            "(?, ?, ?, ?, ?)",
            [
                sql::id(entry.source_id),
                entry.day.days_since_epoch().into(),
                sql::text(codec::name_of(&entry.channel)),
                sql::text(outcome.name()),
                codec::signed(*n_items).into(),
            ],
        );
    }
    sql.push(
        " ON CONFLICT (source_id, day, channel, outcome) \
         DO UPDATE SET n_items = ledger.n_items + excluded.n_items",
    );
    sql.execute(tx).await?;
    Ok(())
}

/// Lists days of sources, the latest day first, sources by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, query: LedgerQuery) -> Result<Vec<LedgerDay>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push_with(
        "SELECT q.id AS q_id, q.name AS q_name, l.day AS day, l.channel AS channel, \
         l.outcome AS outcome, l.n_items AS n_items \
         FROM ledger l JOIN sources q ON q.id = l.source_id WHERE l.day >= ? AND l.day <= ?",
        [
            query.from.days_since_epoch().into(),
            query.until.days_since_epoch().into(),
        ],
    );
    if let Some(source) = query.source_id {
        sql.push_with(" AND l.source_id = ?", [sql::id(source)]);
    }
    sql.push(" ORDER BY l.day DESC, q.name, q.id, l.channel");
    let mut days: Vec<LedgerDay> = Vec::new();
    for row in sql.all(store.reader()).await? {
        let day = empty_day(&row)?;
        let is_same = |last: &LedgerDay| {
            (last.source.id, last.day, last.channel) == (day.source.id, day.day, day.channel)
        };
        if !days.last().is_some_and(is_same) {
            days.push(day);
        }
        if let Some(last) = days.last_mut() {
            count(last, &row)?;
        }
    }
    Ok(days)
}

fn empty_day(row: &QueryResult) -> Result<LedgerDay, StoreError> {
    let source = Named::read(row, "q_")?;
    let day: i32 = row.try_get("", "day")?;
    let channel: String = row.try_get("", "channel")?;
    Ok(LedgerDay {
        source: source.ok_or_else(|| StoreError::not_found("source", "of the ledger"))?,
        day: Date::from_days_since_epoch(day).ok_or_else(|| StoreError::Decode {
            column: "ledger.day",
            reason: "outside of the calendar".to_owned(),
        })?,
        channel: codec::member("ledger.channel", &channel)?,
        seen: 0,
        stored: 0,
        duplicate: 0,
        rejected: BTreeMap::new(),
    })
}

fn count(day: &mut LedgerDay, row: &QueryResult) -> Result<(), StoreError> {
    let outcome: String = row.try_get("", "outcome")?;
    let n_items = codec::unsigned(row.try_get("", "n_items")?);
    match outcome.as_str() {
        "seen" => day.seen = n_items,
        "stored" => day.stored = n_items,
        "duplicate" => day.duplicate = n_items,
        other => {
            let reason = other.strip_prefix(REJECTED).unwrap_or(other);
            day.rejected.insert(reason.to_owned(), n_items);
        }
    }
    Ok(())
}
