//! Texts in both languages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in English and in Simplified Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct LocalizedText {
    /// English.
    pub(crate) en: String,
    /// Simplified Chinese.
    pub(crate) zh: String,
}

impl From<rapport_domain::LocalizedText> for LocalizedText {
    fn from(text: rapport_domain::LocalizedText) -> Self {
        Self {
            en: text.en,
            zh: text.zh,
        }
    }
}

impl From<LocalizedText> for rapport_domain::LocalizedText {
    fn from(text: LocalizedText) -> Self {
        Self::new(text.en, text.zh)
    }
}
