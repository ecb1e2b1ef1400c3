//! The check of a password: slow to guess, whoever asks and however.

use rapport_domain::User;
use rapport_store::sign_ins::{self, SignInAttempt, SignInLimits};
use rapport_store::users;

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// A password that somebody claims to be an account's.
pub(crate) struct Claim {
    /// The account's e-mail address, as typed.
    pub(crate) email: String,
    /// The password.
    pub(crate) password: String,
    /// The network that the claim comes from.
    pub(crate) address: String,
}

/// The user whose password this is; none where it is wrong. Every failure is counted, even where
/// the browser has hung up, and after too many of them the answer is 429.
pub(crate) async fn check_password(app: &AppState, claim: Claim) -> ApiResult<Option<User>> {
    // One turn for the look at the failures and the check, so that parallel guesses overshoot the
    // limit by the number of turns at most.
    app.hashing(check(app.clone(), claim)).await
}

async fn check(app: AppState, claim: Claim) -> ApiResult<Option<User>> {
    let (store, limits) = (app.system(), SignInLimits::default());
    let attempt = SignInAttempt {
        account: &claim.email,
        address: &claim.address,
    };
    if let Some(wait) = sign_ins::retry_after(store, attempt, &limits, app.now()).await? {
        return Err(ApiError::too_many_attempts(wait));
    }
    let user = users::authenticate(store, &claim.email, claim.password).await?;
    match user {
        Some(_) => sign_ins::record_success(store, attempt).await?,
        None => sign_ins::record_failure(store, attempt, &limits, app.now()).await?,
    }
    Ok(user)
}
