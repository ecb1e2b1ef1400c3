//! What can go wrong between us and a mailbox.

use std::io;

use thiserror::Error;

/// Why a mailbox cannot be read.
#[derive(Debug, Error)]
pub enum MailboxError {
    /// No connection, or one that broke.
    #[error("the connection to the mail server failed ({0}); check host, port and network")]
    Connection(#[from] io::Error),
    /// The server did not answer in time.
    #[error(
        "the mail server has not answered for {seconds} s; check host and port, or try again later"
    )]
    Silent {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The host's name is none.
    #[error("{host:?} is no name of a host; write one such as imap.example.com")]
    BadHost {
        /// The name.
        host: String,
    },
    /// Nobody knows the host.
    #[error("nobody knows the host {host:?}; check its spelling")]
    UnknownHost {
        /// The name.
        host: String,
    },
    /// The host is at an address that must not be connected to.
    #[error(
        "{host:?} is inside of a private network; whoever runs the server can allow it with mailbox_networks"
    )]
    Inside {
        /// The name.
        host: String,
    },
    /// The server's certificate is not one to trust.
    #[error(
        "the mail server's certificate is not to be trusted ({reason}); nothing was sent to it"
    )]
    Certificate {
        /// What is wrong with it.
        reason: String,
    },
    /// The connection cannot be encrypted.
    #[error(
        "the connection to the mail server cannot be encrypted ({reason}); no password was sent. Check port and kind of encryption"
    )]
    NotEncrypted {
        /// Why.
        reason: String,
    },
    /// The account or its secret is not accepted.
    #[error(
        "the mail server refuses the account ({reason}); check user and password, large providers want one made for programs"
    )]
    Login {
        /// What the server says.
        reason: String,
    },
    /// No access token can be had for the account.
    #[error("the provider gives no access token ({reason}); connect the account anew")]
    Token {
        /// What the provider says.
        reason: String,
    },
    /// The provider of tokens does not answer as it should at the moment.
    #[error(
        "the provider's token endpoint does not answer as it should ({reason}); try again later"
    )]
    TokenEndpoint {
        /// What it does instead.
        reason: String,
    },
    /// The folder cannot be opened.
    #[error("the folder {folder:?} cannot be opened ({reason}); list the folders for their names")]
    Folder {
        /// Its name.
        folder: String,
        /// What the server says.
        reason: String,
    },
    /// The server refuses something else.
    #[error("the mail server refuses {command} ({reason}); try again later")]
    Refused {
        /// What was asked.
        command: &'static str,
        /// What the server says.
        reason: String,
    },
    /// The server says what no mail server may.
    #[error("the mail server's answer cannot be read ({reason}); it may be no IMAP server")]
    Protocol {
        /// What does not fit.
        reason: String,
    },
}

impl MailboxError {
    /// Whether another connection may do better.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Connection(_)
                | Self::Silent { .. }
                | Self::UnknownHost { .. }
                | Self::Protocol { .. }
                | Self::Refused { .. }
        )
    }

    /// The name of the error, which stays what it is.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Connection(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                "nobody_listens"
            }
            Self::Connection(_) => "connection",
            Self::Silent { .. } => "silent",
            Self::BadHost { .. } => "bad_host",
            Self::UnknownHost { .. } => "unknown_host",
            Self::Inside { .. } => "private_address",
            Self::Certificate { .. } => "certificate",
            Self::NotEncrypted { .. } => "not_encrypted",
            Self::Login { .. } => "login",
            Self::Token { .. } => "token",
            Self::TokenEndpoint { .. } => "token_endpoint",
            Self::Folder { .. } => "folder",
            Self::Refused { .. } => "refused",
            Self::Protocol { .. } => "protocol",
        }
    }

    /// What the server said or what does not fit, in its own words; empty where the code says all.
    pub fn reason(&self) -> String {
        match self {
            Self::Connection(error) => error.to_string(),
            Self::Silent { seconds } => seconds.to_string(),
            Self::BadHost { host } | Self::UnknownHost { host } | Self::Inside { host } => {
                host.clone()
            }
            Self::Folder { folder, .. } => folder.clone(),
            Self::Certificate { reason }
            | Self::NotEncrypted { reason }
            | Self::Login { reason }
            | Self::Token { reason }
            | Self::TokenEndpoint { reason }
            | Self::Refused { reason, .. }
            | Self::Protocol { reason } => reason.clone(),
        }
    }
}
