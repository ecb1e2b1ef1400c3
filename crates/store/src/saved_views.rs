//! Saved views: lists as people want to see them again.

use futures::FutureExt as _;
use rapport_domain::{Invalid, SavedView, SavedViewId, UserId};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::entities::saved_view;
use crate::{Store, StoreError, record};

const OBJECT: &str = "view";

/// The most views that one person keeps.
pub const VIEWS_MAX: u64 = 100;

/// Lists what a person sees: the own views and those that others share, in the order in which they
/// were made.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, viewer: UserId) -> Result<Vec<SavedView>, StoreError> {
    let is_seen = Condition::any()
        .add(saved_view::Column::OwnerId.eq(viewer.as_uuid()))
        .add(saved_view::Column::IsShared.eq(true));
    let rows = saved_view::Entity::find()
        .filter(is_seen)
        .order_by_asc(saved_view::Column::Id)
        .all(store.reader())
        .await?;
    rows.into_iter().map(SavedView::try_from).collect()
}

/// Finds a view.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: SavedViewId) -> Result<Option<SavedView>, StoreError> {
    record::find_seen::<saved_view::Entity, _>(store, id).await
}

/// Writes a new view.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, or its owner has [`VIEWS_MAX`] already.
pub async fn create(store: &Store, view: SavedView) -> Result<SavedView, StoreError> {
    view.check()?;
    let (owner, row) = (view.owner_id, view.clone().into());
    store
        .write(move |tx| {
            async move {
                check_room(tx, owner).await?;
                record::create::<saved_view::Entity>(tx, OBJECT, row).await
            }
            .boxed()
        })
        .await?;
    Ok(view)
}

async fn check_room(tx: &DatabaseTransaction, owner: UserId) -> Result<(), StoreError> {
    let n_views = saved_view::Entity::find()
        .filter(saved_view::Column::OwnerId.eq(owner.as_uuid()))
        .count(tx)
        .await?;
    if n_views < VIEWS_MAX {
        return Ok(());
    }
    let message = format!("a person keeps at most {VIEWS_MAX} views; delete one first");
    Err(Invalid::one("", "too_many_views", message).into())
}

/// Writes a changed view if it still has the version that the caller read.
///
/// # Errors
/// [`StoreError::Conflict`] where it was changed meanwhile, [`StoreError::NotFound`] where it is
/// gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, view: SavedView, expected: i64) -> Result<(), StoreError> {
    view.check()?;
    let (id, row) = (view.id, view.into());
    store
        .write(move |tx| {
            record::update_versioned::<saved_view::Entity>(tx, OBJECT, id, expected, row, &[])
                .boxed()
        })
        .await
}

/// Deletes a view if it still has the version that the caller read.
///
/// # Errors
/// [`StoreError::Conflict`] where it was changed meanwhile, [`StoreError::NotFound`] where it is
/// gone.
pub async fn delete(store: &Store, id: SavedViewId, expected: i64) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            record::delete_versioned::<saved_view::Entity>(tx, OBJECT, id, expected).boxed()
        })
        .await
}
