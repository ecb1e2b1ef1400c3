//! Users: who signs in, and with which password.

mod password;

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, EmailAddress, Language, Role, Timestamp, User, UserId,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::audit::Draft;
use crate::entities::user;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, codec, record, roles};

pub use password::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};

const OBJECT: &str = "user";

/// A user to be added.
#[derive(Clone, PartialEq)]
pub struct NewUser {
    /// Identifier.
    pub id: UserId,
    /// What the user signs in with.
    pub email: EmailAddress,
    /// Name to show.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// Language of the screens.
    pub language: Language,
    /// The password in clear; only its hash is kept.
    pub password: String,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Adds a user.
///
/// # Errors
/// [`StoreError::Invalid`] where the password is too short or too long, [`StoreError::Duplicate`]
/// where the address is taken.
pub async fn create(store: &Store, new: NewUser, now: Timestamp) -> Result<User, StoreError> {
    let password_hash = password::hash(new.password).await?;
    let row = user::Model {
        id: new.id.into(),
        email: new.email.to_string(),
        name: new.name,
        role: codec::name_of(&new.role),
        language: codec::name_of(&new.language),
        theme: None,
        password_hash,
        created_at: now.as_micros(),
        disabled_at: None,
        role_id: None,
    };
    let stored = row.clone();
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move { record::create_noted::<user::Entity>(&lens, tx, OBJECT, row).await }
                .boxed()
        })
        .await?;
    stored.try_into()
}

/// The user who signs in with this address and password; none where either is wrong or the user
/// is disabled. Takes as long for an address that is not known as for a wrong password.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn authenticate(
    store: &Store,
    email: &str,
    password: String,
) -> Result<Option<User>, StoreError> {
    let row = match email.parse::<EmailAddress>() {
        Ok(email) => find_row(store, &email).await?,
        Err(_) => None,
    };
    let hash = row.as_ref().map(|row| row.password_hash.clone());
    let is_right = password::verify(password, hash).await?;
    match row {
        Some(row) if is_right && row.disabled_at.is_none() => Ok(Some(row.try_into()?)),
        _ => Ok(None),
    }
}

async fn find_row(store: &Store, email: &EmailAddress) -> Result<Option<user::Model>, StoreError> {
    let row = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(store.reader())
        .await?;
    Ok(row)
}

/// Finds a user.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: UserId) -> Result<Option<User>, StoreError> {
    record::find_seen::<user::Entity, _>(store, id).await
}

/// Finds a user by address.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_by_email(
    store: &Store,
    email: &EmailAddress,
) -> Result<Option<User>, StoreError> {
    let row = find_row(store, email).await?;
    row.map(User::try_from).transpose()
}

/// Lists all users by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<User>, StoreError> {
    let rows = user::Entity::find()
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .all(store.reader())
        .await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Changes a user as the records have them now, so that nothing that somebody else changed meanwhile is
/// written over. Disabling ends the user's sessions.
///
/// # Errors
/// [`StoreError::NotFound`] where the user is gone, [`StoreError::Duplicate`] where the address is
/// taken, [`StoreError::LastAdministrator`] where nobody would be left to manage users.
pub async fn change(
    store: &Store,
    id: UserId,
    edit: impl FnOnce(&mut User) + Send + 'static,
) -> Result<User, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                hold(tx, id).await?;
                let found = record::find::<user::Entity, User>(tx, id).await?;
                let mut user = found.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
                let before = audit::before::<user::Entity>(tx, &lens, id).await?;
                edit(&mut user);
                write(tx, &user).await?;
                audit::changed::<user::Entity>(tx, &lens, before).await?;
                Ok(user)
            }
            .boxed()
        })
        .await
}

