//! `rapport user`: the people who sign in.

use anyhow::{Context, Result};
use rapport_pipelines::accounts;
use rapport_store::users;

use super::workspace;
use crate::cli::UserAction;
use crate::config::Config;
use crate::output;

pub(crate) async fn run(config: Config, action: UserAction) -> Result<()> {
    let workspace = workspace::open(&config).await?;
    match action {
        UserAction::Add { email, name, role } => {
            let password = accounts::add(&workspace, email.clone(), name, role)
                .await
                .with_context(|| format!("adding {email}"))?;
            output::line(&format!("Added {email}; the password is {password}"));
        }
        UserAction::List => {
            for user in users::list(&workspace.store).await? {
                let state = if user.disabled_at.is_some() {
                    "disabled"
                } else {
                    "active"
                };
                output::line(&format!(
                    "{}\t{}\t{:?}\t{state}",
                    user.email, user.name, user.role
                ));
            }
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
