//! Contacts are attached to the company of their e-mail domain: one by one as they are entered, and all that
//! are open as a job, after imports and when it is switched on. Only where the workspace has it so.

use rapport_domain::{Actor, Author, ContactId, JobProgress, SystemActor, Timestamp};
use rapport_store::jobs::{self as queue, Job, NewJob};
use rapport_store::{Store, company_attachments, settings};
use serde_json::json;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{self, JobContext};

/// Kind of the job.
pub(crate) const JOB_KIND: &str = "company_attachment";
/// Contacts in one transaction.
const N_BATCH: i64 = 200;
/// How long after something that opens new ways it runs, so that of several in a row one job sees all.
const WAIT_MICROS: i64 = 10_000_000;

/// Queues that all open contacts are looked at, soon; none where the workspace does not have it so.
///
/// # Errors
/// [`PipelineError::Store`] where the queue cannot be written.
pub async fn start(workspace: &Workspace) -> Result<Option<Job>, PipelineError> {
    let store = &workspace.store;
    if !settings::workspace(store).await?.attaches_companies {
        return Ok(None);
    }
    let now = workspace.clock.now();
    let job = jobs::new_job(workspace, JOB_KIND, json!({}), Some(JOB_KIND.to_owned()));
    let job = NewJob {
        run_at: Timestamp::from_micros(now.as_micros() + WAIT_MICROS),
        ..job
    };
    let job = queue::enqueue(store, job, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(Some(job))
}

/// Attaches one contact to the company that has its domain, if the workspace has it so; tells whether it did.
///
/// # Errors
/// [`PipelineError::Store`] where the store fails.
pub async fn attach(workspace: &Workspace, contact: ContactId) -> Result<bool, PipelineError> {
    let none = company_attachments::Colleagues::default();
    let store = by_itself(workspace);
    let n_attached = company_attachments::attach(&store, vec![contact], &none).await?;
    Ok(n_attached > 0)
}

/// Looks at all contacts that are open. A second run finds nothing more.
pub(crate) async fn run(
    workspace: &Workspace,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let store = &workspace.store;
    let mut progress = JobProgress {
        step: "reading_contacts".to_owned(),
        done: 0,
        total: None,
    };
    job.report(progress.clone()).await?;
    let colleagues = company_attachments::colleagues(store).await?;
    "attaching_companies".clone_into(&mut progress.step);
    let (mut last, mut n_attached) = (None, 0);
    loop {
        let open = company_attachments::list_open(store, last, N_BATCH).await?;
        let Some(end) = open.last() else { break };
        last = Some(*end);
        progress.done += open.len() as u64;
        let by = by_itself(workspace);
        n_attached += company_attachments::attach(&by, open, &colleagues).await?;
        job.report(progress.clone()).await?;
    }
    Ok(json!({ "n_contacts": progress.done, "n_attached": n_attached }))
}

/// The store in the program's own name.
fn by_itself(workspace: &Workspace) -> Store {
    let actor = Actor::System(SystemActor::Matching);
    workspace
        .store
        .in_name_of(Author::new(actor, workspace.clock.now()))
}