/// Lets nobody else change this user or any administrator before the transaction ends: all columns are
/// written, so that of two changes at once the later one would take back the earlier, and two
/// administrators could take each other's role. All are held in one order, so that two changes do not wait
/// for each other in a circle. SQLite has one writer at a time and needs no lock.
async fn hold(tx: &DatabaseTransaction, id: UserId) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT id FROM users WHERE id = ? OR (role = ? AND role_id IS NULL \
                    AND disabled_at IS NULL) ORDER BY id FOR NO KEY UPDATE";
        let values = [sql::id(id), sql::text(codec::name_of(&Role::Admin))];
        Sql::of(DbBackend::Postgres, text, values).all(tx).await?;
    }
    Ok(())
}

async fn write(tx: &DatabaseTransaction, user: &User) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    keep_an_administrator(tx, user).await?;
    if let Some(role) = user.role_id {
        roles::hold(tx, role).await?;
    }
    let statement = Sql::of(
        backend,
        "UPDATE users SET role_id = ?, email = ?, name = ?, role = ?, language = ?, \
         disabled_at = ? WHERE id = ?",
        [
            sea_orm::Value::Uuid(user.role_id.map(Into::into)),
            sql::text(user.email.as_str()),
            sql::text(user.name.as_str()),
            sql::text(codec::name_of(&user.role)),
            sql::text(codec::name_of(&user.language)),
            codec::micros(user.disabled_at).into(),
            sql::id(user.id),
        ],
    );
    let done = statement.execute(tx).await;
    done.map_err(|error| StoreError::from(error).about(OBJECT))?;
    if user.disabled_at.is_some() {
        let text = "DELETE FROM sessions WHERE user_id = ?";
        Sql::of(backend, text, [sql::id(user.id)])
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Refuses a change after which no active administrator would be left. They are held.
async fn keep_an_administrator(tx: &DatabaseTransaction, user: &User) -> Result<(), StoreError> {
    if user.is_administrator() && user.disabled_at.is_none() {
        return Ok(());
    }
    let text = "SELECT id FROM users WHERE role = ? AND role_id IS NULL AND disabled_at IS NULL";
    let role = sql::text(codec::name_of(&Role::Admin));
    let statement = Sql::of(tx.get_database_backend(), text, [role]);
    let mut active = Vec::new();
    for row in statement.all(tx).await? {
        active.push(UserId(row.try_get("", "id")?));
    }
    match active[..] {
        [last] if last == user.id => Err(StoreError::LastAdministrator),
        _ => Ok(()),
    }
}

/// Replaces a user's password and ends all of the user's sessions.
///
/// # Errors
/// [`StoreError::Invalid`] where it is too short or too long, [`StoreError::NotFound`] where the
/// user is gone.
pub async fn set_password(store: &Store, id: UserId, password: String) -> Result<(), StoreError> {
    let hash = password::hash(password).await?;
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                let text = "UPDATE users SET password_hash = ? WHERE id = ?";
                let statement = Sql::of(backend, text, [sql::text(hash), sql::id(id)]);
                if statement.execute(tx).await? == 0 {
                    return Err(StoreError::not_found(OBJECT, id));
                }
                let text = "DELETE FROM sessions WHERE user_id = ?";
                Sql::of(backend, text, [sql::id(id)]).execute(tx).await?;
                let draft = Draft::of(AuditAction::PasswordChanged, AuditObject::User, id);
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

/// The theme that a user has chosen, such as `dark`.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_theme(store: &Store, id: UserId) -> Result<Option<String>, StoreError> {
    let row = user::Entity::find_by_id(uuid::Uuid::from(id))
        .one(store.reader())
        .await?;
    Ok(row.and_then(|row| row.theme))
}

/// Saves the theme that a user has chosen.
///
/// # Errors
/// [`StoreError::NotFound`] where the user is gone.
pub async fn set_theme(store: &Store, id: UserId, theme: Option<String>) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                let text = "UPDATE users SET theme = ? WHERE id = ?";
                let statement = Sql::of(backend, text, [theme.into(), sql::id(id)]);
                match statement.execute(tx).await? {
                    0 => Err(StoreError::not_found(OBJECT, id)),
                    _ => Ok(()),
                }
            }
            .boxed()
        })
        .await
}
