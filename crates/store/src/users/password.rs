//! Password hashes: argon2id (RFC 9106), off the asynchronous threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use rapport_domain::Invalid;
use tokio::task::spawn_blocking;

use crate::StoreError;

/// The fewest characters of a password.
pub const PASSWORD_LENGTH_MIN: usize = 8;

/// The most characters of a password; hashing must not be a way to keep the server busy.
pub const PASSWORD_LENGTH_MAX: usize = 200;

/// What is compared with where nobody has the address: a hash of nothing anybody knows, made with
/// the same parameters, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cmFwcG9ydC1ub2JvZHk$\
    r0vXKHrpZbQBNNZsGbS2H6Yg3q0Zl8xLhCX1aTrpXGI";

/// 19 MiB, two passes, one lane: the OWASP recommendation for interactive sign-in.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constants that argon2 allows");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a fresh salt.
pub(super) async fn hash(password: String) -> Result<String, StoreError> {
    let n_chars = password.chars().count();
    if !(PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX).contains(&n_chars) {
        let message =
            format!("a password has {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters");
        return Err(Invalid::one("/password", "bad_length", message).into());
    }
    let hashed = spawn_blocking(move || {
        let hash = hasher().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
    });
    match hashed.await {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => Err(hashing_error(error)),
        Err(error) => Err(hashing_error(error)),
    }
}

/// Whether a password fits a stored hash. Without a hash it does the same work and says no.
pub(super) async fn verify(password: String, stored: Option<String>) -> Result<bool, StoreError> {
    if password.chars().count() > PASSWORD_LENGTH_MAX {
        return Ok(false);
    }
    let verified = spawn_blocking(move || {
        let is_known = stored.is_some();
        let text = stored.as_deref().unwrap_or(NOBODY);
        let hash = PasswordHash::new(text)?;
        let is_right = hasher().verify_password(password.as_bytes(), &hash).is_ok();
        Ok::<_, argon2::password_hash::phc::Error>(is_known && is_right)
    });
    match verified.await {
        Ok(Ok(is_right)) => Ok(is_right),
        Ok(Err(error)) => Err(hashing_error(error)),
        Err(error) => Err(hashing_error(error)),
    }
}

fn hashing_error(error: impl ToString) -> StoreError {
    let reason = error.to_string();
    StoreError::Hashing { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_does() {
        let hash = PasswordHash::new(NOBODY).unwrap();

        assert_eq!(hash.algorithm.as_str(), "argon2id");
        assert_eq!(Params::try_from(&hash).unwrap().m_cost(), 19 * 1024);
    }

    #[tokio::test]
    async fn only_the_password_itself_fits_its_hash() {
        let stored = hash("correct horse".to_owned()).await.unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            verify("correct horse".to_owned(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify("battery staple".to_owned(), Some(stored))
                .await
                .unwrap()
        );
        assert!(!verify("correct horse".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_short_password_is_refused() {
        assert!(matches!(
            hash("1234567".to_owned()).await,
            Err(StoreError::Invalid(_))
        ));
    }
}
