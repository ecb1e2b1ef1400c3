//! The pipeline that most begin with: a workspace has it from the start, and its stages are understood in
//! both languages wherever a file names them.

use crate::{Language, Pipeline, PipelineId, Stage, StageId, StageOutcome};

/// A stage that most pipelines have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsualStage {
    en: &'static str,
    zh: &'static str,
    /// What being here means.
    pub outcome: StageOutcome,
    /// Chance of a sale from here, in `[0, 1]`.
    pub probability: f64,
}

impl UsualStage {
    /// The stages in order, from the first talk to the end.
    pub const ALL: [Self; 6] = [
        Self::new("First talks", "初步接触", StageOutcome::Open, 0.1),
        Self::new("Qualified", "已确认需求", StageOutcome::Open, 0.25),
        Self::new("Proposal", "方案报价", StageOutcome::Open, 0.5),
        Self::new("Negotiation", "商务谈判", StageOutcome::Open, 0.75),
        Self::new("Won", "赢单", StageOutcome::Won, 1.0),
        Self::new("Lost", "输单", StageOutcome::Lost, 0.0),
    ];

    const fn new(
        en: &'static str,
        zh: &'static str,
        outcome: StageOutcome,
        probability: f64,
    ) -> Self {
        Self {
            en,
            zh,
            outcome,
            probability,
        }
    }

    /// Its name in one language.
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }

    /// Its names in all languages.
    pub const fn names(&self) -> [&'static str; 2] {
        [self.en, self.zh]
    }
}

impl Pipeline {
    /// The usual pipeline, named in one language; `next_id` gives a stage its id.
    pub fn usual(language: Language, id: PipelineId, mut next_id: impl FnMut() -> StageId) -> Self {
        let name = match language {
            Language::En => "Sales",
            Language::Zh => "销售",
        };
        let stages = UsualStage::ALL.iter().map(|stage| Stage {
            id: next_id(),
            name: stage.name(language).to_owned(),
            outcome: stage.outcome,
            probability: stage.probability,
        });
        Self {
            id,
            name: name.to_owned(),
            stages: stages.collect(),
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_usual_pipeline_keeps_the_rules_in_both_languages() {
        for language in [Language::En, Language::Zh] {
            let pipeline =
                Pipeline::usual(language, PipelineId(Uuid::nil()), || StageId(Uuid::nil()));

            assert_eq!(pipeline.check(), Ok(()));
            let chances = pipeline.stages.iter().map(|stage| stage.probability);
            let open: Vec<f64> = chances.take(4).collect();
            assert!(open.is_sorted(), "{open:?}");
        }
    }
}
