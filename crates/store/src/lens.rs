//! The store as one user sees it: the rule of [`rapport_domain::decide`] as conditions on rows.
//!
//! A [`Lens`] knows which tables hold records that not everybody sees, and writes for each the
//! condition under which a row is seen. Statements name such a table with its alias and a condition,
//! and [`Lens::push`] puts the lens's own condition in front of theirs: so a row that is not
//! seen is neither listed nor counted, summed, joined or found.

mod edits;
mod fields;
mod names;
mod standing;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rapport_domain::{
    Access, Author, Holding, Invalid, ObjectKind, Reach, RolePolicy, TeamId, UserId, Verb, decide,
};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use uuid::Uuid;

use text::{next_guarded, push_part};

pub(crate) use fields::is_ruled;

use crate::sql::{self, Sql};
use crate::{StoreError, codec};

/// What decides whether a row of a table is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Its owner, or a share.
    Owner(ObjectKind),
    /// Its owner, a share, or the record that it is about.
    OwnerOrSubject(ObjectKind),
    /// The record that it is about.
    Subject,
    /// Its customer.
    Customer,
}

/// The tables with rows that not everybody sees, and their guards.
const GUARDS: [(&str, Guard); 7] = [
    ("contacts", Guard::Owner(ObjectKind::Contact)),
    ("companies", Guard::Owner(ObjectKind::Company)),
    ("deals", Guard::Owner(ObjectKind::Deal)),
    ("tickets", Guard::Owner(ObjectKind::Ticket)),
    ("tasks", Guard::OwnerOrSubject(ObjectKind::Task)),
    ("notes", Guard::Subject),
    ("orders", Guard::Customer),
];

/// What notes and tasks may be about: the word in `subject_kind`, the table, the kind.
const SUBJECTS: [(&str, &str, ObjectKind); 4] = [
    ("contact", "contacts", ObjectKind::Contact),
    ("company", "companies", ObjectKind::Company),
    ("deal", "deals", ObjectKind::Deal),
    ("ticket", "tickets", ObjectKind::Ticket),
];

/// Through whose eyes a store looks: the system's, which see everything, or a user's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lens {
    access: Option<Arc<Access>>,
    /// Whether it shows what the user has without what others share.
    ignores_shares: bool,
    /// In whose name is written through it.
    author: Option<Author>,
}

impl Lens {
    pub(crate) const fn of(access: Arc<Access>) -> Self {
        Self {
            access: Some(access),
            ignores_shares: false,
            author: None,
        }
    }

    /// The same, through which somebody writes.
    pub(crate) fn in_name_of(&self, author: Author) -> Self {
        Self {
            author: Some(author),
            ..self.clone()
        }
    }

    /// In whose name is written; nobody's where the program does by itself what it is told.
    pub(crate) const fn author(&self) -> Option<Author> {
        self.author
    }

    /// Whether every record is seen.
    pub(crate) fn sees_all(&self) -> bool {
        self.is_of_all(Verb::Read)
    }

    /// Whether something may be done with every record.
    pub(crate) fn is_of_all(&self, verb: Verb) -> bool {
        let access = self.access.as_ref();
        access.is_none_or(|access| access.policy.is_of_all(verb))
    }

