//! What deliveries are signed with. A signature is made with the secret itself, so that it is kept as it
//! is, unlike a key.

use std::fmt;

use crate::secret;

/// A secret: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// A secret from the operating system's randomness.
    pub fn generate() -> Self {
        Self(secret::draw::<32>().to_vec())
    }

    pub(crate) const fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}
