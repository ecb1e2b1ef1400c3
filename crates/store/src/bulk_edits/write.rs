//! Writing changed rows together, as if each were written alone: with what their user may do before and
//! afterwards, as [`crate::record::Guarded`] asks of a single one.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{UserId, Verb};
use sea_orm::sea_query::Iden as _;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Iterable as _, TransactionTrait as _};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::editable::Editable;
use crate::journal::Columns;
use crate::lens::{self, Lens};
use crate::sql;
use crate::{StoreError, bulk, codec, pools};

/// A row that is to be written.
pub(super) struct Pending<E: Editable> {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// All columns as they stand there.
    before: Columns,
    /// All columns as they will stand there.
    after: Columns,
    row: E::Model,
}

impl<E: Editable> Pending<E> {
    pub(super) fn new(before: &E::Model, row: E::Model) -> Self {
        Self {
            id: E::key(before).id,
            name: E::label(before).to_owned(),
            before: codec::columns(before),
            after: codec::columns(&row),
            row,
        }
    }

    /// Columns that people and files fill and that change, before and after.
    pub(super) fn journaled(&self) -> (Columns, Columns) {
        let (mut before, mut after) = (Columns::new(), Columns::new());
        for name in self.changed().filter(|name| E::can_be_taken_back(name)) {
            before.insert(name.to_owned(), self.before[name].clone());
            after.insert(name.to_owned(), self.after[name].clone());
        }
        (before, after)
    }

    /// Whether the record says something else afterwards.
    pub(super) fn is_change(&self) -> bool {
        self.changed().any(E::can_be_taken_back)
    }

    fn changed(&self) -> impl Iterator<Item = &str> {
        let differs = |(name, before): &(&String, &Json)| self.after.get(*name) != Some(*before);
        let changed = self.before.iter().filter(differs);
        changed.map(|(name, _)| name.as_str())
    }

    /// Whether nobody has the record before, and the user afterwards.
    fn is_claimed_by(&self, user: UserId) -> bool {
        self.before["owner_id"].is_null() && self.after["owner_id"] == json!(user)
    }
}

/// A row that was not written, and why.
pub(super) struct Refused {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) error: StoreError,
}

/// What was written and what was not.
pub(super) struct Settled<E: Editable> {
    pub(super) written: Vec<Pending<E>>,
    pub(super) refused: Vec<Refused>,
}

/// Writes rows that their user may change, but those that the user may not leave so.
pub(super) async fn settle<E: Editable>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    mut pending: Vec<Pending<E>>,
) -> Result<Settled<E>, StoreError> {
    let mut refused = Vec::new();
    while !pending.is_empty() {
        let savepoint = tx.begin().await?;
        let mut errors = attempt::<E>(&savepoint, lens, &pending).await?;
        if errors.is_empty() {
            savepoint.commit().await?;
            break;
        }
        savepoint.rollback().await?;
        let mut left = Vec::with_capacity(pending.len());
        for row in pending {
            match errors.remove(&row.id) {
                None => left.push(row),
                Some(error) => refused.push(Refused {
                    id: row.id,
                    name: row.name,
                    error,
                }),
            }
        }
        pending = left;
    }
    Ok(Settled {
        written: pending,
        refused,
    })
}

/// Writes rows; returns those that must not stay so, in which case all of it is to be undone.
async fn attempt<E: Editable>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    pending: &[Pending<E>],
) -> Result<HashMap<Uuid, StoreError>, StoreError> {
    let mut errors = HashMap::new();
    let Some(user) = lens.user() else {
        write_rows(tx, pending).await?;
        return Ok(errors);
    };
    let guarded = E::GUARDED;
    let ids: Vec<Uuid> = pending.iter().map(|row| row.id).collect();
    let is_narrow = ![Verb::Read, Verb::Write, Verb::Delete]
        .into_iter()
        .all(|verb| lens.is_of_all(verb));
    let claimed = pending.iter().filter(|row| row.is_claimed_by(user));
    let claimed: Vec<Uuid> = claimed.map(|row| row.id).collect();
    if !claimed.is_empty() {
        pools::hold_user(tx, user).await?;
    }
    let before = match is_narrow {
        true => {
            lens.standings(tx, guarded.kind, guarded.table, &ids)
                .await?
        }
        false => HashMap::new(),
    };
    write_rows(tx, pending).await?;
    if let Some(seen) = lens.seen_for(tx, guarded.table, &ids, Verb::Write).await? {
        let is_kept = |id: &&Uuid| {
            let seen = seen.get(*id);
            seen.is_some_and(|seen| seen.check(guarded.object).is_ok())
        };
        let lost = ids.iter().filter(|id| !is_kept(id));
        errors.extend(lost.map(|id| (*id, lens::out_of_reach())));
    }
    if is_narrow {
        let after = lens
            .standings(tx, guarded.kind, guarded.table, &ids)
            .await?;
        for id in &ids {
            let (Some(before), Some(after)) = (before.get(id), after.get(id)) else {
                continue;
            };
            if let Err(error) = before.check_became(after, guarded.object) {
                errors.entry(*id).or_insert(error);
            }
        }
    }
    if errors.is_empty() && !claimed.is_empty() {
        let rule = pools::rule_in(tx, guarded.kind).await?;
        if let Some(n_max) = rule.n_owned_max {
            let n_owned = pools::count_owned(tx, guarded.table, user).await?;
            let excess = n_owned.saturating_sub(u64::from(n_max));
            let excess = usize::try_from(excess).unwrap_or(usize::MAX);
            let object = guarded.object;
            let last = claimed.iter().rev().take(excess);
            errors.extend(last.map(|id| (*id, StoreError::ClaimLimit { object, n_max })));
        }
    }
    Ok(errors)
}

/// Writes rows; those in which the same columns get the same values go in one statement.
async fn write_rows<E: Editable>(
    tx: &DatabaseTransaction,
    pending: &[Pending<E>],
) -> Result<(), StoreError> {
    let mut alike: BTreeMap<String, Vec<&Pending<E>>> = BTreeMap::new();
    for row in pending {
        let set = row.changed().filter(|name| *name != "version");
        let set: Columns = set
            .map(|name| (name.to_owned(), row.after[name].clone()))
            .collect();
        alike
            .entry(Json::Object(set).to_string())
            .or_default()
            .push(row);
    }
    for rows in alike.into_values() {
        let set: HashSet<&str> = rows[0].changed().collect();
        let columns: Vec<String> = E::Column::iter().map(|it| it.to_string()).collect();
        let except = columns.iter().map(String::as_str);
        let except: Vec<&str> = except
            .filter(|name| *name == "version" || !set.contains(name))
            .collect();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let backend = tx.get_database_backend();
        let mut sql = bulk::update::<E>(backend, rows[0].row.clone(), &except);
        sql.push(", version = version + 1 WHERE id IN ");
        sql.bind_list(sql::ids(&ids));
        let done = sql.execute(tx).await;
        done.map_err(|error| StoreError::from(error).about(E::GUARDED.object))?;
    }
    Ok(())
}
