//! The model folder of a segmentation.

use std::fmt::Write;
use std::path::Path;

use rapport_learn::{
    Baseline, Metrics, ModelFile, ModelFolderError, Persist, Provenance, load_model, save_model,
};

use super::{Report, SegmentModel};
use crate::SegmentParams;

impl Persist for SegmentModel {
    const KIND: &'static str = "segment";

    fn save(&self, folder: &Path, provenance: &Provenance) -> Result<(), ModelFolderError> {
        let names = self.feature_names();
        let params = self.params.clone();
        let mut file = ModelFile::new(Self::KIND, names, params, self, provenance);
        file.seed = self.seed;
        file.data.n_samples = self.report.n_customers as u64;
        file.data.fingerprint.clone_from(&self.fingerprint);
        file.metrics = metrics(self.report.stability_ari, self.report.silhouette);
        let baseline = &self.report.baseline;
        file.baseline = Some(Baseline {
            name: baseline.name.clone(),
            metrics: metrics(baseline.stability_ari, baseline.silhouette),
        });
        save_model(folder, &file, &card(self, provenance))
    }

    fn load(folder: &Path) -> Result<Self, ModelFolderError> {
        let file: ModelFile<SegmentParams, Self> = load_model(folder, Self::KIND)?;
        Ok(file.state)
    }
}

fn metrics(stability_ari: f64, silhouette: Option<f64>) -> Metrics {
    let mut metrics = Metrics::from([("stability_ari".into(), stability_ari)]);
    metrics.extend(silhouette.map(|figure| ("silhouette".into(), figure)));
    metrics
}

/// The model for people.
fn card(model: &SegmentModel, provenance: &Provenance) -> String {
    let Report {
        method,
        k,
        n_customers,
        stability_ari,
        silhouette,
        baseline,
        ..
    } = model.report();
    let figure = |value: Option<f64>| value.map_or("none".into(), |value| format!("{value:.3}"));
    let mut card = format!(
        "# Customer segments {}\n\n\
         {k} segments of {n_customers} customers by {}, made on {} by Rapport {}.\n\n\
         | | this model | baseline ({}) |\n|---|---|---|\n\
         | stability (mean ARI over {} resamples) | {stability_ari:.3} | {:.3} |\n\
         | silhouette | {} | {} |\n\n\
         ## Segments\n",
        provenance.version,
        method.name(),
        provenance.created_at.format("%Y-%m-%d"),
        provenance.code_version,
        baseline.name,
        model.params.n_resamples,
        baseline.stability_ari,
        figure(*silhouette),
        figure(baseline.silhouette),
    );
    for segment in model.segments() {
        write!(
            card,
            "\n**{}** ({}). {}\n",
            segment.name.en, segment.name.zh, segment.description.en
        )
        .expect("writing to a string cannot fail");
    }
    card.push_str(
        "\n## Use\n\n\
         Segments describe customers as they were when the model was made; they are no forecast \
         and no judgment of a person. A stability below 0.85 means that other customers of the \
         same kind would give other segments: do not build lasting rules on them.\n",
    );
    card
}
