//! Writing the deals of a batch.

use rapport_domain::Deal;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::commit::KEEP_KNOWN;
use super::journal::{Journal, RecordKey, RecordKind};
use crate::entities::deal;
use crate::journal::writes_taken_back;
use crate::sql;
use crate::{StoreError, bulk};

/// Columns of a deal that rows do not bring up to date. The version counts what people change, and the
/// next file may change the deal again.
const KEPT: [&str; 4] = ["id", "custom", "created_at", "version"];

/// Writes new deals and brings known ones up to date; returns how many of these were left alone, since a
/// person has edited them.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    new: &[Deal],
    changed: &[Deal],
    journal: &mut Journal<'_>,
) -> Result<u64, StoreError> {
    let ids = new.iter().chain(changed).map(|deal| Uuid::from(deal.id));
    let ids: Vec<Uuid> = ids.collect();
    let watched = journal
        .watch::<deal::Entity>("id", sql::ids(&ids).collect())
        .await?;
    let keys = new.iter().map(|deal| RecordKey::of(deal.id));
    journal.created(
        RecordKind::Deals,
        keys.filter(|&key| !watched.has(key)),
        None,
    );
    let rows = new.iter().cloned().map(deal::Model::from);
    bulk::insert::<deal::Entity>(tx, rows.collect::<Vec<_>>(), KEEP_KNOWN).await?;
    let mut n_kept = 0;
    for deal in changed {
        let id = deal.id;
        let row = deal.clone().into();
        let mut statement = bulk::update::<deal::Entity>(tx.get_database_backend(), row, &KEPT);
        let where_unedited = concat!(
            " WHERE id = ? AND version = 1 + ",
            writes_taken_back!("deals.id")
        );
        statement.push_with(where_unedited, [sql::id(id)]);
        n_kept += u64::from(statement.execute(tx).await? == 0);
    }
    journal.changed(&watched).await?;
    Ok(n_kept)
}
