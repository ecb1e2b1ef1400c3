//! Deleting what an import made, what refers to others first, unless somebody has changed it or hangs
//! something on it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rapport_domain::ImportId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use super::Batch;
use super::conflicts::{self, NewConflict};
use super::heirs::{self, Heirs, StayingOrders};
use super::keys;
use super::obstacles::removal_of;
use crate::connection::postgres;
use crate::entities::{identity, order_line};
use crate::imports::journal::{self, Creation, RecordKey, RecordKind};
use crate::journal::ConflictReason;
use crate::sql::{self, Sql};
use crate::{StoreError, codec, identity_log};

/// Deletes what a batch made; returns contacts that have lost an identity.
pub(super) async fn remove(
    batch: &Batch<'_>,
    mut creations: BTreeMap<RecordKind, Creation>,
    staying: &StayingOrders,
) -> Result<Vec<Uuid>, StoreError> {
    let mut made = |kind| creations.remove(&kind).unwrap_or_default();
    let (identities, contacts) = (made(RecordKind::Identities), made(RecordKind::Contacts));
    for kind in [RecordKind::Tasks, RecordKind::Deals, RecordKind::Tickets] {
        remove_kind(batch, kind, &made(kind)).await?;
    }
    remove_lines(batch, made(RecordKind::OrderLines).keys, staying).await?;
    for kind in [RecordKind::Orders, RecordKind::Notes, RecordKind::Consents] {
        remove_kind(batch, kind, &made(kind)).await?;
    }
    let changed = remove_people(batch, identities, contacts).await?;
    for kind in [RecordKind::Campaigns, RecordKind::Products] {
        remove_kind(batch, kind, &made(kind)).await?;
    }
    let (companies, company_keys) = (made(RecordKind::Companies), made(RecordKind::CompanyKeys));
    keys::remove_companies(batch, companies, company_keys).await?;
    Ok(changed)
}

/// A record that was made and is still there.
pub(super) struct Found {
    pub(super) id: Uuid,
    name: String,
    /// What keeps it.
    pub(super) reason: Option<ConflictReason>,
}

/// The records that are still there, and what keeps each.
pub(super) async fn look(
    batch: &Batch<'_>,
    kind: RecordKind,
    creation: &Creation,
) -> Result<Vec<Found>, StoreError> {
    let removal = removal_of(kind);
    let backend = batch.tx.get_database_backend();
    let mut found = Vec::with_capacity(creation.keys.len());
    for chunk in creation.keys.chunks(sql::N_KEYS_MAX) {
        let ids: Vec<Uuid> = chunk.iter().map(|key| key.id).collect();
        heirs::lock(batch.tx, removal.table, &ids).await?;
        let mut sql = Sql::new(backend);
        removal.push_columns(&mut sql, kind, batch.id, creation.stamp);
        sql.push(&format!(" FROM {} t WHERE t.id IN ", removal.table));
        sql.bind_list(sql::ids(&ids));
        sql.push(" ORDER BY t.id");
        for row in sql.all(batch.tx).await? {
            let reason: Option<String> = row.try_get("", "reason")?;
            let reason = reason
                .map(|name| codec::member("reason", &name))
                .transpose()?;
            found.push(Found {
                id: row.try_get("", "id")?,
                name: row.try_get("", "name")?,
                reason,
            });
        }
    }
    Ok(found)
}

async fn remove_kind(
    batch: &Batch<'_>,
    kind: RecordKind,
    creation: &Creation,
) -> Result<(), StoreError> {
    let found = look(batch, kind, creation).await?;
    settle(batch, kind, found, creation.stamp).await?;
    Ok(())
}

