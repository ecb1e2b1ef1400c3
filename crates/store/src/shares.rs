//! Records that are shared beyond their owner, with colleagues and teams.

use futures::FutureExt as _;
use rapport_domain::{ObjectKind, RolePolicy, Share, Sharer, Verb};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use crate::lens::Target;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

const OBJECT: &str = "share";

/// With whom a record is shared, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// The share.
    pub share: Share,
    /// Name of the colleague or the team.
    pub name: String,
}

/// A record that can be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// Kind of record.
    pub object: ObjectKind,
    /// Its identifier.
    pub id: Uuid,
}

impl Shared {
    /// The record, if records of its kind have an owner beyond whom they can be shared.
    pub fn of(object: ObjectKind, id: Uuid) -> Option<Self> {
        let is_owned = RolePolicy::OWNED.contains(&object);
        is_owned.then_some(Self { object, id })
    }

    fn target(self) -> Target {
        let (table, object) = match self.object {
            ObjectKind::Contact => ("contacts", "contact"),
            ObjectKind::Company => ("companies", "company"),
            ObjectKind::Deal => ("deals", "deal"),
            ObjectKind::Ticket => ("tickets", "ticket"),
            ObjectKind::Task => ("tasks", "task"),
            ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => {
                unreachable!("a record without an owner is not made a shared one")
            }
        };
        Target {
            table,
            id: self.id,
            object,
        }
    }
}

/// Lists with whom a record is shared, by name.
///
/// # Errors
/// [`StoreError::NotFound`] where the record is not seen.
pub async fn list(store: &Store, record: Shared) -> Result<Vec<ShareRow>, StoreError> {
    check_exists(store.reader(), record).await?;
    let lens = store.lens();
    lens.check_change(store.reader(), record.target(), Verb::Read)
        .await?;
    let text = "SELECT s.user_id AS user_id, s.team_id AS team_id, s.may_write AS may_write, \
                coalesce(u.name, t.name) AS name FROM record_shares s \
                LEFT JOIN users u ON u.id = s.user_id LEFT JOIN teams t ON t.id = s.team_id \
                WHERE s.object = ? AND s.record_id = ? ORDER BY 4, s.id";
    let values = [
        sql::text(codec::name_of(&record.object)),
        sql::id(record.id),
    ];
    let rows = Sql::of(store.backend(), text, values)
        .all(store.reader())
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
    record: Shared,
    shares: Vec<(Uuid, Share)>,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                check_exists(tx, record).await?;
                let target = record.target();
                lens.check_change(tx, target, Verb::Write).await?;
                replace(tx, record, shares).await?;
                // Who came to the record by a share alone may not take it away from themselves unseen.
                lens.check_change(tx, target, Verb::Write).await
            }
            .boxed()
        })
        .await
}

async fn replace(
    tx: &DatabaseTransaction,
    record: Shared,
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

/// Refuses to share what is not there: a share has no foreign key to its record, which can be of any kind.
async fn check_exists(connection: &impl ConnectionTrait, record: Shared) -> Result<(), StoreError> {
    let Target { table, id, object } = record.target();
    let text = format!("SELECT id FROM {table} WHERE id = ?");
    let found = Sql::of(connection.get_database_backend(), &text, [sql::id(id)])
        .one(connection)
        .await?;
    found
        .map(|_| ())
        .ok_or_else(|| StoreError::not_found(object, id))
}
