//! What goes with a deleted record and comes back with it: what hangs on it and is deleted with it, and
//! which other rows name it and forget it.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::ObjectKind;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::{company_key, consent, identity};
use crate::sql::{self, Sql};
use crate::{StoreError, bulk};

/// A column of rows that stay when the record that they name is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Naming {
    ContactOfOrder,
    ContactOfTicket,
    ContactOfDeal,
    CompanyOfContact,
    CompanyOfDeal,
    IdentityOfSourceRecord,
}

impl Naming {
    const OF_CONTACTS: [Self; 3] = [
        Self::ContactOfOrder,
        Self::ContactOfTicket,
        Self::ContactOfDeal,
    ];
    const OF_COMPANIES: [Self; 2] = [Self::CompanyOfContact, Self::CompanyOfDeal];

    /// The table, the column, and the table that the column names.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::ContactOfOrder => ("orders", "contact_id", "contacts"),
            Self::ContactOfTicket => ("tickets", "contact_id", "contacts"),
            Self::ContactOfDeal => ("deals", "contact_id", "contacts"),
            Self::CompanyOfContact => ("contacts", "company_id", "companies"),
            Self::CompanyOfDeal => ("deals", "company_id", "companies"),
            Self::IdentityOfSourceRecord => ("source_records", "identity_id", "identities"),
        }
    }
}

/// A row that forgot a deleted one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Forgetful {
    naming: Naming,
    id: Uuid,
    /// The row that it named.
    named: Uuid,
}

/// What goes with one record.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Remains {
    identities: Vec<identity::Model>,
    consents: Vec<consent::Model>,
    company_keys: Vec<company_key::Model>,
    forgetful: Vec<Forgetful>,
    /// Whether events tell of the contact.
    is_told_of: bool,
    /// When events last told of the company.
    told_at: Option<i64>,
}

/// What goes with records of a kind when they are deleted.
pub(super) async fn of(
    tx: &DatabaseTransaction,
    kind: ObjectKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Remains>, StoreError> {
    let mut remains: HashMap<Uuid, Remains> = HashMap::new();
    match kind {
        ObjectKind::Contact => {
            of_contacts(tx, ids, &mut remains).await?;
            forgetful_of(tx, &Naming::OF_CONTACTS, ids, &mut remains).await?;
        }
        ObjectKind::Company => {
            of_companies(tx, ids, &mut remains).await?;
            forgetful_of(tx, &Naming::OF_COMPANIES, ids, &mut remains).await?;
        }
        _ => {}
    }
    Ok(remains)
}

async fn forgetful_of(
    tx: &DatabaseTransaction,
    namings: &[Naming],
    ids: &[Uuid],
    remains: &mut HashMap<Uuid, Remains>,
) -> Result<(), StoreError> {
    for naming in namings {
        for forgetful in naming_rows(tx, *naming, ids).await? {
            let of = remains.entry(forgetful.named).or_default();
            of.forgetful.push(forgetful);
        }
    }
    Ok(())
}

async fn of_contacts(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    remains: &mut HashMap<Uuid, Remains>,
) -> Result<(), StoreError> {
    let padded = || sql::padded(ids.iter().copied());
    let identities = identity::Entity::find()
        .filter(identity::Column::ContactId.is_in(padded()))
        .all(tx)
        .await?;
    let owners: HashMap<Uuid, Uuid> = identities.iter().map(|it| (it.id, it.contact_id)).collect();
    let keys: Vec<Uuid> = owners.keys().copied().collect();
    for forgetful in naming_rows(tx, Naming::IdentityOfSourceRecord, &keys).await? {
        let of = remains.entry(owners[&forgetful.named]).or_default();
        of.forgetful.push(forgetful);
    }
    for identity in identities {
        let of = remains.entry(identity.contact_id).or_default();
        of.identities.push(identity);
    }
    let consents = consent::Entity::find()
        .filter(consent::Column::ContactId.is_in(padded()))
        .all(tx)
        .await?;
    for consent in consents {
        let of = remains.entry(consent.contact_id).or_default();
        of.consents.push(consent);
    }
    let mut told = Sql::new(tx.get_database_backend());
    told.push("SELECT contact_id FROM event_contacts WHERE contact_id IN ");
    told.bind_list(sql::ids(ids));
    for row in told.all(tx).await? {
        let id: Uuid = row.try_get("", "contact_id")?;
        remains.entry(id).or_default().is_told_of = true;
    }
    Ok(())
}

async fn of_companies(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    remains: &mut HashMap<Uuid, Remains>,
) -> Result<(), StoreError> {
    let keys = company_key::Entity::find()
        .filter(company_key::Column::CompanyId.is_in(sql::padded(ids.iter().copied())))
        .all(tx)
        .await?;
    for key in keys {
        let of = remains.entry(key.company_id).or_default();
        of.company_keys.push(key);
    }
    let mut told = Sql::new(tx.get_database_backend());
    told.push("SELECT company_id, told_at FROM event_companies WHERE company_id IN ");
    told.bind_list(sql::ids(ids));
    for row in told.all(tx).await? {
        let id: Uuid = row.try_get("", "company_id")?;
        remains.entry(id).or_default().told_at = Some(row.try_get("", "told_at")?);
    }
    Ok(())
}

async fn naming_rows(
    tx: &DatabaseTransaction,
    naming: Naming,
    ids: &[Uuid],
) -> Result<Vec<Forgetful>, StoreError> {
    let (table, column, _) = naming.place();
    let mut found = Vec::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(&format!(
            "SELECT id, {column} AS named FROM {table} WHERE {column} IN "
        ));
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(tx).await? {
            found.push(Forgetful {
                naming,
                id: row.try_get("", "id")?,
                named: row.try_get("", "named")?,
            });
        }
    }
    Ok(found)
}

