//! What proves whose mailbox it is, as it is given: never shown again, and never sent to another place than it
//! was given for.

use std::fmt;

use rapport_domain::{Mailbox, MailboxProof, Violation};
use rapport_store::mailboxes::MailboxSecret;
use serde::Deserialize;

/// The longest secret.
const SECRET_CHARS_MAX: usize = 10_000;

/// A secret on its way in, which no log shows.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Hidden(String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(..)")
    }
}

/// The secrets of a request.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) password: Option<Hidden>,
    pub(super) access_token: Option<Hidden>,
    pub(super) refresh_token: Option<Hidden>,
    pub(super) client_secret: Option<Hidden>,
}

impl Given {
    /// Whether none is given.
    pub(super) fn is_empty(&self) -> bool {
        self.password.is_none()
            && self.access_token.is_none()
            && self.refresh_token.is_none()
            && self.client_secret.is_none()
    }

    /// The secret of a mailbox from what is given and what is kept of it, which goes to the account and the
    /// server alone that it was given for. None where what is kept stays as it is.
    pub(super) fn settle(
        self,
        wanted: &Mailbox,
        kept: Option<(&Mailbox, MailboxSecret)>,
    ) -> Result<Option<MailboxSecret>, Vec<Violation>> {
        let kept = kept.filter(|(before, _)| before.may_share_secret(wanted));
        if self.is_empty() && kept.is_some() {
            return Ok(None);
        }
        let mut violations = Vec::new();
        let mut read = |pointer, given: Option<Hidden>| {
            let Hidden(text) = given?;
            if text.chars().count() > SECRET_CHARS_MAX {
                let message = format!("must have at most {SECRET_CHARS_MAX} characters");
                violations.push(Violation::new(pointer, "too_long", message));
            }
            Some(text).filter(|text| !text.is_empty())
        };
        let given = MailboxSecret {
            password: read("/password", self.password),
            access_token: read("/access_token", self.access_token),
            refresh_token: read("/refresh_token", self.refresh_token),
            client_secret: read("/client_secret", self.client_secret),
            expires_at: None,
        };
        let kept = kept.map(|(_, secret)| secret).unwrap_or_default();
        let settled = match wanted.proof {
            MailboxProof::Password => MailboxSecret {
                password: given.password.or(kept.password),
                ..MailboxSecret::default()
            },
            MailboxProof::AccessToken => MailboxSecret {
                access_token: given.access_token.or(kept.access_token),
                ..MailboxSecret::default()
            },
            // An access token that was fetched with others is fetched anew.
            MailboxProof::RefreshToken => MailboxSecret {
                refresh_token: given.refresh_token.or(kept.refresh_token),
                client_secret: given.client_secret.or(kept.client_secret),
                ..MailboxSecret::default()
            },
        };
        let (pointer, needed) = match wanted.proof {
            MailboxProof::Password => ("/password", &settled.password),
            MailboxProof::AccessToken => ("/access_token", &settled.access_token),
            MailboxProof::RefreshToken => ("/refresh_token", &settled.refresh_token),
        };
        if needed.is_none() {
            let message = "needed: what is kept goes only to the server and the account that it was given for";
            violations.push(Violation::new(pointer, "secret_needed", message));
        }
        if violations.is_empty() {
            Ok(Some(settled))
        } else {
            Err(violations)
        }
    }
}
