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
        output::line(&format!("Published {}.", result["k"].as_u64().unwrap_or(0)));
    }
    Ok(())
}
