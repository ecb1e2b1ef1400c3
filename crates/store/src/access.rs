//! What decides what a user sees, put together for a request.

use rapport_domain::{Access, RolePolicy, User};

use crate::lens::needs_no_teams;
use crate::{Store, StoreError, roles, teams};

/// The access of a user as the records have it now.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn of(store: &Store, user: &User) -> Result<Access, StoreError> {
    let policy = match user.role_id {
        // A role cannot go while a user has it; one that did is no role.
        Some(role) => roles::find(store, role)
            .await?
            .map_or_else(RolePolicy::default, |role| role.policy),
        None => RolePolicy::of(user.role),
    };
    if needs_no_teams(&policy) {
        return Ok(Access::alone(user.id, policy));
    }
    let mine = teams::of_user(store, user.id).await?;
    if mine.is_empty() {
        return Ok(Access::alone(user.id, policy));
    }
    let all = teams::list(store).await?;
    Ok(Access::in_teams(user.id, policy, mine, &all))
}
