//! From a mailbox as it is stored to a connection: its server, and what proves its account today.

use std::time::Duration;

use rapport_domain::{Mailbox, MailboxProof, MailboxSecurity, Timestamp};
use rapport_mailbox::{
    Account, Credential, MailboxError, RefreshGrant, Secret, Security, Server, refresh,
};
use rapport_store::mailboxes::{self, MailboxSecret};

use crate::Workspace;
use crate::error::PipelineError;

/// A token that runs out so soon is fetched anew: the clocks of two machines differ.
const MARGIN_SECONDS: i64 = 120;
/// How long a token endpoint may take.
const ENDPOINT_TIME: Duration = Duration::from_secs(15);

/// The mail server of a mailbox.
pub(super) fn server(workspace: &Workspace, mailbox: &Mailbox) -> Result<Server, MailboxError> {
    let security = match mailbox.security {
        MailboxSecurity::Tls => Security::Tls,
        MailboxSecurity::StartTls => Security::StartTls,
    };
    let outside = workspace.outside.clone();
    Server::new(&mailbox.host, mailbox.port, security, outside)
}

/// A mailbox with what proves it.
#[derive(Debug)]
pub(super) struct Access<'a> {
    workspace: &'a Workspace,
    mailbox: &'a Mailbox,
    secret: MailboxSecret,
    /// Whether the token was fetched just now, so that another one is no better.
    is_fresh: bool,
}

impl<'a> Access<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        mailbox: &'a Mailbox,
        secret: MailboxSecret,
    ) -> Self {
        Self {
            workspace,
            mailbox,
            secret,
            is_fresh: false,
        }
    }

    /// The account, with a token that still lasts where it is proved by one.
    pub(super) async fn account(&mut self) -> Result<Account, PipelineError> {
        let soon = self.workspace.clock.now().plus_seconds(MARGIN_SECONDS);
        let lasts = self.secret.expires_at.is_some_and(|at| at > soon);
        if self.mailbox.proof == MailboxProof::RefreshToken && !lasts {
            self.fetch_token().await?;
        }
        let given = |it: &Option<String>| Secret::new(it.clone().unwrap_or_default());
        let credential = match self.mailbox.proof {
            MailboxProof::Password => Credential::Password(given(&self.secret.password)),
            MailboxProof::AccessToken | MailboxProof::RefreshToken => {
                Credential::Token(given(&self.secret.access_token))
            }
        };
        Ok(Account {
            user: self.mailbox.user.clone(),
            credential,
        })
    }

    /// Drops a token that the mail server has refused, where another one may be better.
    pub(super) fn drops_token(&mut self) -> bool {
        let may_help = self.mailbox.proof == MailboxProof::RefreshToken && !self.is_fresh;
        if may_help {
            self.secret.expires_at = None;
        }
        may_help
    }

    /// Fetches a token and keeps it before it is used: the refresh token may be another one from now on.
    async fn fetch_token(&mut self) -> Result<(), PipelineError> {
        let grant = RefreshGrant {
            endpoint: self.mailbox.token_endpoint.clone().unwrap_or_default(),
            client_id: self.mailbox.client_id.clone().unwrap_or_default(),
            client_secret: self.secret.client_secret.clone().map(Secret::new),
            refresh_token: Secret::new(self.secret.refresh_token.clone().unwrap_or_default()),
        };
        let now = self.workspace.clock.now().to_datetime().unwrap_or_default();
        let tokens = refresh(&self.workspace.outside, &grant, now, ENDPOINT_TIME).await?;
        self.secret.access_token = Some(tokens.access_token.expose().to_owned());
        self.secret.expires_at = Some(Timestamp::from(tokens.expires_at));
        if let Some(next) = tokens.refresh_token {
            self.secret.refresh_token = Some(next.expose().to_owned());
        }
        self.is_fresh = true;
        mailboxes::keep_secret(&self.workspace.store, self.mailbox, &self.secret).await?;
        Ok(())
    }
}
