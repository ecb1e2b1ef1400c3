//! Deleting companies, and what sources call them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::Batch;
use super::heirs::{self, Heirs};
use super::remove::{Found, bequeath, look, settle};
use crate::StoreError;
use crate::entities::company_key;
use crate::imports::journal::{self, Creation, RecordKey, RecordKind};
use crate::sql;

/// The batch that is taken back last, when it is known of all companies that the import made whether
/// they stay.
const LAST: i64 = 1;

/// Deletes companies, then keys. A company that stays keeps its keys, so that its source knows it again,
/// and whoever inherits it inherits them. A key of a company that the import did not make goes unless
/// another import has told of it.
pub(super) async fn remove_companies(
    batch: &Batch<'_>,
    companies: Creation,
    keys: Creation,
) -> Result<(), StoreError> {
    let found = look(batch, RecordKind::Companies, &companies).await?;
    let kept = found.iter().filter(|company| company.reason.is_some());
    let kept: HashSet<Uuid> = kept.map(|company| company.id).collect();
    let heirs = settle(batch, RecordKind::Companies, found, companies.stamp).await?;

    // Those that are not found went with their companies.
    let left = look(batch, RecordKind::CompanyKeys, &keys).await?;
    let companies = companies_of(batch, &left).await?;
    let company = |key: &Found| companies.get(&key.id).copied().unwrap_or_default();
    let (with_kept, left): (Vec<Found>, Vec<Found>) = left
        .into_iter()
        .partition(|key| kept.contains(&company(key)));
    let heir = |key: &Found| Some((key.id, *heirs.get(&company(key))?));
    pass_on(batch, with_kept.iter().filter_map(heir).collect()).await?;
    if batch.batch_no > LAST {
        // Their companies may have come with a batch that is yet to be taken back.
        let keys = left.iter().map(|key| RecordKey::of(key.id));
        let kind = RecordKind::CompanyKeys;
        return journal::inherit_creations(batch.tx, batch.id, kind, keys, None).await;
    }
    let asked: HashSet<Uuid> = left.iter().map(company).collect();
    let asked: Vec<Uuid> = asked.into_iter().collect();
    let kept = heirs::of_conflicts(batch, RecordKind::Companies, &asked).await?;
    let (with_kept, of_others): (Vec<Found>, Vec<Found>) = left
        .into_iter()
        .partition(|key| kept.contains_key(&company(key)));
    let heir = |key: &Found| Some((key.id, kept.get(&company(key)).copied()??));
    pass_on(batch, with_kept.iter().filter_map(heir).collect()).await?;
    settle(batch, RecordKind::CompanyKeys, of_others, None).await?;
    Ok(())
}

/// Makes keys those of the heirs of their companies.
async fn pass_on(batch: &Batch<'_>, heirs: Heirs) -> Result<(), StoreError> {
    bequeath(batch, RecordKind::CompanyKeys, &heirs, None).await
}

/// The companies that keys are of.
async fn companies_of(
    batch: &Batch<'_>,
    keys: &[Found],
) -> Result<HashMap<Uuid, Uuid>, StoreError> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.id).collect();
    let mut companies = HashMap::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let rows: Vec<(Uuid, Uuid)> = company_key::Entity::find()
            .select_only()
            .column(company_key::Column::Id)
            .column(company_key::Column::CompanyId)
            .filter(company_key::Column::Id.is_in(sql::padded(chunk.iter().copied())))
            .into_tuple()
            .all(batch.tx)
            .await?;
        companies.extend(rows);
    }
    Ok(companies)
}
