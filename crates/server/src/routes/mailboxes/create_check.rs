//! `POST /mailbox_checks`

use axum::Json;
use rapport_domain::{Invalid, MailboxId};
use rapport_pipelines::{PipelineError, mailboxes as reading};
use rapport_store::mailboxes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::mailbox::{MailboxFailure, default_port, password, tidy, tls};
use super::secret::{Given, Hidden};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageMailboxes;
use crate::session::Allowed;
use crate::state::Desk;
use crate::wire::{MailboxProof, MailboxSecurity};

/// A mailbox to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailboxCheckInput {
    /// The mailbox that is kept and is to be tried, as it is or with other values. What proves it may be left
    /// out where server, account and token endpoint are as they were.
    #[serde(default)]
    mailbox_id: Option<Uuid>,
    /// Name of the mail server.
    #[schema(max_length = 253)]
    host: String,
    /// Its port; 993 where absent, or 143 with `start_tls`.
    #[serde(default)]
    port: Option<u16>,
    /// How connections are encrypted; `tls` where absent.
    #[serde(default = "tls")]
    security: MailboxSecurity,
    /// Name of the account.
    #[schema(max_length = 320)]
    user: String,
    /// What proves that it is ours; `password` where absent.
    #[serde(default = "password")]
    proof: MailboxProof,
    /// The password.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Hidden>,
    /// The access token of OAuth 2.0.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    access_token: Option<Hidden>,
    /// The refresh token of OAuth 2.0.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    refresh_token: Option<Hidden>,
    /// Of a refresh token, what proves the program to the provider.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    client_secret: Option<Hidden>,
    /// Of a refresh token, where access tokens are fetched.
    #[serde(default)]
    token_endpoint: Option<String>,
    /// Of a refresh token, which program asks.
    #[serde(default)]
    client_id: Option<String>,
    /// Folders that must be there; `INBOX` where absent.
    #[serde(default)]
    folders: Option<Vec<String>>,
}

/// What came of trying a mailbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxCheck {
    /// Whether it can be read.
    is_ok: bool,
    /// Why not.
    failure: Option<MailboxFailure>,
    /// Names of the folders that there are, where one could log in.
    folders: Vec<String>,
}

impl MailboxCheckInput {
    /// The mailbox to be tried, in the place of the one that is kept, and its secrets as given.
    fn into_parts(
        self,
        app: &Desk,
        kept: Option<&rapport_domain::Mailbox>,
    ) -> (rapport_domain::Mailbox, Given) {
        let given = Given {
            password: self.password,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            client_secret: self.client_secret,
        };
        let now = app.now();
        let wanted = rapport_domain::Mailbox {
            id: kept.map_or_else(|| app.new_id(), |it| it.id),
            source: kept.map_or_else(|| "check".to_owned(), |it| it.source.clone()),
            host: self.host.trim().to_owned(),
            port: self.port.unwrap_or(default_port(self.security)),
            security: self.security.into(),
            user: self.user.trim().to_owned(),
            proof: self.proof.into(),
            token_endpoint: tidy(self.token_endpoint),
            client_id: tidy(self.client_id),
            folders: self.folders.unwrap_or_else(|| vec!["INBOX".to_owned()]),
            every_minutes: None,
            makes_contacts: false,
            is_paused: false,
            created_at: now,
            updated_at: now,
            // A token that is replaced while another one is tried is not kept.
            version: kept.filter(|_| given.is_empty()).map_or(0, |it| it.version),
        };
        (wanted, given)
    }
}

impl MailboxCheck {
    const fn works(folders: Vec<String>) -> Self {
        Self {
            is_ok: true,
            failure: None,
            folders,
        }
    }

    const fn fails(failure: MailboxFailure) -> Self {
        Self {
            is_ok: false,
            failure: Some(failure),
            folders: Vec::new(),
        }
    }
}

/// Tries a mailbox: connects, logs in and opens its folders. Nothing is read or kept.
#[utoipa::path(
    post, path = "/mailbox_checks", tag = "mailboxes", request_body = MailboxCheckInput,
    responses((status = 200, body = MailboxCheck)),
)]
pub(super) async fn create_mailbox_check(
    administrator: Allowed<ManageMailboxes>,
    Body(input): Body<MailboxCheckInput>,
) -> ApiResult<Json<MailboxCheck>> {
    let app = &administrator.app;
    let kept = match input.mailbox_id {
        Some(id) => {
            let found = mailboxes::open(app.store(), MailboxId(id)).await?;
            Some(found.ok_or_else(|| ApiError::not_found("mailbox"))?)
        }
        None => None,
    };
    let kept = kept.as_ref().map(|(row, secret)| (&row.mailbox, secret));
    let (wanted, given) = input.into_parts(app, kept.map(|(mailbox, _)| mailbox));
    let mut broken = wanted.check().err().map_or(Vec::new(), |it| it.violations);
    let as_kept = kept.map(|(mailbox, secret)| (mailbox, secret.clone()));
    let secret = given.settle(&wanted, as_kept).unwrap_or_else(|more| {
        broken.extend(more);
        None
    });
    Invalid::check(broken)?;
    administrator.confirm().await?;
    let secret = secret.or(kept.map(|(_, secret)| secret.clone()));
    let found = reading::check(app.workspace(), &wanted, secret.unwrap_or_default()).await;
    Ok(Json(match found {
        Ok(folders) => {
            let open = folders.into_iter().filter(|it| it.is_open);
            MailboxCheck::works(open.map(|it| it.name).collect())
        }
        Err(PipelineError::Mailbox(error)) => MailboxCheck::fails(MailboxFailure {
            code: error.code().to_owned(),
            reason: error.reason(),
        }),
        Err(error) => return Err(error.into()),
    }))
}