    /// Whose eyes they are; none where they are the system's.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.access.as_ref().map(|access| access.user_id)
    }

    /// Whether a record would be seen that is as said.
    pub(crate) fn would_see(&self, object: ObjectKind, record: &Holding) -> bool {
        let access = self.access.as_ref();
        access.is_none_or(|access| decide(access, object, Verb::Read, record))
    }

    /// Whether no record of a kind is seen, whatever it is about.
    pub(crate) fn is_closed(&self, object: ObjectKind) -> bool {
        self.reach(object, Verb::Read) == Reach::None
    }

    /// The owner of a new record: who sees or changes no more than some records has the new one, so that it
    /// is neither lost from sight nor out of its maker's hands.
    pub(crate) fn owner_of_new(&self, object: ObjectKind, named: Option<UserId>) -> Option<UserId> {
        let access = self.access.as_ref();
        let is_narrow = |access: &&Arc<Access>| {
            let mut verbs = [Verb::Read, Verb::Write].into_iter();
            verbs.any(|verb| access.reach(object, verb) != Reach::All)
        };
        let narrow = access.filter(is_narrow);
        named.or_else(|| narrow.map(|access| access.user_id))
    }

    /// Appends text of ours with a `?` for each value, and the condition of each guarded table that it
    /// reads from, whose names are read as the user sees them.
    ///
    /// # Panics
    /// Where the text reads from a guarded table without an alias and a condition: a row would be seen
    /// that may not be.
    pub(crate) fn push(&self, sql: &mut Sql, text: &str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        let mut rest = text;
        while let Some(guarded) = next_guarded(rest) {
            push_part(sql, guarded.before, &mut values);
            sql.push(&self.source(sql.backend(), guarded.table));
            push_part(sql, guarded.between, &mut values);
            if !self.sees_all() {
                self.push_seen(sql, guarded.guard, guarded.alias, Verb::Read);
                sql.push(" AND ");
            }
            rest = guarded.after;
        }
        push_part(sql, rest, &mut values);
        debug_assert!(values.next().is_none(), "a question mark for each value");
    }

    /// Appends the condition under which rows of a table are seen; true for tables that everybody reads.
    pub(crate) fn push_rows(&self, sql: &mut Sql, table: &str, alias: &str) {
        match guard_of(table) {
            Some(guard) if !self.sees_all() => self.push_seen(sql, guard, alias, Verb::Read),
            _ => {
                sql.push("1 = 1");
            }
        }
    }

    fn push_seen(&self, sql: &mut Sql, guard: Guard, alias: &str, verb: Verb) {
        match guard {
            Guard::Owner(object) => self.push_owned(sql, object, alias, verb),
            Guard::OwnerOrSubject(object) => {
                // A kind that is closed is not opened by what its records are about.
                if self.reach(object, verb) == Reach::None {
                    sql.push("1 = 0");
                    return;
                }
                sql.push("(");
                self.push_owned(sql, object, alias, verb);
                sql.push(" OR ");
                self.push_subject(sql, alias, verb);
                sql.push(")");
            }
            // Who wrote a note changes it while it is seen, which is asked where the author is known. One
            // that is nobody's is changed by who changes what it is about.
            Guard::Subject => match verb {
                Verb::Read => self.push_subject(sql, alias, Verb::Read),
                Verb::Write | Verb::Delete => {
                    sql.push(&format!("({alias}.author_id IS NOT NULL OR "));
                    self.push_subject(sql, alias, Verb::Write);
                    sql.push(")");
                }
            },
            Guard::Customer => self.push_customer(sql, alias),
        }
    }

    fn reach(&self, object: ObjectKind, verb: Verb) -> Reach {
        let access = self.access.as_ref();
        access.map_or(Reach::All, |access| access.reach(object, verb))
    }

    /// `decide` in SQL.
    fn push_owned(&self, sql: &mut Sql, object: ObjectKind, alias: &str, verb: Verb) {
        let Some(access) = &self.access else {
            sql.push("1 = 1");
            return;
        };
        let teams = match access.reach(object, verb) {
            Reach::None => {
                sql.push("1 = 0");
                return;
            }
            Reach::All => {
                sql.push("1 = 1");
                return;
            }
            Reach::Own => None,
            Reach::Team => Some(&access.teams),
            Reach::Department => Some(&access.department),
        };
        sql.push_with(&format!("({alias}.owner_id = ?"), [sql::id(access.user_id)]);
        if let Some(teams) = teams.filter(|teams| !teams.is_empty()) {
            let (open, close) = among(sql.backend());
            sql.push(&format!(
                " OR {alias}.owner_id{open}SELECT tm.user_id FROM team_members tm WHERE tm.team_id IN "
            ));
            push_teams(sql, teams);
            sql.push(close);
        }
        if verb == Verb::Read && access.policy.grant(object).pool {
            sql.push(&format!(" OR {alias}.owner_id IS NULL"));
        }
        if verb != Verb::Delete && !self.ignores_shares {
            push_shared(sql, access, object, alias, verb);
        }
        sql.push(")");
    }

    fn push_subject(&self, sql: &mut Sql, alias: &str, verb: Verb) {
        sql.push("(");
        for (idx, (word, table, object)) in SUBJECTS.into_iter().enumerate() {
            sql.push(if idx == 0 { "" } else { " OR " });
            sql.push(&format!(
                "({alias}.subject_kind = '{word}' AND EXISTS (SELECT 1 FROM {table} sr \
                 WHERE sr.id = {alias}.subject_id AND "
            ));
            self.push_owned(sql, object, "sr", verb);
            sql.push("))");
        }
        sql.push(")");
    }

    fn push_customer(&self, sql: &mut Sql, alias: &str) {
        if self.reach(ObjectKind::Contact, Verb::Read) == Reach::All {
            sql.push("1 = 1");
            return;
        }
        sql.push(&format!(
            "EXISTS (SELECT 1 FROM contacts oc WHERE oc.id = {alias}.contact_id AND "
        ));
        self.push_owned(sql, ObjectKind::Contact, "oc", Verb::Read);
        sql.push(")");
    }

    /// Refuses a change of a record that is not seen, as one that is not there, or that is seen and
    /// somebody else's to change.
    pub(crate) async fn check_change(
        &self,
        connection: &impl ConnectionTrait,
        target: Target,
        verb: Verb,
    ) -> Result<(), StoreError> {
        let Target { table, id, object } = target;
        let Some(seen) = self.seen_for(connection, table, &[id], verb).await? else {
            return Ok(());
        };
        match seen.get(&id) {
            None => Err(StoreError::not_found(object, id)),
            Some(seen) => seen.check(object),
        }
    }

    /// Those of some records that are seen, and whether something may be done with each; none where it may
    /// be done with all records, which are not looked at then.
    pub(crate) async fn seen_for(
        &self,
        connection: &impl ConnectionTrait,
        table: &str,
        ids: &[Uuid],
        verb: Verb,
    ) -> Result<Option<HashMap<Uuid, Seen>>, StoreError> {
        let Some(guard) = guard_of(table) else {
            return Ok(None);
        };
        let asked = match (guard, verb) {
            (Guard::Subject, Verb::Delete) => Verb::Write,
            _ => verb,
        };
        if self.is_of_all(Verb::Read) && self.is_of_all(asked) {
            return Ok(None);
        }
        let owner = match guard {
            Guard::Owner(_) | Guard::OwnerOrSubject(_) => {
                "(SELECT name FROM users u WHERE u.id = r.owner_id)"
            }
            Guard::Subject | Guard::Customer => "NULL",
        };
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(sql::N_KEYS_MAX) {
            let mut sql = Sql::new(connection.get_database_backend());
            sql.push("SELECT r.id AS id, CASE WHEN ");
            self.push_seen(&mut sql, guard, "r", verb);
            sql.push(&format!(
                " THEN 1 ELSE 0 END AS may, CAST({owner} AS text) AS owner FROM {table} r WHERE "
            ));
            self.push_seen(&mut sql, guard, "r", Verb::Read);
            sql.push(" AND r.id IN ").bind_list(sql::ids(chunk));
            for row in sql.all(connection).await? {
                let seen = Seen {
                    may: row.try_get::<i32>("", "may")? == 1,
                    owner: row.try_get("", "owner")?,
                };
                found.insert(row.try_get("", "id")?, seen);
            }
        }
        Ok(Some(found))
    }

    /// Refuses to leave a record with an owner by whom it would be lost from sight: a record is given only
    /// to those whose records the user may change, too.
    pub(crate) async fn check_kept(
        &self,
        connection: &impl ConnectionTrait,
        target: Target,
        verb: Verb,
    ) -> Result<(), StoreError> {
        match self.check_change(connection, target, verb).await {
            Err(StoreError::NotFound { .. } | StoreError::NotAllowed { .. }) => Err(out_of_reach()),
            checked => checked,
        }
    }

    /// Refuses new records of a kind that the role lets nobody make.
    pub(crate) fn check_create(
        &self,
        object: ObjectKind,
        name: &'static str,
    ) -> Result<(), StoreError> {
        let access = self.access.as_ref();
        let may = access.is_none_or(|access| access.policy.grant(object).create);
        if may {
            return Ok(());
        }
        Err(StoreError::NotAllowed {
            object: name,
            owner: None,
        })
    }

    /// Refuses those whose role has nothing to do with the pool of a kind.
    pub(crate) fn check_pool(
        &self,
        object: ObjectKind,
        name: &'static str,
    ) -> Result<(), StoreError> {
        let access = self.access.as_ref();
        if access.is_none_or(|access| access.policy.grant(object).pool) {
            return Ok(());
        }
        Err(StoreError::NotAllowed {
            object: name,
            owner: None,
        })
    }

    /// Those of these records that are seen; all of them where the table is everybody's.
    pub(crate) async fn seen_among(
        &self,
        connection: &impl ConnectionTrait,
        table: &str,
        ids: Vec<Uuid>,
    ) -> Result<Vec<Uuid>, StoreError> {
        if self.sees_all() || guard_of(table).is_none() {
            return Ok(ids);
        }
        let mut seen = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(sql::N_KEYS_MAX) {
            let mut sql = Sql::new(connection.get_database_backend());
            self.push(
                &mut sql,
                &format!("SELECT r.id AS id FROM {table} r WHERE "),
                [],
            );
            sql.push("r.id IN ").bind_list(sql::ids(chunk));
            for row in sql.all(connection).await? {
                seen.push(row.try_get("", "id")?);
            }
        }
        Ok(seen)
    }
}

