//! `rapport train`: features and models from what was imported.

use anyhow::{Result, bail};
use rapport_domain::JobStatus;
use rapport_pipelines::{Workspace, jobs, segmentations};
use serde_json::json;

use super::workspace;
use crate::cli::{Engine, TrainArgs};
use crate::config::Config;
use crate::output;
use crate::progress::Step;

pub(crate) async fn run(config: Config, args: TrainArgs) -> Result<()> {
    workspace::within(&config, async |workspace| train(workspace, args).await).await
}

async fn train(workspace: &Workspace, args: TrainArgs) -> Result<()> {
    let Engine::Segment = args.engine;
    let request = segmentations::SegmentationRequest::default();
    let job = segmentations::start(workspace, request).await?;
    let step = Step::start("Finding segments");
    let job = jobs::run_until_over(workspace, job.id, &mut |progress| {
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
    let is_shown = result["is_shown"].as_bool() != Some(false);
    let why = match result["refusal"].as_str() {
        None if is_shown => return format!("Published {n_segments} segments."),
        Some("no_evidence") => "There are too few customers to compare new segments on",
        None | Some("stale_evidence") => {
            "Another model began to serve while the new segments were made"
        }
        Some("not_better_than_baseline") => {
            "New segments are no better on held-back customers than the baseline"
        }
        Some(_) => "New segments are no better on held-back customers than those that serve",
    };
    if !is_shown {
        return format!("{why}; what is shown stays. The screen Models tells more.");
    }
    format!("{why}; the {n_segments} that serve take in today's customers.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_whether_the_segments_are_new() {
        let new = words(&json!({"k": 5, "is_shown": true, "refusal": null}));
        let why = "not_better_than_champion";
        let kept = words(&json!({"k": 4, "is_shown": true, "refusal": why}));
        let why = "no_evidence";
        let refused = words(&json!({"k": 4, "is_shown": false, "refusal": why}));

        let late = words(&json!({"k": 5, "is_shown": false, "refusal": null}));

        assert_eq!(new, "Published 5 segments.");
        assert!(late.contains("Another model began"), "{late}");
        assert!(kept.contains("the 4 that serve"), "{kept}");
        assert!(refused.contains("too few customers"), "{refused}");
        assert!(refused.contains("what is shown stays"), "{refused}");
    }
}
