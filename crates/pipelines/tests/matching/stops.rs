//! Runs that somebody stops.

use rapport_domain::JobStatus;
use rapport_pipelines::matching;
use rapport_store::jobs;
use rapport_store::match_pairs;

use crate::company::Company;

#[tokio::test]
async fn a_job_that_somebody_stops_leaves_everything_as_it_was() {
    let (company, _) = Company::of_twin(17, 120).await;
    let job = matching::start(&company.workspace).await.unwrap();

    let store = &company.workspace.store;
    jobs::cancel(store, job.id, company.workspace.clock.now())
        .await
        .unwrap();
    let over = company.run(job).await;

    assert_eq!(over.status, JobStatus::Cancelled);
    assert!(company.open_pairs().await.is_empty());
    let run = match_pairs::find_run(store, over.id).await;
    assert_eq!(run.unwrap(), None);
}
