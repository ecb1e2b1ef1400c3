//! Deals and the pipelines that they move through.

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{
    CompanyId, ContactId, CustomValues, Date, DealId, Invalid, Money, PipelineId, StageId,
    Timestamp, UserId, Violation,
};

/// An ordered set of stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Identifier.
    pub id: PipelineId,
    /// Name.
    pub name: String,
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// Grows by one with every change.
    pub version: i64,
}

/// What being in a stage means for the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageOutcome {
    /// Undecided.
    Open,
    /// Sold.
    Won,
    /// Not sold.
    Lost,
}

/// One stage of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Identifier.
    pub id: StageId,
    /// Name.
    pub name: String,
    /// What being here means.
    pub outcome: StageOutcome,
    /// Chance of a sale from here, in `[0, 1]`.
    pub probability: f64,
}

impl Pipeline {
    /// The most stages: more than a board can be read with.
    pub const STAGES_MAX: usize = 50;

    /// Checks names, chances, the number of stages and that a deal can be won and lost.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 100);
        for stage in &self.stages {
            check_text(&mut violations, "/stages/name", &stage.name, 100);
            if !(0.0..=1.0).contains(&stage.probability) {
                let message = "a probability lies between 0 and 1";
                violations.push(Violation::new(
                    "/stages/probability",
                    "out_of_range",
                    message,
                ));
            }
        }
        if self.stages.len() > Self::STAGES_MAX {
            let message = format!("a pipeline has at most {} stages", Self::STAGES_MAX);
            violations.push(Violation::new("/stages", "too_many_stages", message));
        }
        for outcome in [StageOutcome::Open, StageOutcome::Won, StageOutcome::Lost] {
            if !self.stages.iter().any(|stage| stage.outcome == outcome) {
                let message = "a pipeline needs an open, a won and a lost stage";
                violations.push(Violation::new("/stages", "outcome_missing", message));
                break;
            }
        }
        Invalid::check(violations)
    }
}

/// A possible sale.
#[derive(Debug, Clone, PartialEq)]
pub struct Deal {
    /// Identifier.
    pub id: DealId,
    /// Name.
    pub name: String,
    /// Pipeline that the deal moves through.
    pub pipeline_id: PipelineId,
    /// Where it stands.
    pub stage_id: StageId,
    /// What it is worth.
    pub amount: Option<Money>,
    /// When it is expected to close.
    pub expected_close_on: Option<Date>,
    /// Customer, as a person.
    pub contact_id: Option<ContactId>,
    /// Customer, as an organization.
    pub company_id: Option<CompanyId>,
    /// Colleague in charge.
    pub owner_id: Option<UserId>,
    /// Custom field values.
    pub custom: CustomValues,
    /// When the deal entered its stage.
    pub stage_entered_at: Timestamp,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

impl Deal {
    /// Checks the fields that people type.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 200);
        if self.amount.is_some_and(|amount| amount.amount_minor < 0) {
            let message = "a deal's amount is not negative";
            violations.push(Violation::new("/amount", "negative", message));
        }
        Invalid::check(violations)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn stage(outcome: StageOutcome, probability: f64) -> Stage {
        Stage {
            id: StageId(Uuid::nil()),
            name: format!("{outcome:?}"),
            outcome,
            probability,
        }
    }

    #[test]
    fn a_pipeline_without_a_lost_stage_is_refused() {
        let stages = vec![
            stage(StageOutcome::Open, 0.5),
            stage(StageOutcome::Won, 1.0),
        ];

        assert_eq!(first_broken(stages), Some("outcome_missing"));
    }

    #[test]
    fn a_pipeline_has_as_many_stages_as_can_be_read() {
        let with_open = |n_open: usize| {
            let mut stages = vec![
                stage(StageOutcome::Won, 1.0),
                stage(StageOutcome::Lost, 0.0),
            ];
            stages.extend((0..n_open).map(|_| stage(StageOutcome::Open, 0.5)));
            stages
        };

        assert_eq!(first_broken(with_open(Pipeline::STAGES_MAX - 2)), None);
        assert_eq!(
            first_broken(with_open(Pipeline::STAGES_MAX - 1)),
            Some("too_many_stages")
        );
    }

    fn first_broken(stages: Vec<Stage>) -> Option<&'static str> {
        let pipeline = Pipeline {
            id: PipelineId(Uuid::nil()),
            name: "Sales".into(),
            stages,
            version: 1,
        };
        let broken = pipeline.check().err()?;
        Some(broken.violations[0].code)
    }
}
