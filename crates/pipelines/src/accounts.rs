//! People who sign in: added with a password that is made here and shown once.

use rapport_domain::{EmailAddress, Language, Role, UserId};
use rapport_store::StoreError;
use rapport_store::users::{self, NewUser};
use uuid::Uuid;

use crate::Workspace;
use crate::error::PipelineError;

/// Letters and digits that are not mistaken for each other when copied from a screen.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
/// 16 characters of 5 bits: 80 bits.
const PASSWORD_LENGTH: usize = 16;

/// Adds a user and returns the password.
///
/// # Errors
/// [`StoreError::Duplicate`] where the address is taken.
pub async fn add(
    workspace: &Workspace,
    email: EmailAddress,
    name: String,
    role: Role,
) -> Result<String, PipelineError> {
    let now = workspace.clock.now();
    let password = new_password();
    let new = NewUser {
        id: workspace.ids.next::<UserId>(now),
        email,
        name,
        role,
        language: Language::En,
        password: password.clone(),
    };
    users::create(&workspace.store, new, now).await?;
    Ok(password)
}

/// Sets a new password, signs the user out everywhere and returns the password.
///
/// # Errors
/// [`StoreError::NotFound`] where nobody has the address.
pub async fn reset_password(
    workspace: &Workspace,
    email: &EmailAddress,
) -> Result<String, PipelineError> {
    let user = users::find_by_email(&workspace.store, email)
        .await?
        .ok_or_else(|| StoreError::NotFound {
            object: "user",
            key: email.to_string(),
        })?;
    let password = new_password();
    users::set_password(&workspace.store, user.id, password.clone()).await?;
    Ok(password)
}

/// A password from the operating system's randomness: two version 4 UUIDs hold 244 random bits.
fn new_password() -> String {
    let bytes: Vec<u8> = [Uuid::new_v4(), Uuid::new_v4()]
        .iter()
        .flat_map(|id| id.into_bytes())
        .collect();
    // Bytes 6 and 8 of a UUID hold its version and variant: they are passed over.
    bytes
        .iter()
        .enumerate()
        .filter(|(idx, _)| !matches!(idx % 16, 6 | 8))
        .map(|(_, byte)| char::from(ALPHABET[usize::from(byte % 32)]))
        .take(PASSWORD_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_differ() {
        let (a, b) = (new_password(), new_password());

        assert_eq!(a.len(), PASSWORD_LENGTH);
        assert_ne!(a, b);
    }
}
