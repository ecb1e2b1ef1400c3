//! Teams and who is in them.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, Invalid, Team, TeamId, UserId, teams_below};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Value};
use serde_json::{Value as Json, json};

use crate::audit::{Draft, replaced};
use crate::record::Named;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, codec};

const OBJECT: &str = "team";

/// The most teams that a workspace keeps: all of them are read to know what is below what.
const N_TEAMS_MAX: usize = 1_000;

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// Who.
    pub user: Named<UserId>,
    /// Whether the member leads the team.
    pub is_lead: bool,
}

/// Lists teams by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<Team>, StoreError> {
    list_in(store.reader(), "").await
}

async fn list_in(connection: &impl ConnectionTrait, lock: &str) -> Result<Vec<Team>, StoreError> {
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push("SELECT id, name, parent_id, kind FROM teams ORDER BY name, id")
        .push(lock);
    sql.all(connection).await?.iter().map(read).collect()
}

/// Finds a team.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: TeamId) -> Result<Option<Team>, StoreError> {
    let text = "SELECT id, name, parent_id, kind FROM teams WHERE id = ?";
    let row = Sql::of(store.backend(), text, [sql::id(id)])
        .one(store.reader())
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &QueryResult) -> Result<Team, StoreError> {
    let parent_id: Option<uuid::Uuid> = row.try_get("", "parent_id")?;
    let kind: String = row.try_get("", "kind")?;
    Ok(Team {
        id: TeamId(row.try_get("", "id")?),
        name: row.try_get("", "name")?,
        parent_id: parent_id.map(TeamId),
        kind: codec::member("teams.kind", &kind)?,
    })
}

/// Writes a new team or a changed one.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, stands below itself, or there are too many;
/// [`StoreError::BrokenReference`] where there is no such team above.
pub async fn save(store: &Store, team: Team) -> Result<(), StoreError> {
    team.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                // On PostgreSQL two teams could be put below each other at the same time.
                let lock = match tx.get_database_backend() {
                    DbBackend::Postgres => " FOR UPDATE",
                    _ => "",
                };
                let all = list_in(tx, lock).await?;
                check_place(&team, &all)?;
                let before = all.into_iter().find(|other| other.id == team.id);
                let action = match before {
                    None => AuditAction::Created,
                    Some(_) => AuditAction::Updated,
                };
                let before = before.as_ref().map(told);
                let draft = Draft::of(action, AuditObject::Team, team.id)
                    .with(replaced(before.as_ref(), Some(&told(&team))));
                let text = "INSERT INTO teams (id, name, parent_id, kind) VALUES (?, ?, ?, ?) \
                            ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
                            parent_id = excluded.parent_id, kind = excluded.kind";
                let values = [
                    sql::id(team.id),
                    sql::text(team.name),
                    Value::Uuid(team.parent_id.map(Into::into)),
                    sql::text(codec::name_of(&team.kind)),
                ];
                execute(tx, text, values).await?;
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

/// What the audit tells of a team.
fn told(team: &Team) -> Json {
    json!({"name": team.name, "kind": team.kind, "parent_id": team.parent_id})
}

fn check_place(team: &Team, all: &[Team]) -> Result<(), Invalid> {
    let Some(parent) = team.parent_id else {
        return check_room(team, all);
    };
    if teams_below(all, &[team.id].into()).contains(&parent) {
        let message = "a team cannot stand below itself; name another one above it";
        return Err(Invalid::one("/parent_id", "below_itself", message));
    }
    check_room(team, all)
}

fn check_room(team: &Team, all: &[Team]) -> Result<(), Invalid> {
    if all.len() < N_TEAMS_MAX || all.iter().any(|other| other.id == team.id) {
        return Ok(());
    }
    let message = format!("a workspace keeps at most {N_TEAMS_MAX} teams; delete one first");
    Err(Invalid::one("", "too_many_teams", message))
}

/// Deletes a team that has none below it, with its memberships and what was shared with it.
///
/// # Errors
/// [`StoreError::StillInUse`] where others stand below it, [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: TeamId) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let all = list_in(tx, "").await?;
                let before = all.iter().find(|team| team.id == id).map(told);
                let draft = Draft::of(AuditAction::Deleted, AuditObject::Team, id)
                    .with(replaced(before.as_ref(), None));
                let deleted = execute(tx, "DELETE FROM teams WHERE id = ?", [sql::id(id)]).await;
                match deleted.map_err(StoreError::of_delete)? {
                    0 => Err(StoreError::not_found(OBJECT, id)),
                    _ => audit::write(tx, &lens, vec![draft]).await,
                }
            }
            .boxed()
        })
        .await
}

