//! The model folder of a scorer.

use std::fmt::Write as _;
use std::path::Path;

use super::{Scorer, ScorerParams};
use crate::runs::Evaluation;
use crate::{ModelFile, ModelFolderError, Persist, Provenance, load_model, save_model};

/// Columns that the card names.
const N_NAMED: usize = 10;

impl Scorer {
    /// Writes the folder, whole or not at all, with how good the scorer proved to be.
    ///
    /// # Errors
    /// The folder exists, a figure is not finite, or the disk refuses.
    pub fn save_with(
        &self,
        folder: &Path,
        provenance: &Provenance,
        evaluation: &Evaluation,
    ) -> Result<(), ModelFolderError> {
        let params = self.params.clone();
        let columns = self.columns.clone();
        let mut file = ModelFile::new(Self::KIND, columns, params, self, provenance);
        file.seed = self.seed;
        file.data.n_samples = self.n_rows;
        file.data.fingerprint.clone_from(&self.fingerprint);
        file.metrics.clone_from(&evaluation.metrics);
        file.baseline.clone_from(&evaluation.baseline);
        save_model(folder, &file, &card(self, provenance, evaluation))
    }
}

impl Persist for Scorer {
    const KIND: &'static str = "score";

    fn save(&self, folder: &Path, provenance: &Provenance) -> Result<(), ModelFolderError> {
        self.save_with(folder, provenance, &Evaluation::default())
    }

    fn load(folder: &Path) -> Result<Self, ModelFolderError> {
        let file: ModelFile<ScorerParams, Self> = load_model(folder, Self::KIND)?;
        Ok(file.state)
    }
}

/// The scorer for people.
fn card(scorer: &Scorer, provenance: &Provenance, evaluation: &Evaluation) -> String {
    let mut card = format!(
        "# Scores {}\n\nProbabilities by {}, learned from {} rows on {} by Rapport {}.\n",
        provenance.version,
        scorer.name(),
        scorer.n_rows,
        provenance.created_at.format("%Y-%m-%d"),
        provenance.code_version,
    );
    let baseline = evaluation.baseline.as_ref();
    if !evaluation.metrics.is_empty() {
        let name = baseline.map_or("none", |baseline| baseline.name.as_str());
        let _ = write!(
            card,
            "\nOn {} rows that it had not seen:\n\n| | this model | baseline ({name}) |\n|---|---|---|\n",
            evaluation.n_rows,
        );
    }
    for (metric, value) in &evaluation.metrics {
        let beside = baseline.and_then(|baseline| baseline.metrics.get(metric));
        let beside = beside.map_or("none".to_owned(), |value| format!("{value:.4}"));
        let _ = writeln!(card, "| {metric} | {value:.4} | {beside} |");
    }
    let importances = scorer.importances();
    if !importances.is_empty() {
        card.push_str("\n## What weighs most\n\n");
    }
    for (name, share) in importances.iter().take(N_NAMED) {
        let _ = writeln!(card, "- {name}: {:.0} % of the trees' gain", share * 100.0);
    }
    card.push_str(
        "\n## Use\n\nA score is the share of such rows in which it happened, not a verdict on one of \
         them. It holds for rows like those it was learned from: watch drift and calibration.\n",
    );
    card
}