/// What is said to who would leave a record with an owner by whom it would be lost from sight.
pub(crate) fn out_of_reach() -> StoreError {
    let message = "you may give a record only to those whose records are yours to change; name yourself or ask an administrator";
    Invalid::one("/owner_id", "owner_out_of_reach", message).into()
}

/// A record that is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    may: bool,
    /// The name of the colleague in charge.
    owner: Option<String>,
}

impl Seen {
    /// Refuses what may not be done with the record.
    pub(crate) fn check(&self, object: &'static str) -> Result<(), StoreError> {
        if self.may {
            return Ok(());
        }
        let owner = self.owner.clone();
        Err(StoreError::NotAllowed { object, owner })
    }
}

/// A record that is to be changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// Its table.
    pub(crate) table: &'static str,
    /// Its identifier.
    pub(crate) id: Uuid,
    /// What it is called in errors.
    pub(crate) object: &'static str,
}

fn guard_of(table: &str) -> Option<Guard> {
    let mut guards = GUARDS.iter();
    guards
        .find(|(guarded, _)| *guarded == table)
        .map(|(_, guard)| *guard)
}

fn push_teams(sql: &mut Sql, teams: &BTreeSet<TeamId>) {
    sql.bind_list(teams.iter().map(|team| sql::id(*team)));
}

