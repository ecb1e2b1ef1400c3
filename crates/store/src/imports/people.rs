//! Writing what a batch says of people: employers, contacts, identities, consents, notes.

use std::collections::{BTreeSet, HashMap, HashSet};

use rapport_domain::{
    Company, Contact, ContactId, IdentityId, Note, NoteId, ObjectKind, SourceIdentity, Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _};
use uuid::Uuid;

use super::commit::KEEP;
use super::journal::{Journal, RecordKey, RecordKind};
use super::{IdentityKeys, ImportBatch};
use crate::custom_fields::{self, Searched};
use crate::entities::{company, company_key, consent, contact, identity, note};
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, codec, company_keys, record};

/// Changed records that were left alone, since a person has changed them meanwhile.
pub(super) struct LeftAlone {
    pub(super) n_contacts: u64,
    pub(super) n_companies: u64,
}

/// Rows that are made one statement's worth at a time, while the database takes in those before.
type Rows<'a, M> = Box<dyn ExactSizeIterator<Item = M> + Send + 'a>;

/// Writes companies, contacts and what hangs on them.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<LeftAlone, StoreError> {
    let n_companies = write_companies(tx, batch, journal).await?;
    write_company_keys(tx, batch, journal).await?;
    let n_contacts = write_contacts(tx, batch, journal).await?;
    write_identities(tx, batch, journal).await?;
    let keys = batch
        .consents
        .iter()
        .map(|consent| RecordKey::of(consent.id));
    journal.created(RecordKind::Consents, keys, None);
    let consents = batch.consents.iter().cloned().map(consent::Model::from);
    bulk::insert::<consent::Entity>(tx, consents.collect::<Vec<_>>(), "").await?;
    write_notes(tx, batch, journal).await?;
    Ok(LeftAlone {
        n_contacts,
        n_companies,
    })
}

/// Returns how many changed companies were left alone.
async fn write_companies(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<u64, StoreError> {
    let keys = batch
        .companies
        .iter()
        .map(|company| RecordKey::of(company.id));
    journal.created(RecordKind::Companies, keys, None);
    let searched = custom_fields::searched(tx, ObjectKind::Company).await?;
    let row = |company: &Company| {
        company::Model::with_words(company.clone(), &searched.of(&company.custom))
    };
    let companies = batch.companies.iter().map(row);
    bulk::insert::<company::Entity>(tx, companies.collect::<Vec<_>>(), "").await?;
    let changed = batch.changed_companies.iter();
    let ids = changed.clone().map(|company| sql::id(company.id));
    let watched = journal
        .watch::<company::Entity>("id", ids.collect())
        .await?;
    let mut n_kept = 0;
    for company in changed {
        n_kept += u64::from(!complete_company(tx, company.clone(), &searched).await?);
    }
    journal.changed(&watched).await?;
    Ok(n_kept)
}

async fn write_company_keys(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
    let Some(source) = batch.company_keys.first().map(|key| key.source_id) else {
        return Ok(());
    };
    // Those that are known stay as they are: they are told of again.
    let names = batch.company_keys.iter().map(|key| key.external_id.clone());
    let known = company_keys::find_in(tx, source, &names.collect::<Vec<_>>()).await?;
    journal.told(RecordKind::CompanyKeys, known.iter().map(|key| key.id));
    let known: HashSet<String> = known.into_iter().map(|key| key.external_id).collect();
    let new = batch.company_keys.iter();
    let new = new.filter(|key| !known.contains(&key.external_id));
    let keys = new.clone().map(|key| RecordKey::of(key.id));
    journal.created(RecordKind::CompanyKeys, keys, None);
    let rows = new.map(|key| company_key::Model {
        id: key.id,
        source_id: key.source_id.into(),
        external_id: key.external_id.clone(),
        company_id: key.company_id.into(),
    });
    bulk::insert::<company_key::Entity>(tx, rows.collect::<Vec<_>>(), KEEP).await?;
    Ok(())
}

/// Returns how many changed contacts were left alone.
async fn write_contacts(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<u64, StoreError> {
    let mut keys: HashMap<ContactId, Vec<&str>> = HashMap::new();
    for identity in &batch.identities {
        let words = keys.entry(identity.contact_id).or_default();
        words.push(&identity.profile_key);
    }
    let searched = custom_fields::searched(tx, ObjectKind::Contact).await?;
    let rows: Rows<'_, contact::Model> = Box::new(batch.contacts.iter().map(|contact| {
        let mut words = keys.remove(&contact.id).unwrap_or_default();
        words.extend(searched.of(&contact.custom));
        contact::Model::with_words(contact.clone(), &words)
    }));
    bulk::insert::<contact::Entity>(tx, rows, "").await?;
    let new = batch
        .contacts
        .iter()
        .map(|contact| RecordKey::of(contact.id));
    journal.created(RecordKind::Contacts, new, None);

    let changed = batch.changed_contacts.iter();
    let ids = changed.clone().map(|contact| sql::id(contact.id));
    let watched = journal
        .watch::<contact::Entity>("id", ids.collect())
        .await?;
    let mut n_kept = 0;
    for contact in changed {
        n_kept += u64::from(!complete(tx, contact.clone(), &searched).await?);
    }
    journal.changed(&watched).await?;
    Ok(n_kept)
}

