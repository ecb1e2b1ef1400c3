//! Which versions keep their files, so that a training each night does not fill the disk.

use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::StoreError;
use crate::sql::{self, Sql};

/// The newest versions of a kind keep their files, whatever became of them.
const N_NEWEST: i64 = 5;

/// Gives up the files of versions that never served and are not among the newest. Their figures,
/// evidence and trail stay. Versions from before stages were noted may have served and keep theirs, and
/// so does the shadow.
pub(crate) async fn drop_files_in(
    tx: &DatabaseTransaction,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = "UPDATE models SET files_dropped_at = ? WHERE kind = ? AND files_dropped_at IS NULL \
        AND status IN ('candidate', 'retired') \
        AND version <= (SELECT max(m.version) FROM models m WHERE m.kind = ?) - ? \
        AND EXISTS (SELECT 1 FROM model_transitions t WHERE t.model_id = models.id) \
        AND NOT EXISTS (SELECT 1 FROM model_transitions t \
            WHERE t.model_id = models.id AND t.to_stage = 'champion')";
    let values = [
        now.as_micros().into(),
        sql::text(kind),
        sql::text(kind),
        N_NEWEST.into(),
    ];
    let sql = Sql::of(tx.get_database_backend(), text, values);
    sql.execute(tx).await?;
    Ok(())
}
