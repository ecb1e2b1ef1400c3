//! Writing the deals of a batch.

use rapport_domain::Deal;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::commit::KEEP;
use super::journal::{Journal, RecordKey, RecordKind};
use crate::entities::deal;
use crate::sql;
use crate::{StoreError, bulk};

/// Columns of a deal that rows do not bring up to date. The version counts what people change, and the
/// next file may change the deal again.
const KEPT: [&str; 4] = ["id", "custom", "created_at", "version"];

/// Writes new deals and brings known ones up to date that nobody has edited.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    new: &[Deal],
    changed: &[Deal],
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
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
    bulk::insert::<deal::Entity>(tx, rows.collect::<Vec<_>>(), KEEP).await?;
    for deal in changed {
        let id = deal.id;
        let row = deal.clone().into();
        let mut statement = bulk::update::<deal::Entity>(tx.get_database_backend(), row, &KEPT);
        statement.push_with(" WHERE id = ? AND version = 1", [sql::id(id)]);
        statement.execute(tx).await?;
    }
    journal.changed(&watched).await
}