/// Deletes what nothing keeps, and lists the rest, with the imports that inherit it. What people have
/// made theirs is nobody else's.
pub(super) async fn settle(
    batch: &Batch<'_>,
    kind: RecordKind,
    found: Vec<Found>,
    stamp: Option<i64>,
) -> Result<Heirs, StoreError> {
    use ConflictReason::{ChangedByImport, InUse, ToldAgain};
    let is_free = |found: &Found| found.reason.is_none();
    let free: Vec<Uuid> = found
        .iter()
        .filter(|it| is_free(it))
        .map(|it| it.id)
        .collect();
    let by_import = |found: &&Found| {
        let reason = found.reason;
        reason.is_some_and(|it| matches!(it, ChangedByImport | InUse | ToldAgain))
    };
    let claimed: Vec<Uuid> = found.iter().filter(by_import).map(|it| it.id).collect();
    let heirs = heirs::of_kept(batch, kind, &claimed).await?;
    bequeath(batch, kind, &heirs, stamp).await?;
    let kept = found.into_iter().filter_map(|Found { id, name, reason }| {
        let (key, heir) = (RecordKey::of(id), heirs.get(&id).copied());
        Some(NewConflict::of_record(kind, key, name, reason?, heir))
    });
    conflicts::add(batch, kept.collect()).await?;
    delete(batch, &kind.name(), &free).await?;
    Ok(heirs)
}

/// Makes records those of their heirs.
pub(super) async fn bequeath(
    batch: &Batch<'_>,
    kind: RecordKind,
    heirs: &Heirs,
    stamp: Option<i64>,
) -> Result<(), StoreError> {
    let mut by_heir: BTreeMap<ImportId, Vec<RecordKey>> = BTreeMap::new();
    for (id, heir) in heirs {
        by_heir.entry(*heir).or_default().push(RecordKey::of(*id));
    }
    for (heir, keys) in by_heir {
        journal::inherit_creations(batch.tx, heir, kind, keys, stamp).await?;
    }
    Ok(())
}

async fn delete(batch: &Batch<'_>, table: &str, ids: &[Uuid]) -> Result<(), StoreError> {
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(batch.tx.get_database_backend());
        sql.push(&format!("DELETE FROM {table} WHERE id IN "));
        sql.bind_list(sql::ids(chunk));
        postgres::write_rows(batch.tx, chunk.len(), sql.execute(batch.tx))
            .await
            .map_err(|error| StoreError::from(error).of_delete())?;
    }
    Ok(())
}

/// Deletes contacts with their identities, then the identities of other contacts. A contact stays
/// with all its identities where one of them has to; so it is still known to its source.
async fn remove_people(
    batch: &Batch<'_>,
    identities: Creation,
    contacts: Creation,
) -> Result<Vec<Uuid>, StoreError> {
    let made = look(batch, RecordKind::Identities, &identities).await?;
    let free: HashSet<Uuid> = made
        .iter()
        .filter(|found| found.reason.is_none())
        .map(|found| found.id)
        .collect();
    let mut found = look(batch, RecordKind::Contacts, &contacts).await?;
    found.extend(merged(batch, &contacts).await?);
    let contact_ids: Vec<Uuid> = found.iter().map(|found| found.id).collect();
    let of_contacts = identities_of(batch, identity::Column::ContactId, &contact_ids).await?;
    let held: HashSet<Uuid> = of_contacts
        .iter()
        .filter(|linked| !free.contains(&linked.id))
        .map(|linked| linked.home)
        .collect();
    for contact in &mut found {
        if contact.reason.is_none() && held.contains(&contact.id) {
            contact.reason = Some(ConflictReason::InUse);
        }
    }
    let kept: HashSet<Uuid> = found
        .iter()
        .filter(|contact| contact.reason.is_some())
        .map(|contact| contact.id)
        .collect();
    let heirs = settle(batch, RecordKind::Contacts, found, contacts.stamp).await?;

    let ids: Vec<Uuid> = made.iter().map(|found| found.id).collect();
    // Those that are not found went with their contacts.
    let (staying, left): (Vec<Linked>, Vec<Linked>) =
        identities_of(batch, identity::Column::Id, &ids)
            .await?
            .into_iter()
            .partition(|linked| kept.contains(&linked.home));
    let left: HashMap<Uuid, Uuid> = left.iter().map(|it| (it.id, it.contact)).collect();
    let with_contacts = staying.into_iter();
    let with_contacts = with_contacts.filter_map(|it| Some((it.id, *heirs.get(&it.home)?)));
    let (kind, stamp) = (RecordKind::Identities, identities.stamp);
    bequeath(batch, kind, &with_contacts.collect(), stamp).await?;
    let left_of = made
        .into_iter()
        .filter(|found| left.contains_key(&found.id));
    settle(batch, kind, left_of.collect(), stamp).await?;
    Ok(left.into_values().collect())
}

