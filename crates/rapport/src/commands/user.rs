//! `rapport user`: the people who sign in.

use anyhow::{Context, Result};
use rapport_domain::{EmailAddress, Role, User};
use rapport_pipelines::{Workspace, accounts};
use rapport_store::{roles, users};

use super::workspace;
use crate::cli::UserAction;
use crate::config::Config;
use crate::output::{self, BadInput};

pub(crate) async fn run(config: Config, action: UserAction) -> Result<()> {
    let workspace = workspace::open_signed(&config).await?;
    match action {
        UserAction::Add { email, name, role } => {
            let password = accounts::add(&workspace, email.clone(), name, role)
                .await
                .with_context(|| format!("adding {email}"))?;
            output::line(&format!("Added {email}; the password is {password}"));
        }
        UserAction::List => {
            let roles = roles::list(&workspace.store).await?;
            for user in users::list(&workspace.store).await? {
                let state = if user.disabled_at.is_some() {
                    "disabled"
                } else {
                    "active"
                };
                let made = roles.iter().find(|role| Some(role.id) == user.role_id);
                let role =
                    made.map_or_else(|| format!("{:?}", user.role), |role| role.name.clone());
                output::line(&format!("{}\t{}\t{role}\t{state}", user.email, user.name));
            }
        }
        UserAction::Disable { email } => {
            let now = workspace.clock.now();
            change(&workspace, &email, move |user| user.disabled_at = Some(now)).await?;
            output::line(&format!("{email} may no longer sign in."));
        }
        UserAction::Enable { email } => {
            change(&workspace, &email, |user| user.disabled_at = None).await?;
            output::line(&format!("{email} may sign in again."));
        }
        UserAction::Role { email, role } => {
            change(&workspace, &email, move |user| {
                user.role = role;
                user.role_id = None;
            })
            .await?;
            output::line(&format!("{email} is now {}.", described(role)));
        }
        UserAction::ResetPassword { email } => {
            let password = accounts::reset_password(&workspace, &email)
                .await
                .with_context(|| format!("resetting the password of {email}"))?;
            output::line(&format!("The new password of {email} is {password}"));
        }
    }
    Ok(())
}

/// Changes the user with this address.
async fn change(
    workspace: &Workspace,
    email: &EmailAddress,
    edit: impl FnOnce(&mut User) + Send + 'static,
) -> Result<()> {
    let found = users::find_by_email(&workspace.store, email).await?;
    let user = found.ok_or_else(|| {
        BadInput(format!(
            "nobody signs in as {email}; see `rapport user list`"
        ))
    })?;
    let changed = users::change(&workspace.store, user.id, edit).await;
    changed.with_context(|| format!("changing {email}"))?;
    Ok(())
}

fn described(role: Role) -> &'static str {
    match role {
        Role::Admin => "an administrator",
        Role::Member => "a member",
        Role::Viewer => "a viewer",
    }
}
