//! The definitions in memory. They are asked for with every list and every write, and change once a
//! month: a number in the settings tells whether they have, in this process or in another.

use std::sync::{Arc, PoisonError, RwLock};

use rapport_domain::CustomField;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, QueryOrder as _};

use crate::entities::{custom_field, setting};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// Key of the setting that counts changes of definitions.
const EPOCH: &str = "custom_fields_epoch";

/// The definitions as of an epoch.
#[derive(Debug, Default)]
pub(crate) struct FieldCache(RwLock<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    epoch: i64,
    fields: Arc<[CustomField]>,
}

/// All definitions in their order, as they are now.
pub(super) async fn fields(store: &Store) -> Result<Arc<[CustomField]>, StoreError> {
    // Read before the definitions: should they change in between, they are read once more than need
    // be, and never kept beyond their time.
    let epoch = epoch(store).await?;
    let cache = &store.custom_fields().0;
    let known = cache.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = known
        && known.epoch == epoch
    {
        return Ok(known.fields);
    }
    let rows = custom_field::Entity::find()
        .order_by_asc(custom_field::Column::Object)
        .order_by_asc(custom_field::Column::Position)
        .order_by_asc(custom_field::Column::Key)
        .all(store.reader())
        .await?;
    let fields: Result<Arc<[CustomField]>, StoreError> =
        rows.into_iter().map(CustomField::try_from).collect();
    let fields = fields?;
    let mut place = cache.write().unwrap_or_else(PoisonError::into_inner);
    *place = Some(Known {
        epoch,
        fields: Arc::clone(&fields),
    });
    Ok(fields)
}

async fn epoch(store: &Store) -> Result<i64, StoreError> {
    let row = setting::Entity::find_by_id(EPOCH)
        .one(store.reader())
        .await?;
    let epoch = row.map(|row| codec::from_json("settings.value", &row.value));
    Ok(epoch.transpose()?.unwrap_or(0))
}

/// Lets every process read the definitions anew once the transaction is through.
pub(super) async fn outdate(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let statement = "INSERT INTO settings (key, value) VALUES (?, '1') ON CONFLICT (key) \
         DO UPDATE SET value = CAST(CAST(settings.value AS bigint) + 1 AS text)";
    Sql::of(tx.get_database_backend(), statement, [sql::text(EPOCH)])
        .execute(tx)
        .await?;
    Ok(())
}
