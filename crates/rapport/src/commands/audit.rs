//! `rapport audit`: whether the audit is as it was written, and where it ends.

use anyhow::{Result, bail};
use rapport_store::audit::{self, ChainHead, Fault, FaultKind, Verdict};
use serde_json::json;

use super::workspace;
use crate::cli::AuditAction;
use crate::config::Config;
use crate::output;

pub(crate) async fn run(config: Config, action: AuditAction) -> Result<()> {
    let workspace = workspace::open(&config).await?;
    match action {
        AuditAction::Verify { head, json } => {
            let verdict = audit::verify(&workspace.store, head.as_ref()).await?;
            show(&verdict, json)
        }
        AuditAction::Head => {
            let head: ChainHead = audit::head(&workspace.store).await?;
            output::line(&head.to_string());
            Ok(())
        }
    }
}

fn show(verdict: &Verdict, is_json: bool) -> Result<()> {
    let fault = verdict.fault.as_ref().map(sentence);
    if is_json {
        output::json(&json!({
            "n_sound": verdict.n_sound,
            "head": verdict.head.to_string(),
            "fault": verdict.fault.map(|fault| json!({
                "seq": fault.seq,
                "entry_id": fault.entry,
                "message": sentence(&fault),
            })),
        }))?;
    } else if fault.is_none() {
        output::line(&format!(
            "The audit is whole: {} entries, it ends with {}",
            verdict.n_sound, verdict.head
        ));
    }
    match fault {
        None => Ok(()),
        Some(said) => bail!("{said}; {} entries before it are sound", verdict.n_sound),
    }
}

fn sentence(fault: &Fault) -> String {
    let seq = fault.seq;
    match fault.kind {
        FaultKind::Altered => format!("entry {seq} of the audit is not what it was"),
        FaultKind::Missing => format!("entry {seq} of the audit is missing"),
        FaultKind::OutOfOrder { stands_at } => {
            format!("entry {seq} of the audit stands in place {stands_at}")
        }
        FaultKind::ValuesGone => {
            format!("the values of entry {seq} are gone, and no entry says that they were erased")
        }
        FaultKind::NotAsKept => {
            format!("entry {seq} of the audit has another hash than the one that was kept")
        }
        FaultKind::Head => format!("the audit does not end where it was left, at entry {seq}"),
    }
}
