//! What a training began with: from its checkpoint only the same training goes on.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TrainParams;
use crate::NnError;

/// Seed, examples and parameters of a training, by name. Without its epochs, of which more may be asked
/// for later, and without its secret key, which is written nowhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin(BTreeMap<String, Value>);

impl Origin {
    pub(super) fn new(params: &TrainParams, n_examples: usize, seed: u64) -> Self {
        let params = serde_json::to_value(params).expect("parameters are numbers and names");
        let params = params.as_object().cloned().unwrap_or_default();
        let mut settings: BTreeMap<String, Value> = params.into_iter().collect();
        settings.remove("n_epochs");
        settings.insert("n_examples".to_owned(), n_examples.into());
        settings.insert("seed".to_owned(), seed.into());
        Self(settings)
    }

    /// Refuses the training that a folder holds where it began with anything else than this one.
    ///
    /// # Errors
    /// [`NnError::OtherTraining`] with the first setting that differs.
    pub(super) fn require_that_of(&self, found: &Self, folder: &Path) -> Result<(), NnError> {
        let settings = self.0.keys().chain(found.0.keys());
        let mut settings = settings.map(|name| (name, self.0.get(name), found.0.get(name)));
        let Some((name, asked, found)) = settings.find(|(_, asked, found)| asked != found) else {
            return Ok(());
        };
        let text = |value: Option<&Value>| value.map_or("unknown".to_owned(), Value::to_string);
        Err(NnError::OtherTraining {
            folder: folder.to_owned(),
            setting: name.clone(),
            found: text(found),
            asked: text(asked),
        })
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::privacy::NoiseKey;

    use super::*;
    use crate::train::PrivacyParams;

    fn params() -> TrainParams {
        let privacy = PrivacyParams {
            // Written as nothing, as all infinite numbers are.
            clip_norm: f64::INFINITY,
            noise_multiplier: 0.0,
            delta: 1e-5,
            key: NoiseKey::known(1),
        };
        TrainParams {
            privacy: Some(privacy),
            learning_rate: 0.1 + 0.2,
            ..TrainParams::default()
        }
    }

    #[test]
    fn what_comes_back_from_a_file_is_the_same() {
        let origin = Origin::new(&params(), 75, u64::MAX);
        let json = serde_json::to_string(&origin).unwrap();

        let again: Origin = serde_json::from_str(&json).unwrap();

        assert_eq!(again, origin);
        assert!(origin.require_that_of(&again, Path::new("folder")).is_ok());
    }

    #[test]
    fn epochs_and_keys_may_differ_and_all_else_is_said_by_name() {
        let same = TrainParams {
            n_epochs: 99,
            privacy: params().privacy.map(|privacy| PrivacyParams {
                key: NoiseKey::known(2),
                ..privacy
            }),
            ..params()
        };
        let origin = Origin::new(&params(), 75, 3);
        let folder = Path::new("folder");

        assert!(
            origin
                .require_that_of(&Origin::new(&same, 75, 3), folder)
                .is_ok()
        );
        let error = |other: Origin| {
            origin
                .require_that_of(&other, folder)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error(Origin::new(&params(), 74, 3)),
            "folder: the training in this folder has `n_examples` 74, and 75 is asked for; ask for \
             the same, or give the training a folder of its own"
        );
        assert!(error(Origin::new(&params(), 75, 4)).contains("`seed` 4, and 3"));
        let public = TrainParams {
            privacy: None,
            ..params()
        };
        assert!(error(Origin::new(&public, 75, 3)).contains("`privacy` null"));
    }
}