/// Lists who is in a team, by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_members(store: &Store, team: TeamId) -> Result<Vec<TeamMember>, StoreError> {
    let text = "SELECT u.id AS u_id, u.name AS u_name, m.is_lead AS is_lead FROM team_members m \
                JOIN users u ON u.id = m.user_id WHERE m.team_id = ? ORDER BY u.name, u.id";
    let rows = Sql::of(store.backend(), text, [sql::id(team)])
        .all(store.reader())
        .await?;
    let members = rows.iter().map(|row| {
        let user = Named::read(row, "u_")?;
        Ok(TeamMember {
            user: user.ok_or_else(|| StoreError::not_found("user", "of a team"))?,
            is_lead: row.try_get("", "is_lead")?,
        })
    });
    members.collect()
}

/// The teams that a user is in.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn of_user(store: &Store, user: UserId) -> Result<BTreeSet<TeamId>, StoreError> {
    let text = "SELECT team_id FROM team_members WHERE user_id = ?";
    let rows = Sql::of(store.backend(), text, [sql::id(user)])
        .all(store.reader())
        .await?;
    rows.iter()
        .map(|row| Ok(TeamId(row.try_get("", "team_id")?)))
        .collect()
}

/// Replaces who is in a team; of somebody named twice the last word holds.
///
/// # Errors
/// [`StoreError::NotFound`] where the team is gone, [`StoreError::BrokenReference`] where a user does not
/// exist.
pub async fn set_members(
    store: &Store,
    team: TeamId,
    members: Vec<(UserId, bool)>,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE teams SET name = name WHERE id = ?";
                if execute(tx, text, [sql::id(team)]).await? == 0 {
                    return Err(StoreError::not_found(OBJECT, team));
                }
                let before = member_names(tx, team).await?;
                execute(
                    tx,
                    "DELETE FROM team_members WHERE team_id = ?",
                    [sql::id(team)],
                )
                .await?;
                for (user, is_lead) in members {
                    let text = "INSERT INTO team_members (team_id, user_id, is_lead) \
                                VALUES (?, ?, ?) ON CONFLICT (team_id, user_id) \
                                DO UPDATE SET is_lead = excluded.is_lead";
                    execute(tx, text, [sql::id(team), sql::id(user), is_lead.into()]).await?;
                }
                let changes = replaced(Some(&before), Some(&member_names(tx, team).await?));
                if changes.is_empty() {
                    return Ok(());
                }
                let draft = Draft::of(AuditAction::Updated, AuditObject::Team, team).with(changes);
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

/// What the audit tells of who is in a team: names, those who lead it with a star.
async fn member_names(tx: &DatabaseTransaction, team: TeamId) -> Result<Json, StoreError> {
    let text = "SELECT u.name AS name, m.is_lead AS is_lead FROM team_members m \
                JOIN users u ON u.id = m.user_id WHERE m.team_id = ? ORDER BY u.name, u.id";
    let rows = Sql::of(tx.get_database_backend(), text, [sql::id(team)])
        .all(tx)
        .await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in rows {
        let name: String = row.try_get("", "name")?;
        names.push(if row.try_get("", "is_lead")? {
            format!("{name} *")
        } else {
            name
        });
    }
    Ok(json!({ "members": names }))
}

async fn execute<const N: usize>(
    tx: &DatabaseTransaction,
    text: &str,
    values: [Value; N],
) -> Result<u64, StoreError> {
    let done = Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await;
    done.map_err(|error| StoreError::from(error).about(OBJECT))
}