/// Contacts that somebody has merged into others since: that is an edit, and they stay with their identities,
/// to be there whenever the merge is taken back.
async fn merged(batch: &Batch<'_>, creation: &Creation) -> Result<Vec<Found>, StoreError> {
    let ids: Vec<Uuid> = creation.keys.iter().map(|key| key.id).collect();
    let merged = identity_log::merged_names(batch.tx, &ids).await?;
    let found = merged.into_iter().map(|(id, name)| Found {
        id,
        name,
        reason: Some(ConflictReason::Edited),
    });
    Ok(found.collect())
}

/// An identity, the contact that it belongs to, and the one that it came to, which may have been merged into
/// the other since.
struct Linked {
    id: Uuid,
    contact: Uuid,
    home: Uuid,
}

/// Identities by the values of a column.
async fn identities_of(
    batch: &Batch<'_>,
    column: identity::Column,
    values: &[Uuid],
) -> Result<Vec<Linked>, StoreError> {
    let mut found = Vec::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        let rows: Vec<(Uuid, Uuid)> = identity::Entity::find()
            .select_only()
            .column(identity::Column::Id)
            .column(identity::Column::ContactId)
            .filter(column.is_in(sql::padded(chunk.iter().copied())))
            .into_tuple()
            .all(batch.tx)
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        let homes = identity_log::homes_of_identities(batch.tx, &ids).await?;
        let rows = rows.into_iter();
        found.extend(rows.map(|(id, contact)| Linked {
            id,
            contact,
            home: homes.get(&id).copied().unwrap_or(contact),
        }));
    }
    Ok(found)
}

/// Deletes lines of orders, unless their order stays as it is, or its head was left.
async fn remove_lines(
    batch: &Batch<'_>,
    made: Vec<RecordKey>,
    staying: &StayingOrders,
) -> Result<(), StoreError> {
    let made: HashSet<RecordKey> = made.into_iter().collect();
    let orders: BTreeSet<Uuid> = made.iter().map(|key| key.id).collect();
    let orders: Vec<Uuid> = orders.into_iter().collect();
    let kept_orders = conflicts::kept_orders(batch.tx, batch.id).await?;
    let mut inherited: BTreeMap<ImportId, Vec<RecordKey>> = BTreeMap::new();
    let mut kept = Vec::new();
    for chunk in orders.chunks(sql::N_KEYS_MAX) {
        let lines = order_line::Entity::find()
            .filter(order_line::Column::OrderId.is_in(sql::padded(chunk.iter().copied())))
            .all(batch.tx)
            .await?;
        let mut free = Vec::new();
        for line in lines {
            let key = RecordKey {
                id: line.order_id,
                line_no: line.line_no,
            };
            if !made.contains(&key) {
                continue;
            }
            let stays = staying.get(&key.id).copied();
            let reason = match stays {
                Some(Some(_)) => Some(ConflictReason::ToldAgain),
                Some(None) => Some(ConflictReason::HasEvents),
                None => kept_orders.get(&key.id).copied(),
            };
            let Some(reason) = reason else {
                free.push(key);
                continue;
            };
            let heir = stays.flatten();
            if let Some(heir) = heir {
                inherited.entry(heir).or_default().push(key);
            }
            let (kind, name) = (RecordKind::OrderLines, line.description);
            kept.push(NewConflict::of_record(kind, key, name, reason, heir));
        }
        delete_lines(batch, &free).await?;
    }
    for (heir, keys) in inherited {
        let kind = RecordKind::OrderLines;
        journal::inherit_creations(batch.tx, heir, kind, keys, None).await?;
    }
    conflicts::add(batch, kept).await
}

async fn delete_lines(batch: &Batch<'_>, keys: &[RecordKey]) -> Result<(), StoreError> {
    for chunk in keys.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(batch.tx.get_database_backend());
        sql.push("DELETE FROM order_lines WHERE (order_id, line_no) IN (VALUES ");
        for (idx, key) in sql::padded(chunk.iter().copied()).into_iter().enumerate() {
            let pair = [sql::id(key.id), key.line_no.into()];
            sql.push(if idx == 0 { "" } else { ", " });
            sql.push_with("(?, ?)", pair);
        }
        sql.push(")");
        sql.execute(batch.tx).await?;
    }
    Ok(())
}