async fn write_identities(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
    let keys = batch
        .identities
        .iter()
        .map(|identity| RecordKey::of(identity.id));
    let linked = batch.identities.iter().map(|identity| identity.linked_at);
    let stamp = linked.max().map(Timestamp::as_micros);
    journal.created(RecordKind::Identities, keys, stamp);
    let identities: Rows<'_, identity::Model> =
        Box::new(batch.identities.iter().cloned().map(identity::Model::from));
    bulk::insert::<identity::Entity>(tx, identities, KEEP).await?;
    let filled = batch.identity_keys.iter().map(|keys| keys.id);
    // What this batch itself has made needs no look: it goes as a whole.
    let made: BTreeSet<IdentityId> = batch.identities.iter().map(|made| made.id).collect();
    let filled = filled.filter(|id| !made.contains(id)).map(sql::id);
    let watched = journal
        .watch::<identity::Entity>("id", filled.collect())
        .await?;
    for keys in &batch.identity_keys {
        fill_keys(tx, keys).await?;
    }
    journal.changed(&watched).await?;
    let new: BTreeSet<ContactId> = batch.contacts.iter().map(|contact| contact.id).collect();
    for identity in &batch.identities {
        if !new.contains(&identity.contact_id) {
            add_search_key(tx, identity).await?;
        }
    }
    Ok(())
}

async fn write_notes(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
    let ids: Vec<NoteId> = batch.notes.iter().map(|note| note.id).collect();
    let known = record::find_many::<note::Entity, Note>(tx, &ids).await?;
    let known: BTreeSet<NoteId> = known.into_iter().map(|note| note.id).collect();
    let new = batch.notes.iter().filter(|note| !known.contains(&note.id));
    let stamp = new.clone().map(|note| note.updated_at).max();
    let keys = new.map(|note| RecordKey::of(note.id));
    journal.created(RecordKind::Notes, keys, stamp.map(Timestamp::as_micros));
    for note in &batch.notes {
        if known.contains(&note.id) {
            continue;
        }
        record::hold_subject(tx, "note", note.subject).await?;
    }
    let notes = batch.notes.iter().cloned().map(note::Model::from);
    bulk::insert::<note::Entity>(tx, notes.collect::<Vec<_>>(), KEEP).await?;
    Ok(())
}

/// Writes a contact that rows have completed, unless a person has changed it meanwhile.
async fn complete(
    tx: &DatabaseTransaction,
    contact: Contact,
    searched: &Searched,
) -> Result<bool, StoreError> {
    let (id, expected) = (contact.id, contact.version);
    // The text that it is found by keeps the words that came from its identities.
    let stored = contact::Entity::find_by_id(Uuid::from(id)).one(tx).await?;
    let words = stored.map(|row| row.search_text).unwrap_or_default();
    let custom = contact.custom.clone();
    let mut words: Vec<&str> = words.split('\n').collect();
    words.extend(searched.of(&custom));
    let row = contact::Model::with_words(contact, &words);
    let entity = "contact";
    let derived = contact::DERIVED;
    let done =
        record::update_versioned::<contact::Entity>(tx, entity, id, expected, row, derived).await;
    unless_changed(done)
}

/// Writes a company that rows have completed, unless a person has changed it meanwhile.
async fn complete_company(
    tx: &DatabaseTransaction,
    company: Company,
    searched: &Searched,
) -> Result<bool, StoreError> {
    let (id, expected) = (company.id, company.version);
    let custom = company.custom.clone();
    let row = company::Model::with_words(company, &searched.of(&custom));
    let done =
        record::update_versioned::<company::Entity>(tx, "company", id, expected, row, &[]).await;
    unless_changed(done)
}

/// Whether a record was written; one that a person has changed or deleted meanwhile is left alone.
fn unless_changed(done: Result<(), StoreError>) -> Result<bool, StoreError> {
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { .. } | StoreError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Fills the empty keys of an identity, so that the person is recognized by them.
async fn fill_keys(tx: &DatabaseTransaction, keys: &IdentityKeys) -> Result<(), StoreError> {
    Sql::of(
        tx.get_database_backend(),
        "UPDATE identities SET email = coalesce(email, ?), phone = coalesce(phone, ?) \
         WHERE id = ?",
        [
            keys.email.as_ref().map(ToString::to_string).into(),
            keys.phone.as_ref().map(ToString::to_string).into(),
            sql::id(keys.id),
        ],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets a contact be found by what another source calls it.
async fn add_search_key(
    tx: &DatabaseTransaction,
    identity: &SourceIdentity,
) -> Result<(), StoreError> {
    let key = codec::name_key(&identity.profile_key);
    let backend = tx.get_database_backend();
    let function = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    Sql::of(
        backend,
        &format!(
            "UPDATE contacts SET search_text = search_text || ? \
             WHERE id = ? AND {function}(search_text, ?) = 0"
        ),
        [
            sql::text(format!("\n{key}")),
            sql::id(identity.contact_id),
            sql::text(key),
        ],
    )
    .execute(tx)
    .await?;
    Ok(())
}
