//! `rapport match`: contacts that may be one person, found among all.

use anyhow::{Result, bail};
use rapport_domain::JobStatus;
use rapport_pipelines::{Workspace, jobs, matching};
use serde_json::{Value, json};

use super::workspace;
use crate::cli::MatchArgs;
use crate::config::Config;
use crate::output;
use crate::progress::Step;

pub(crate) async fn run(config: Config, args: MatchArgs) -> Result<()> {
    workspace::within(&config, async |workspace| find(workspace, args).await).await
}

async fn find(workspace: &Workspace, args: MatchArgs) -> Result<()> {
    let job = matching::start(workspace).await?;
    let step = Step::start("Matching contacts");
    let job = jobs::run_until_over(workspace, job.id, &mut |progress| {
        step.update(progress.done, progress.total);
    })
    .await?;
    if job.status != JobStatus::Done {
        let error = job.error;
        bail!("{}", error.unwrap_or_else(|| "it was cancelled".to_owned()));
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

/// What was found.
fn words(result: &Value) -> String {
    let n = |name: &str| result[name].as_u64().unwrap_or(0);
    let (n_records, n_candidates) = (n("n_records"), n("n_candidates"));
    let (n_pairs, n_certain, n_merged) = (n("n_pairs"), n("n_certain"), n("n_merged"));
    let threshold = result["threshold"].as_f64().unwrap_or(1.0);
    let merged = match result["is_automatic"].as_bool() {
        Some(true) => format!("{n_merged} were merged, each of which can be taken back"),
        _ => "none was merged, for that is not set".to_owned(),
    };
    format!(
        "{n_pairs} pairs of {n_records} contacts may be one person ({n_candidates} were compared). \
         {n_certain} are certain, from a probability of {threshold} on; {merged}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_found_and_whether_anything_was_merged() {
        let mut result = json!({
            "n_records": 120, "n_candidates": 3400, "n_pairs": 9, "n_certain": 4, "n_merged": 0,
            "threshold": 0.999, "is_automatic": false,
        });

        let looked = words(&result);
        result["is_automatic"] = true.into();
        result["n_merged"] = 4.into();

        assert!(looked.contains("9 pairs of 120 contacts"), "{looked}");
        assert!(looked.contains("none was merged"), "{looked}");
        assert!(words(&result).contains("4 were merged"));
    }
}
