//! Writing entries: within the transaction of what they tell of, in the name of who does it.

use std::collections::{BTreeSet, HashSet};

use futures::FutureExt as _;
use rapport_domain::{Actor, AuditAction, AuditObject, Author, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::chain;
use crate::entities::audit_entry;
use crate::imports::{ColumnChange, differ, flat};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, secret};

/// An entry before it is known who acts and when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) action: AuditAction,
    pub(crate) object: AuditObject,
    pub(crate) object_id: Option<Uuid>,
    pub(crate) about_id: Option<Uuid>,
    pub(crate) changes: Vec<ColumnChange>,
}

impl Draft {
    /// An entry that tells of no values.
    pub(crate) fn of(action: AuditAction, object: AuditObject, id: impl Into<Uuid>) -> Self {
        Self {
            action,
            object,
            object_id: Some(id.into()),
            about_id: None,
            changes: Vec::new(),
        }
    }

    /// An entry about settings, which have names and no identifiers.
    pub(crate) const fn of_settings(changes: Vec<ColumnChange>) -> Self {
        Self {
            action: AuditAction::Updated,
            object: AuditObject::Setting,
            object_id: None,
            about_id: None,
            changes,
        }
    }

    /// The same with values that were replaced.
    pub(crate) fn with(mut self, changes: Vec<ColumnChange>) -> Self {
        self.changes = changes;
        self
    }
}

/// How a value differs from what stood in its place, field by field where both are objects.
pub(crate) fn replaced<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Vec<ColumnChange> {
    let columns = |value: Option<&T>| match value.map(serde_json::to_value) {
        Some(Ok(Json::Object(columns))) => flat(columns),
        Some(Ok(value)) => [("value".to_owned(), value)].into_iter().collect(),
        _ => serde_json::Map::new(),
    };
    differ(columns(before), columns(after))
}

/// Writes entries in the name of the lens's author. What the program does by itself without being asked
/// for each record, as in an import, has no author and leaves no entries of its own: whoever starts it is
/// noted.
pub(crate) async fn write(
    tx: &DatabaseTransaction,
    lens: &Lens,
    drafts: Vec<Draft>,
) -> Result<(), StoreError> {
    match lens.author() {
        Some(author) => write_as(tx, author, drafts).await,
        None => Ok(()),
    }
}

/// As [`write`], in the name of a given author.
pub(crate) async fn write_as(
    tx: &DatabaseTransaction,
    author: Author,
    drafts: Vec<Draft>,
) -> Result<(), StoreError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = drafts.into_iter().map(|draft| row(author, draft)).collect();
    bulk::insert_except::<audit_entry::Entity>(tx, rows, &["id"], "").await?;
    Ok(())
}

fn row(author: Author, draft: Draft) -> audit_entry::Model {
    let (actor, key_id, system_actor) = match author.actor {
        Actor::User(_) => ("user", None, None),
        Actor::ApiKey { key_id, .. } => ("api_key", Some(key_id.into()), None),
        Actor::System(system) => ("system", None, Some(codec::name_of(&system))),
    };
    let changes = codec::to_json(&draft.changes);
    // Without it, an erased value could be found again by trying all that it may have been.
    let salt: [u8; 16] = secret::draw();
    audit_entry::Model {
        id: 0,
        seq: None,
        at: author.at.as_micros(),
        actor: actor.to_owned(),
        user_id: author.actor.user_id().map(Into::into),
        key_id,
        system_actor,
        action: draft.action.name().to_owned(),
        object: draft.object.name().to_owned(),
        object_id: draft.object_id,
        about_id: draft.about_id,
        restores: author.restores,
        digest: chain::digest(&salt, &changes),
        changes: Some(changes),
        salt: Some(salt.to_vec()),
        hash: None,
    }
}

/// Notes what is done outside of the records, such as a list that is taken away or an import that is
/// begun, with what is to be known of it.
///
/// # Errors
/// [`StoreError`] where the database fails; what was to be noted should not happen then.
pub async fn note(
    store: &Store,
    action: AuditAction,
    object: AuditObject,
    id: Option<Uuid>,
    told: &(impl Serialize + Sync),
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    let draft = Draft {
        action,
        object,
        object_id: id,
        about_id: None,
        changes: replaced(None, Some(told)),
    };
    store
        .write(move |tx| async move { write(tx, &lens, vec![draft]).await }.boxed())
        .await
}

/// A record that somebody has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seen {
    /// By whom.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// What kind of record.
    pub object: AuditObject,
    /// Which one.
    pub id: Uuid,
}

/// Notes who has seen which records, all at once. What the same key sees of a record is noted once a day: a
/// program that asks for it over and over would drown the rest.
///
/// # Errors
/// [`StoreError`] where the database fails; nothing is noted then.
pub async fn note_seen(store: &Store, seen: Vec<Seen>) -> Result<(), StoreError> {
    if seen.is_empty() {
        return Ok(());
    }
    store
        .write(move |tx| {
            async move {
                let mut noted = noted_of_keys(tx, &seen).await?;
                let is_new = |one: &&Seen| key_view(one).is_none_or(|view| noted.insert(view));
                let rows: Vec<_> = seen.iter().filter(is_new).map(viewed).collect();
                bulk::insert_except::<audit_entry::Entity>(tx, rows, &["id"], "").await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn viewed(seen: &Seen) -> audit_entry::Model {
    let draft = Draft::of(AuditAction::Viewed, seen.object, seen.id);
    row(Author::new(seen.actor, seen.at), draft)
}

/// Which key sees which record on which day, as days since 1970.
type KeyView = (Uuid, Uuid, i32);

fn key_view(seen: &Seen) -> Option<KeyView> {
    match seen.actor {
        Actor::ApiKey { key_id, .. } => Some((key_id.into(), seen.id, day_of(seen.at))),
        Actor::User(_) | Actor::System(_) => None,
    }
}

fn day_of(at: Timestamp) -> i32 {
    at.date().days_since_epoch()
}

/// What is noted already of keys that see one of these records, since the day of the first one.
async fn noted_of_keys(
    tx: &DatabaseTransaction,
    seen: &[Seen],
) -> Result<HashSet<KeyView>, StoreError> {
    let of_keys = seen.iter().filter(|one| key_view(one).is_some());
    let ids: BTreeSet<Uuid> = of_keys.clone().map(|one| one.id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut noted = HashSet::new();
    let Some(first) = of_keys.map(|one| one.at).min() else {
        return Ok(noted);
    };
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            "SELECT key_id, object_id, at FROM audit_entries WHERE action = ? \
             AND key_id IS NOT NULL AND at >= ? AND object_id IN ",
            [
                sql::text(AuditAction::Viewed.name()),
                sql::at(first.plus_seconds(-86_400)),
            ],
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(tx).await? {
            let at = Timestamp::from_micros(row.try_get("", "at")?);
            let view = (row.try_get("", "key_id")?, row.try_get("", "object_id")?);
            noted.insert((view.0, view.1, day_of(at)));
        }
    }
    Ok(noted)
}