/// What belongs to somebody else by now and does not come back: the record, where it stood, and what it was.
pub(super) type Lost = (Uuid, &'static str, String);

/// Brings back what went with records that are there again. What others have put in its place stays, and is
/// returned.
pub(super) async fn restore(
    tx: &DatabaseTransaction,
    remains: Vec<(Uuid, Remains)>,
) -> Result<Vec<Lost>, StoreError> {
    const KEEP: &str = "ON CONFLICT DO NOTHING";
    let mut identities = Vec::new();
    let (mut consents, mut company_keys) = (Vec::new(), Vec::new());
    let mut forgetful: BTreeMap<(Naming, Uuid), Vec<Uuid>> = BTreeMap::new();
    let (mut told_of, mut told_at) = (Vec::new(), Vec::new());
    for (id, of) in remains {
        identities.extend(of.identities);
        consents.extend(of.consents);
        company_keys.extend(of.company_keys);
        for row in of.forgetful {
            let rows = forgetful.entry((row.naming, row.named)).or_default();
            rows.push(row.id);
        }
        told_of.extend(of.is_told_of.then_some(id));
        told_at.extend(of.told_at.map(|at| (id, at)));
    }
    let of_identity = |it: &identity::Model| (it.id, it.contact_id, it.profile_key.clone());
    let of_key = |it: &company_key::Model| (it.id, it.company_id, it.external_id.clone());
    let expected: [(_, Vec<_>); 2] = [
        ("identities", identities.iter().map(of_identity).collect()),
        ("company_keys", company_keys.iter().map(of_key).collect()),
    ];
    bulk::insert::<identity::Entity>(tx, identities, KEEP).await?;
    bulk::insert::<consent::Entity>(tx, consents, KEEP).await?;
    bulk::insert::<company_key::Entity>(tx, company_keys, KEEP).await?;
    let backend = tx.get_database_backend();
    for id in told_of {
        let text = format!("INSERT INTO event_contacts (contact_id) VALUES (?) {KEEP}");
        Sql::of(backend, &text, [sql::id(id)]).execute(tx).await?;
    }
    for (id, at) in told_at {
        let text =
            format!("INSERT INTO event_companies (company_id, told_at) VALUES (?, ?) {KEEP}");
        let values = [sql::id(id), at.into()];
        Sql::of(backend, &text, values).execute(tx).await?;
    }
    for ((naming, named), ids) in forgetful {
        remind(tx, naming, named, &ids).await?;
    }
    let mut lost = Vec::new();
    for (table, rows) in expected {
        lost.extend(missing(tx, table, rows).await?);
    }
    Ok(lost)
}

/// Those rows of a table, each with the record that it is of and what it says, that are not there.
async fn missing(
    tx: &DatabaseTransaction,
    table: &'static str,
    mut rows: Vec<(Uuid, Uuid, String)>,
) -> Result<Vec<Lost>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|(id, ..)| *id).collect();
    let mut there = HashSet::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(&format!("SELECT id FROM {table} WHERE id IN "));
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(tx).await? {
            there.insert(row.try_get::<Uuid>("", "id")?);
        }
    }
    rows.retain(|(id, ..)| !there.contains(id));
    let lost = rows.into_iter();
    Ok(lost.map(|(_, of, says)| (of, table, says)).collect())
}

/// Lets rows name a record again, if it is there and they name no other by now.
async fn remind(
    tx: &DatabaseTransaction,
    naming: Naming,
    named: Uuid,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let (table, column, target) = naming.place();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            &format!(
                "UPDATE {table} SET {column} = ? WHERE {column} IS NULL \
                 AND EXISTS (SELECT 1 FROM {target} x WHERE x.id = ?) AND id IN "
            ),
            [sql::id(named), sql::id(named)],
        );
        sql.bind_list(sql::ids(chunk));
        sql.execute(tx).await?;
    }
    Ok(())
}
