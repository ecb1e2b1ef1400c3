//! What a user may do with a record in the user's own right: a share lends a record, and nothing that comes
//! of being lent one outlasts the share.

use std::collections::HashMap;

use rapport_domain::{Access, ObjectKind, Reach, UserId, Verb};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Lens, Target, guard_of};
use crate::StoreError;
use crate::sql::{self, Sql};

/// How a user stands to a record, shares not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Colleague in charge.
    pub(crate) owner_id: Option<UserId>,
    /// The name of the colleague in charge.
    owner: Option<String>,
    /// Whether the user changes it.
    may_write: bool,
    /// Whether the user deletes it, at once or after claiming it.
    may_delete: bool,
}

impl Lens {
    /// How the store's user stands to a record of a kind that has an owner.
    pub(crate) async fn standing(
        &self,
        connection: &impl ConnectionTrait,
        kind: ObjectKind,
        Target { table, id, object }: Target,
    ) -> Result<Standing, StoreError> {
        let mut standings = self.standings(connection, kind, table, &[id]).await?;
        let standing = standings.remove(&id);
        standing.ok_or_else(|| StoreError::not_found(object, id))
    }

    /// How the store's user stands to records of a kind that has owners.
    pub(crate) async fn standings(
        &self,
        connection: &impl ConnectionTrait,
        kind: ObjectKind,
        table: &str,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Standing>, StoreError> {
        let alone = Self {
            access: self.access.clone(),
            ignores_shares: true,
            author: self.author,
        };
        let guard = guard_of(table).expect("a record with an owner is guarded");
        let mut standings = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(sql::N_KEYS_MAX) {
            let mut sql = Sql::new(connection.get_database_backend());
            sql.push("SELECT r.id AS id, r.owner_id AS owner_id, u.name AS owner, CASE WHEN ");
            alone.push_seen(&mut sql, guard, "r", Verb::Write);
            sql.push(" THEN 1 ELSE 0 END AS may_write, CASE WHEN ");
            alone.push_seen(&mut sql, guard, "r", Verb::Delete);
            sql.push(&format!(
                " THEN 1 ELSE 0 END AS may_delete FROM {table} r \
                 LEFT JOIN users u ON u.id = r.owner_id WHERE r.id IN "
            ));
            sql.bind_list(sql::ids(chunk));
            for row in sql.all(connection).await? {
                let owner_id: Option<Uuid> = row.try_get("", "owner_id")?;
                let is_claimed_first = owner_id.is_none() && self.deletes_what_it_claims(kind);
                let standing = Standing {
                    owner_id: owner_id.map(UserId),
                    owner: row.try_get("", "owner")?,
                    may_write: row.try_get::<i32>("", "may_write")? == 1,
                    may_delete: row.try_get::<i32>("", "may_delete")? == 1 || is_claimed_first,
                };
                standings.insert(row.try_get("", "id")?, standing);
            }
        }
        Ok(standings)
    }

    fn deletes_what_it_claims(&self, kind: ObjectKind) -> bool {
        let claims = |access: &Access| access.policy.grant(kind).pool;
        self.access.as_deref().is_none_or(claims) && self.reach(kind, Verb::Delete) != Reach::None
    }
}

impl Standing {
    /// Refuses a change that hands on what is only lent, or after which the user deletes what was not the
    /// user's to delete.
    pub(crate) fn check_became(
        &self,
        after: &Self,
        object: &'static str,
    ) -> Result<(), StoreError> {
        let is_handed_on = self.owner_id != after.owner_id && !self.may_write;
        let is_won = after.may_delete && !self.may_delete;
        if !is_handed_on && !is_won {
            return Ok(());
        }
        let owner = self.owner.clone();
        Err(StoreError::NotAllowed { object, owner })
    }
}
