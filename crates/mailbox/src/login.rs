//! How one proves who one is: by `LOGIN`, or by a token over SASL (`OAUTHBEARER`, RFC 7628; `XOAUTH2`, which
//! large providers had before it).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::reply::Reply;
use crate::session::{Done, Session};
use crate::{Account, Credential, MailboxError, Secret};

/// What a server says that it can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Capabilities(Vec<String>);

impl Capabilities {
    /// Those of a greeting, where it tells them: `* OK [CAPABILITY IMAP4rev1 …] hello`.
    pub(crate) fn of_greeting(greeting: &Reply) -> Option<Self> {
        let (_, rest) = greeting.text.split_once('[')?;
        Self::of_words(rest.split(']').next()?)
    }

    /// Those of an answer: `CAPABILITY IMAP4rev1 …`.
    pub(crate) fn of_answer(replies: &[Reply]) -> Option<Self> {
        replies.iter().find_map(|reply| Self::of_words(&reply.text))
    }

    fn of_words(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        words
            .next()
            .filter(|word| word.eq_ignore_ascii_case("CAPABILITY"))?;
        Some(Self(words.map(str::to_ascii_uppercase).collect()))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|it| it == name)
    }
}

/// How a token is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mechanism {
    OauthBearer,
    Xoauth2,
}

impl Mechanism {
    /// The best that the server knows.
    fn of(known: &Capabilities) -> Option<Self> {
        [Self::OauthBearer, Self::Xoauth2]
            .into_iter()
            .find(|it| known.has(&format!("AUTH={}", it.name())))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::OauthBearer => "OAUTHBEARER",
            Self::Xoauth2 => "XOAUTH2",
        }
    }

    /// What is said first, where the account is called `user`.
    fn first(self, user: &str, (host, port): (&str, u16), token: &Secret) -> String {
        let token = token.expose();
        let said = match self {
            Self::OauthBearer => {
                // Names are escaped as RFC 5801, section 4 has it.
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01")
            }
            Self::Xoauth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
        };
        STANDARD.encode(said)
    }

    /// What is said to a server that tells why it refuses: that it may end.
    fn end(self) -> &'static str {
        match self {
            // A single \x01 (RFC 7628, section 3.2.3).
            Self::OauthBearer => "AQ==",
            Self::Xoauth2 => "",
        }
    }
}

impl Session {
    /// Proves who one is.
    pub(crate) async fn log_in(
        &mut self,
        account: &Account,
        place: (&str, u16),
        told: Option<Capabilities>,
    ) -> Result<(), MailboxError> {
        let known = match (told, &account.credential) {
            (Some(told), _) => told,
            // Whoever offers a password to a server that says nothing of itself finds out soon enough.
            (None, Credential::Password(_)) if !self.is_upgraded() => Capabilities::default(),
            (None, _) => self.capabilities().await?,
        };
        match &account.credential {
            Credential::Password(password) => {
                if known.has("LOGINDISABLED") {
                    let reason = "it takes no passwords on this connection".to_owned();
                    return Err(MailboxError::Login { reason });
                }
                let parts = [
                    b"LOGIN ".to_vec(),
                    account.user.clone().into_bytes(),
                    password.expose().into(),
                ];
                let done = self.run_with(parts).await?;
                done.status.map_err(|reason| MailboxError::Login { reason })
            }
            Credential::Token(token) => {
                let Some(mechanism) = Mechanism::of(&known) else {
                    let reason = "it takes no tokens (neither OAUTHBEARER nor XOAUTH2)".to_owned();
                    return Err(MailboxError::Login { reason });
                };
                let first = mechanism.first(&account.user, place, token);
                self.show_token(mechanism, &first, known.has("SASL-IR"))
                    .await
            }
        }
    }

    /// Shows a token, at once where the server takes it so (RFC 4959), else when it asks.
    async fn show_token(
        &mut self,
        mechanism: Mechanism,
        first: &str,
        at_once: bool,
    ) -> Result<(), MailboxError> {
        let command = match at_once {
            true => format!("AUTHENTICATE {} {first}", mechanism.name()),
            false => format!("AUTHENTICATE {}", mechanism.name()),
        };
        let mut waiting = (!at_once).then(|| first.to_owned());
        let mut why = None;
        let Done { status, .. } = self
            .converse(&command, |challenge| match waiting.take() {
                Some(first) => first,
                None => {
                    why = reason_of(challenge);
                    mechanism.end().to_owned()
                }
            })
            .await?;
        status.map_err(|reason| MailboxError::Login {
            reason: match why {
                Some(why) => format!("{reason}: {why}"),
                None => reason,
            },
        })
    }
}

/// What a server tells of a refusal: an object with a status, in Base64 (RFC 7628, section 3.2.2).
fn reason_of(challenge: &str) -> Option<String> {
    let told = STANDARD.decode(challenge.trim()).ok()?;
    let told: Value = serde_json::from_slice(&told).ok()?;
    let status = told.get("status")?;
    Some(
        status
            .as_str()
            .map_or_else(|| status.to_string(), str::to_owned),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(mechanism: Mechanism, user: &str) -> String {
        let token = Secret::new("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==".to_owned());
        let first = mechanism.first(user, ("server.example.com", 143), &token);
        String::from_utf8(STANDARD.decode(first).unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_shown_as_the_standard_shows_it() {
        // RFC 7628, section 4.1.
        assert_eq!(
            said(Mechanism::OauthBearer, "user@example.com"),
            "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer \
             vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        );
        assert!(said(Mechanism::OauthBearer, "a,b=c").starts_with("n,a=a=2Cb=3Dc,\x01"));
        assert!(
            said(Mechanism::Xoauth2, "user@example.com")
                .starts_with("user=user@example.com\x01auth=Bearer vF9")
        );
    }

    #[test]
    fn a_refusal_is_told_with_its_status() {
        // RFC 7628, section 4.3.
        let challenge = "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=";
        assert_eq!(reason_of(challenge).as_deref(), Some("invalid_token"));
        assert_eq!(reason_of("no base64"), None);
    }
}
