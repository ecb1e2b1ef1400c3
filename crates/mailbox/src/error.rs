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
    #[error("the mail server has not answered for {seconds} s; try again later")]
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
    /// The account or its secret is not accepted.
    #[error(
        "the mail server refuses the account ({reason}); check user and password, large providers want one made for programs"
    )]
    Login {
        /// What the server says.
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
                | Self::Protocol { .. }
                | Self::Refused { .. }
        )
    }
}
