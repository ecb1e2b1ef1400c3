//! Records that are shared beyond their owner, with colleagues and teams.

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, ObjectKind, Share, Sharer, Verb};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::audit::{Draft, replaced};
use crate::lens::Target;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, codec};

const OBJECT: &str = "share";

/// With whom a record is shared, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// The share.
    pub share: Share,
    /// Name of the colleague or the team.
    pub name: String,
}

/// A record of a kind that has an owner: it can be shared, claimed and given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnedRecord {
    /// Kind of record.
    pub object: ObjectKind,
    /// Its identifier.
    pub id: Uuid,
}

impl OwnedRecord {
    /// The record, if records of its kind have an owner.
    pub fn of(object: ObjectKind, id: Uuid) -> Option<Self> {
        Self::target_of(object, id).map(|_| Self { object, id })
    }

    pub(crate) const fn target_of(object: ObjectKind, id: Uuid) -> Option<Target> {
        let (table, object) = match object {
            ObjectKind::Contact => ("contacts", "contact"),
            ObjectKind::Company => ("companies", "company"),
            ObjectKind::Deal => ("deals", "deal"),
            ObjectKind::Ticket => ("tickets", "ticket"),
            ObjectKind::Task => ("tasks", "task"),
            ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => return None,
        };
        Some(Target { table, id, object })
    }

    pub(crate) fn target(self) -> Target {
        Self::target_of(self.object, self.id).expect("only records with an owner are made")
    }

    /// What it is in the audit.
    pub(crate) fn audited(self) -> AuditObject {
        match self.object {
            ObjectKind::Contact => AuditObject::Contact,
            ObjectKind::Company => AuditObject::Company,
            ObjectKind::Deal => AuditObject::Deal,
            ObjectKind::Ticket => AuditObject::Ticket,
            ObjectKind::Task => AuditObject::Task,
            ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => {
                unreachable!("only records with an owner are made")
            }
        }
    }

    /// Refuses what is not there: what hangs on a record of any kind has no foreign key to it.
    pub(crate) async fn check_exists(
        self,
        connection: &impl ConnectionTrait,
    ) -> Result<(), StoreError> {
        let Target { table, id, object } = self.target();
        let text = format!("SELECT id FROM {table} WHERE id = ?");
        let found = Sql::of(connection.get_database_backend(), &text, [sql::id(id)])
            .one(connection)
            .await?;
        found
            .map(|_| ())
            .ok_or_else(|| StoreError::not_found(object, id))
    }
}

/// Lists with whom a record is shared, by name.
///
/// # Errors
/// [`StoreError::NotFound`] where the record is not seen.
pub async fn list(store: &Store, record: OwnedRecord) -> Result<Vec<ShareRow>, StoreError> {
    record.check_exists(store.reader()).await?;
    let lens = store.lens();
    lens.check_change(store.reader(), record.target(), Verb::Read)
        .await?;
    list_in(store.reader(), record).await
}

async fn list_in(
    connection: &impl ConnectionTrait,
    record: OwnedRecord,
) -> Result<Vec<ShareRow>, StoreError> {
    let text = "SELECT s.user_id AS user_id, s.team_id AS team_id, s.may_write AS may_write, \
                coalesce(u.name, t.name) AS name FROM record_shares s \
                LEFT JOIN users u ON u.id = s.user_id LEFT JOIN teams t ON t.id = s.team_id \
                WHERE s.object = ? AND s.record_id = ? ORDER BY 4, s.id";
    let values = [
        sql::text(codec::name_of(&record.object)),
        sql::id(record.id),
    ];
    let rows = Sql::of(connection.get_database_backend(), text, values)
        .all(connection)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<ShareRow, StoreError> {
    let user: Option<Uuid> = row.try_get("", "user_id")?;
    let team: Option<Uuid> = row.try_get("", "team_id")?;
    let with = user
        .map(|id| Sharer::User(id.into()))
        .or_else(|| team.map(|id| Sharer::Team(id.into())));
    let with = with.ok_or(StoreError::Decode {
        column: "record_shares.user_id",
        reason: "neither a user nor a team".to_owned(),
    })?;
    Ok(ShareRow {
        share: Share {
            with,
            may_write: row.try_get("", "may_write")?,
        },
        name: row.try_get("", "name")?,
    })
}

/// Replaces with whom a record is shared. Who may change a record may share it.
///
/// # Errors
/// [`StoreError::NotFound`] where the record is not seen, [`StoreError::NotAllowed`] where it is
/// somebody else's to change, [`StoreError::BrokenReference`] where a user or team does not exist.
pub async fn set(
    store: &Store,
    record: OwnedRecord,
    shares: Vec<(Uuid, Share)>,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                hold(tx, record).await?;
                let target = record.target();
                lens.check_change(tx, target, Verb::Write).await?;
                let before = told(tx, record).await?;
                replace(tx, record, shares).await?;
                let changes = replaced(Some(&before), Some(&told(tx, record).await?));
                if !changes.is_empty() {
                    let object = record.audited();
                    let draft = Draft::of(AuditAction::Shared, object, record.id).with(changes);
                    audit::write(tx, &lens, vec![draft]).await?;
                }
                // Who came to the record by a share alone may not take it away from themselves unseen.
                lens.check_change(tx, target, Verb::Write).await
            }
            .boxed()
        })
        .await
}

/// Lets nobody else replace the shares of the record before the transaction ends, so that two sets at once
/// do not both stay. SQLite has one writer at a time and needs no lock.
async fn hold(tx: &DatabaseTransaction, record: OwnedRecord) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let Target { table, id, .. } = record.target();
        let text = format!("SELECT id FROM {table} WHERE id = ? FOR NO KEY UPDATE");
        Sql::of(DbBackend::Postgres, &text, [sql::id(id)])
            .one(tx)
            .await?;
    }
    record.check_exists(tx).await
}

/// What the audit tells of the shares of a record: names, those who may change it with a star.
async fn told(tx: &DatabaseTransaction, record: OwnedRecord) -> Result<Json, StoreError> {
    let rows = list_in(tx, record).await?;
    let name = |row: ShareRow| match row.share.may_write {
        true => format!("{} *", row.name),
        false => row.name,
    };
    let names: Vec<String> = rows.into_iter().map(name).collect();
    Ok(json!({ "shares": names }))
}

async fn replace(
    tx: &DatabaseTransaction,
    record: OwnedRecord,
    shares: Vec<(Uuid, Share)>,
) -> Result<(), StoreError> {
    let object = codec::name_of(&record.object);
    let text = "DELETE FROM record_shares WHERE object = ? AND record_id = ?";
    let values = [sql::text(object.as_str()), sql::id(record.id)];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    for (id, share) in shares {
        let (user, team) = match share.with {
            Sharer::User(user) => (Some(user.into()), None),
            Sharer::Team(team) => (None, Some(team.into())),
        };
        let text = "INSERT INTO record_shares (id, object, record_id, user_id, team_id, may_write) \
                    VALUES (?, ?, ?, ?, ?, ?)";
        let values = [
            sql::id(id),
            sql::text(object.as_str()),
            sql::id(record.id),
            Value::Uuid(user),
            Value::Uuid(team),
            share.may_write.into(),
        ];
        let done = Sql::of(tx.get_database_backend(), text, values)
            .execute(tx)
            .await;
        done.map_err(|error| StoreError::from(error).about(OBJECT))?;
    }
    Ok(())
}
