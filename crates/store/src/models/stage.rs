//! Where a version stands, and where it may go from there.

use serde::{Deserialize, Serialize};

/// Where a version of a model stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelStage {
    /// Trained and registered.
    Candidate,
    /// Set aside for promotion; it gives no answers yet.
    Shadow,
    /// It serves.
    Champion,
    /// It served, or was dropped.
    Retired,
}

impl ModelStage {
    /// All stages.
    pub const ALL: [Self; 4] = [Self::Candidate, Self::Shadow, Self::Champion, Self::Retired];

    /// The name in the records and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Shadow => "shadow",
            Self::Champion => "champion",
            Self::Retired => "retired",
        }
    }

    /// Stages that a change may name. After a champion that retires without another in its place, the
    /// next training decides between the new model and the baseline.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Candidate => &[Self::Shadow, Self::Retired],
            Self::Shadow => &[Self::Champion, Self::Candidate, Self::Retired],
            Self::Champion => &[Self::Retired],
            Self::Retired => &[Self::Candidate],
        }
    }
}

impl std::fmt::Display for ModelStage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_way_to_the_top_leads_through_the_shadow() {
        let leads_up = |stage: &ModelStage| stage.next().contains(&ModelStage::Champion);

        let below: Vec<ModelStage> = ModelStage::ALL.into_iter().filter(leads_up).collect();

        assert_eq!(below, [ModelStage::Shadow]);
        assert!(
            ModelStage::ALL
                .into_iter()
                .all(|stage| !stage.next().contains(&stage))
        );
    }
}
