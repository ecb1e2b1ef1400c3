//! What is said about drift, per feature.

use serde::{Deserialize, Serialize};

/// How much a finding matters, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As before.
    Ok,
    /// Look at it when there is time.
    Watch,
    /// Find out why, and fit again.
    Act,
}

/// What has drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// The values of a feature; the figure is the population stability index.
    Values,
    /// The gaps of a feature; the figure is the change of the missing share, from -1 to 1.
    Missingness,
    /// A model's probabilities; the figure is the expected calibration error, from 0 to 1.
    Calibration,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The feature, or the name of the model's output.
    pub feature: String,
    /// What was looked at.
    pub kind: DriftKind,
    /// The verdict.
    pub status: Status,
    /// The number behind it, in the unit of its kind.
    pub figure: f64,
    /// The number in words.
    pub reason: String,
}

/// All that was looked at, in the order of the features.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DriftReport {
    /// One per feature and kind.
    pub findings: Vec<Finding>,
}

impl DriftReport {
    /// The worst status of all; [`Status::Ok`] when nothing was looked at.
    pub fn status(&self) -> Status {
        worst(self.findings.iter())
    }

    /// The worst status of one feature; `None` when it was not looked at.
    pub fn status_of(&self, feature: &str) -> Option<Status> {
        let mut of_feature = self.of(feature).peekable();
        of_feature.peek()?;
        Some(worst(of_feature))
    }

    /// What was found about one feature.
    pub fn of(&self, feature: &str) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.feature == feature)
    }
}

fn worst<'a>(findings: impl Iterator<Item = &'a Finding>) -> Status {
    findings
        .map(|finding| finding.status)
        .max()
        .unwrap_or(Status::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(feature: &str, kind: DriftKind, status: Status) -> Finding {
        Finding {
            feature: feature.into(),
            kind,
            status,
            figure: 0.0,
            reason: String::new(),
        }
    }

    #[test]
    fn the_worst_finding_is_the_status() {
        let report = DriftReport {
            findings: vec![
                finding("age", DriftKind::Values, Status::Ok),
                finding("age", DriftKind::Missingness, Status::Watch),
                finding("spend", DriftKind::Values, Status::Act),
            ],
        };

        assert_eq!(report.status_of("age"), Some(Status::Watch));
        assert_eq!(report.status_of("height"), None);
        assert_eq!(report.status(), Status::Act);
        assert_eq!(DriftReport::default().status(), Status::Ok);
    }
}
