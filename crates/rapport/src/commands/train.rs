//! `rapport train`: features and models from what was imported.

use anyhow::{Result, bail};
use rapport_domain::JobStatus;
use rapport_pipelines::{jobs, segmentations};
use serde_json::json;

use super::workspace;
use crate::cli::{Engine, TrainArgs};
use crate::config::Config;
use crate::output;
use crate::progress::Step;

pub(crate) async fn run(config: Config, args: TrainArgs) -> Result<()> {
    let workspace = workspace::open(&config).await?;
    let Engine::Segment = args.engine;
    let request = segmentations::SegmentationRequest::default();
    let job = segmentations::start(&workspace, request).await?;
    let step = Step::start("Finding segments");
    let job = jobs::run_until_over(&workspace, job.id, &mut |progress| {
        step.update(progress.done, progress.total);
    })
    .await?;
    if job.status != JobStatus::Done {
        bail!(
            "{}",
            job.error
                .unwrap_or_else(|| "the training was cancelled".to_owned())
        );
    }
    step.finish("done");
    let result = job.result.unwrap_or(json!({}));
    if args.json {
        output::json(&result)?;
    } else {
        output::line(&words(&result));
    }
    Ok(())
}

/// What became of it.
fn words(result: &serde_json::Value) -> String {
    let n_segments = result["k"].as_u64().unwrap_or(0);
    if result["is_shown"].as_bool() == Some(false) {
        return "New segments are no better on held-back customers than the baseline; what is shown \
                stays. The screen Models tells more."
            .to_owned();
    }
    if result["is_champion_kept"].as_bool() == Some(true) {
        return format!(
            "New segments are no better on held-back customers; the {n_segments} that serve take in \
             today's customers."
        );
    }
    format!("Published {n_segments} segments.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_whether_the_segments_are_new() {
        let new = words(&json!({"k": 5, "is_champion_kept": false}));
        let kept = words(&json!({"k": 4, "is_champion_kept": true, "is_shown": true}));
        let refused = words(&json!({"k": 4, "is_champion_kept": false, "is_shown": false}));

        assert_eq!(new, "Published 5 segments.");
        assert!(kept.contains("the 4 that serve"), "{kept}");
        assert!(refused.contains("what is shown stays"), "{refused}");
    }
}
