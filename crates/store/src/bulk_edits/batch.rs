//! One batch of a bulk edit, done or taken back, in a transaction that moves `batches_done`.

use futures::FutureExt as _;
use rapport_domain::{BulkEditId, BulkEditStatus, Timestamp};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use uuid::Uuid;

use super::run::{self, Editing};
use super::{BulkEdit, OBJECT, STATEFUL, as_it_is, undo};
use crate::entities::bulk_edit;
use crate::{Store, StoreError};

/// Which way an edit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Its next batch is done.
    On,
    /// Its last batch that is done is taken back.
    Back,
}

/// Changes the records of the next batch, as the store's user may, and returns the edit as it is then.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not running or no batch is left, [`StoreError::NotFound`] where it
/// is gone, [`StoreError::BrokenReference`] where the values name what is gone meanwhile,
/// [`StoreError::FieldsNotAllowed`] where the user may no longer set a field; nothing was changed then.
pub async fn run_batch(
    store: &Store,
    id: BulkEditId,
    now: Timestamp,
) -> Result<BulkEdit, StoreError> {
    one(store, id, Way::On, now).await
}

/// Takes the last batch that is done back, as the store's user may, and returns the edit as it is then.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not being taken back or no batch is left,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::FieldsNotAllowed`] where the user may not set what
/// the edit has set; nothing was changed then.
pub async fn undo_batch(
    store: &Store,
    id: BulkEditId,
    now: Timestamp,
) -> Result<BulkEdit, StoreError> {
    one(store, id, Way::Back, now).await
}

async fn one(
    store: &Store,
    id: BulkEditId,
    way: Way,
    now: Timestamp,
) -> Result<BulkEdit, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let editing = Editing {
                    tx,
                    lens: &lens,
                    now,
                };
                let edit = open(tx, id, way).await?;
                match way {
                    Way::On => run::run_in(&editing, edit).await,
                    Way::Back => undo::undo_in(&editing, edit).await,
                }
            }
            .boxed()
        })
        .await?;
    as_it_is(store, id).await
}

/// Moves an edit one batch on its way, if it is on that way, and reads it as it is then.
async fn open(
    tx: &DatabaseTransaction,
    id: BulkEditId,
    way: Way,
) -> Result<bulk_edit::Model, StoreError> {
    let (from, set) = match way {
        Way::On => (BulkEditStatus::Running, "batches_done = batches_done + 1"),
        Way::Back => (BulkEditStatus::Undoing, "batches_done = batches_done - 1"),
    };
    STATEFUL
        .step(tx, id.into(), &[from], set, Vec::new())
        .await?;
    let edit = bulk_edit::Entity::find_by_id(Uuid::from(id))
        .one(tx)
        .await?;
    let edit = edit.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    if !(0..=edit.n_batches).contains(&edit.batches_done) {
        return Err(STATEFUL.wrong_state(tx, edit.id).await?);
    }
    Ok(edit)
}
