//! The two contacts of merges that people made, as each was found: what can be learned from.

use rapport_domain::Contact;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::operations::kept_of;
use crate::entities::identity_operation::{Column, Entity};
use crate::{Store, StoreError};

/// Merges that people made one by one and that are in force, the latest first: the contact that stayed and the
/// one that went, both as they were before. Those whose values were erased are left out, and those of the rule
/// `but`.
pub(crate) async fn merged_by_people(
    store: &Store,
    but: &str,
    limit: u64,
) -> Result<Vec<(Contact, Contact)>, StoreError> {
    let rule = Condition::any()
        .add(Column::Rule.is_null())
        .add(Column::Rule.ne(but));
    let find = Entity::find()
        .filter(Column::Kind.eq("merge"))
        .filter(Column::UserId.is_not_null())
        .filter(Column::UndoneBy.is_null())
        .filter(Column::Kept.is_not_null())
        .filter(rule)
        .order_by_desc(Column::Seq)
        .limit(limit);
    let mut merged = Vec::new();
    for row in find.all(store.reader()).await? {
        if let Some(kept) = kept_of(&row)? {
            let (found, child) = (kept.step.found, kept.step.child);
            merged.push((Contact::try_from(found)?, Contact::try_from(child)?));
        }
    }
    Ok(merged)
}
