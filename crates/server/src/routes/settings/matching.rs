//! The settings of the matcher as the API shows and takes them.

use rapport_domain::{SourceId, Violation};
use rapport_store::settings as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Sources that may be named.
const N_SOURCES_MAX: usize = 500;

/// How contacts of one person are found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct MatchingSettings {
    /// Whether certain pairs are merged without a person.
    is_automatic: bool,
    /// The probability from which on a pair is certain.
    threshold: f64,
    /// Sources that hold each person once: two of their records are never one person.
    distinct_sources: Vec<Uuid>,
}

/// Settings of the matcher to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchingSettingsPatch {
    /// Whether certain pairs are merged without a person.
    is_automatic: Option<bool>,
    /// The probability from which on a pair is certain, from 0.9 to less than 1.
    #[schema(minimum = 0.9, exclusive_maximum = 1)]
    threshold: Option<f64>,
    /// Sources that hold each person once.
    distinct_sources: Option<Vec<Uuid>>,
}

impl From<stored::MatchingSettings> for MatchingSettings {
    fn from(settings: stored::MatchingSettings) -> Self {
        let sources = settings.distinct_sources.into_iter();
        Self {
            is_automatic: settings.is_automatic,
            threshold: settings.threshold,
            distinct_sources: sources.map(Into::into).collect(),
        }
    }
}

impl MatchingSettingsPatch {
    /// Sets what is present; tells the rules that it breaks.
    pub(super) fn apply(self, settings: &mut stored::MatchingSettings) -> Vec<Violation> {
        let mut violations = Vec::new();
        if let Some(is_automatic) = self.is_automatic {
            settings.is_automatic = is_automatic;
        }
        if let Some(threshold) = self.threshold {
            settings.threshold = threshold;
            if !(0.9..1.0).contains(&threshold) {
                let message = "choose a probability from 0.9 to less than 1";
                violations.push(Violation::new("/threshold", "out_of_range", message));
            }
        }
        if let Some(sources) = self.distinct_sources {
            if sources.len() > N_SOURCES_MAX {
                let message = format!("name at most {N_SOURCES_MAX} sources");
                violations.push(Violation::new("/distinct_sources", "too_many", message));
            }
            settings.distinct_sources = sources.into_iter().map(SourceId).collect();
        }
        violations
    }
}
