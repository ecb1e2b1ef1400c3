//! Jobs that nobody may work on any more, and the imports and runs that end with their job.

use futures::FutureExt as _;
use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::orders::{self, TotalsScope};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk_edits, runs};

/// Status and error that a job ends with, and the jobs that do. A job that takes the whole process
/// down counts its attempts like any other, or it would do so at every start.
const ENDINGS: [(&str, &str); 2] = [
    ("'cancelled', error = error", "cancel_requested"),
    (
        "'failed', error = 'the program stopped while it ran and no attempt is left; the log says \
         why, start it again after that is mended'",
        "attempts >= attempts_max",
    ),
];

/// Ends those of the jobs `whose` names that must not run again: cancelled where a person had asked
/// for that, failed where no attempt is left. Their imports and runs end with them.
pub(super) async fn end_hopeless(
    tx: &DatabaseTransaction,
    whose: &Sql,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (ending, condition) in ENDINGS {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            &format!(
                "UPDATE jobs SET status = {ending}, finished_at = ?, lease_until = NULL \
                 WHERE {condition} AND "
            ),
            [sql::at(now)],
        );
        sql.append(whose.clone());
        sql.execute(tx).await?;
    }
    end_dependents(tx, now).await
}

/// Ends imports, bulk edits and runs under way whose job ended without finishing them, as that job ended. What such
/// an import has brought in stays, and what it adds up to is brought up to date.
pub(crate) async fn end_dependents(
    tx: &DatabaseTransaction,
    now: Timestamp,
) -> Result<(), StoreError> {
    runs::end_with_jobs(tx, now).await?;
    bulk_edits::end_with_jobs(tx, now).await?;
    const ENDED: &str = "j.id = imports.job_id AND j.status IN ('failed', 'cancelled') \
                         AND imports.status IN ('queued', 'running')";
    let backend = tx.get_database_backend();
    let mut half_read = Sql::new(backend);
    half_read
        .push("SELECT imports.id FROM imports, jobs j WHERE imports.rows_done > 0 AND ")
        .push(ENDED)
        .push(" LIMIT 1");
    let is_half_read = half_read.one(tx).await?.is_some();
    let mut sql = Sql::new(backend);
    sql.push_with(
        "UPDATE imports SET status = j.status, finished_at = ?, \
         error = CASE WHEN j.status = 'failed' THEN j.error END FROM jobs j WHERE ",
        [sql::at(now)],
    );
    sql.push(ENDED);
    sql.execute(tx).await?;
    if is_half_read {
        orders::refresh_totals_in(tx, TotalsScope::All).await?;
    }
    Ok(())
}

/// Brings imports and runs in line with their jobs: for the start of a process that shares the records with
/// others, after a version that ended the two apart.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn reconcile(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    store.write(move |tx| end_dependents(tx, now).boxed()).await
}