/// Appends ` OR …` for records that are shared with the user.
fn push_shared(sql: &mut Sql, access: &Access, object: ObjectKind, alias: &str, verb: Verb) {
    let (open, close) = among(sql.backend());
    sql.push_with(
        &format!(
            " OR {alias}.id{open}SELECT rs.record_id FROM record_shares rs WHERE rs.object = ? \
             AND (rs.user_id = ?"
        ),
        [sql::text(codec::name_of(&object)), sql::id(access.user_id)],
    );
    if !access.reached_by.is_empty() {
        sql.push(" OR rs.team_id IN ");
        push_teams(sql, &access.reached_by);
    }
    sql.push(match verb {
        Verb::Write => ") AND rs.may_write",
        Verb::Read | Verb::Delete => ")",
    });
    sql.push(close);
}

/// What stands around a sub-select that a column is to be among. PostgreSQL makes a filter of `IN` below an
/// `OR` and reads the whole table; an array it makes once, and finds each of its elements by the index.
const fn among(backend: DbBackend) -> (&'static str, &'static str) {
    match backend {
        DbBackend::Postgres => (" = ANY(ARRAY(", "))"),
        _ => (" IN (", ")"),
    }
}

/// Whether a policy lets every record be seen and changed, so that nothing has to be looked up.
pub(crate) fn needs_no_teams(policy: &RolePolicy) -> bool {
    let verbs = [Verb::Read, Verb::Write, Verb::Delete];
    let scopes = |object: &ObjectKind| verbs.map(|verb| policy.grant(*object).reach(verb));
    let mut scopes = RolePolicy::OWNED.iter().flat_map(scopes);
    scopes.all(|scope| matches!(scope, Reach::None | Reach::All))
}

/// Whether rows of a table are not for everybody, for the test that no table is forgotten.
#[cfg(test)]
pub(crate) fn is_guarded(table: &str) -> bool {
    guard_of(table).is_some()
}

#[cfg(test)]
mod tests;
