//! Search for who does not see all that records are found by.
//!
//! The index knows a record by all it says, so that its answers would tell of fields that the user does not
//! see. They are candidates here: piece by piece each is tried once more by the terms of what the user sees of it.

use std::collections::{HashMap, HashSet};

use rapport_domain::{CUSTOM_PREFIX, CustomValues, ObjectKind};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::object::SearchObject;
use super::question::{Question, Within};
use super::terms::{Document, terms};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, custom_fields};

/// Candidates that one search tries at most; trying as many takes a second or two.
const N_TRIED_MAX: usize = 100_000;
/// Candidates that are tried together; few in tests, so that there is more than one piece.
const N_TOGETHER: usize = if cfg!(test) { 8 } else { 4_000 };
/// Answers that a list is narrowed to: each is a value of its statement.
const N_ANSWERS_MAX: usize = 20_000;

/// A kind of record that is found by what may be hidden.
struct Told {
    object: ObjectKind,
    /// Fields that may be hidden, beside custom ones.
    fields: &'static [&'static str],
    table: &'static str,
    /// What is read of a record: lines that it is found by, and what else [`Document`] holds.
    columns: &'static str,
    n_names: usize,
}

const fn told_of(object: SearchObject) -> Option<Told> {
    Some(match object {
        SearchObject::Contact => Told {
            object: ObjectKind::Contact,
            fields: &["email", "phone"],
            table: "contacts",
            columns: "r.id AS id, r.name AS name_0, r.email AS name_1, \
                      substr(r.phone, 2) AS name_2, CAST(NULL AS text) AS domain, '' AS body, \
                      r.custom AS custom, r.company_id AS company_id",
            n_names: 3,
        },
        SearchObject::Company => Told {
            object: ObjectKind::Company,
            fields: &["domain"],
            table: "companies",
            columns: "r.id AS id, r.name AS name_0, r.domain AS name_1, r.domain AS domain, \
                      '' AS body, r.custom AS custom, nullif(r.id, r.id) AS company_id",
            n_names: 2,
        },
        SearchObject::Ticket => Told {
            object: ObjectKind::Ticket,
            fields: &["body"],
            table: "tickets",
            columns: "r.id AS id, r.subject AS name_0, r.external_id AS name_1, \
                      CAST(NULL AS text) AS domain, substr(r.body, 1, 2000) AS body, \
                      '{}' AS custom, nullif(r.id, r.id) AS company_id",
            n_names: 2,
        },
        _ => return None,
    })
}

/// Whether records of a kind are found by something that the user does not see.
pub(super) async fn is_partial(store: &Store, object: SearchObject) -> Result<bool, StoreError> {
    let Some(told) = told_of(object) else {
        return Ok(false);
    };
    let lens = store.lens();
    let mut fields = told.fields.iter();
    if fields.any(|field| lens.hides(told.object, field)) {
        return Ok(true);
    }
    if !told.object.has_search() || !lens.hides_custom(told.object) {
        return Ok(false);
    }
    let fields = custom_fields::list_active(store, told.object).await?;
    let mut searched = fields.iter().filter(|field| field.is_searchable);
    Ok(searched.any(|field| lens.hides(told.object, &format!("{CUSTOM_PREFIX}{}", field.key))))
}

/// All records that answer by what the user sees of them, the newest first.
///
/// # Errors
/// [`StoreError::TooCostly`] where there are too many candidates or answers.
pub(super) async fn answers(store: &Store, question: &Question) -> Result<Vec<Uuid>, StoreError> {
    let candidates = candidates(store, question, N_TRIED_MAX + 1).await?;
    if candidates.len() > N_TRIED_MAX {
        return Err(StoreError::TooCostly);
    }
    let answers = first_answers(store, question, &candidates, N_ANSWERS_MAX + 1).await?;
    match answers.len() > N_ANSWERS_MAX {
        true => Err(StoreError::TooCostly),
        false => Ok(answers),
    }
}

/// The newest `n` of all records that answer by what the user sees of them, or as many as there are among
/// the candidates that one search tries.
pub(super) async fn newest_answers(
    store: &Store,
    question: &Question,
    n: usize,
) -> Result<Vec<Uuid>, StoreError> {
    // Most candidates answer, so that a few of them are enough nearly always.
    let few = candidates(store, question, N_TOGETHER).await?;
    let answers = first_answers(store, question, &few, n).await?;
    if answers.len() == n || few.len() < N_TOGETHER {
        return Ok(answers);
    }
    let all = candidates(store, question, N_TRIED_MAX).await?;
    first_answers(store, question, &all, n).await
}

/// The first `n` of the candidates that answer, in their order.
async fn first_answers(
    store: &Store,
    question: &Question,
    candidates: &[Uuid],
    n: usize,
) -> Result<Vec<Uuid>, StoreError> {
    let mut answers = Vec::new();
    for candidates in candidates.chunks(N_TOGETHER) {
        answers.extend(answering(store, question, candidates).await?);
        if answers.len() >= n {
            answers.truncate(n);
            break;
        }
    }
    Ok(answers)
}

/// The terms of what the user sees of records, in the order of their ids' being asked for.
pub(super) async fn terms_of(
    store: &Store,
    object: SearchObject,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Vec<String>)>, StoreError> {
    let told = told_of(object).expect("a kind that is found by what may be hidden");
    let lens = store.lens();
    let searched = custom_fields::list_active(store, told.object).await?;
    let columns = lens.blanked(store.backend(), told.table, "r", told.columns);
    let source = lens.source(store.backend(), told.table);
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push(&format!("SELECT {columns} FROM {source} r WHERE r.id IN "));
        sql.bind_list(sql::ids(chunk));
        let keys = match object {
            SearchObject::Contact => keys_of(store, chunk).await?,
            _ => HashMap::new(),
        };
        for row in sql.all(store.lister()).await? {
            let id: Uuid = row.try_get("", "id")?;
            let mut document = document(&told, &row)?;
            let custom: String = row.try_get("", "custom")?;
            let custom: CustomValues = codec::from_json("custom", &custom)?;
            for text in custom_fields::searchable_texts(&searched, &custom) {
                document.names.push_str(text);
                document.names.push('\n');
            }
            for key in keys.get(&id).into_iter().flatten() {
                document.names.push_str(key);
                document.names.push('\n');
            }
            found.push((id, terms(&document)));
        }
    }
    Ok(found)
}

/// The newest records that the user sees and that the index finds.
async fn candidates(store: &Store, question: &Question, n: usize) -> Result<Vec<Uuid>, StoreError> {
    let (mut sql, mut joins) = (Sql::new(store.backend()), Sql::new(store.backend()));
    let (table, lens) = (question.object.source().table, store.lens());
    joins.push(&format!("JOIN {table} r ON r.id = found.record_id"));
    sql.push("SELECT found.record_id AS record_id FROM ");
    question.push_answers(&mut sql, Within::All, joins);
    sql.push(" AND ");
    lens.push_rows(&mut sql, table, "r");
    sql.push(Question::newest_first(store.backend()));
    sql.push(&format!(" LIMIT {n}"));
    let rows = sql.all(store.lister()).await?;
    let ids = rows.iter().map(|row| row.try_get("", "record_id"));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Those of the candidates that answer, in their order.
async fn answering(
    store: &Store,
    question: &Question,
    candidates: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let terms = terms_of(store, question.object, candidates).await?;
    let answering = terms.into_iter();
    let answering: HashSet<Uuid> = answering
        .filter(|(_, terms)| question.is_answered_by(terms))
        .map(|(id, _)| id)
        .collect();
    let candidates = candidates.iter().copied();
    Ok(candidates.filter(|id| answering.contains(id)).collect())
}

fn document(told: &Told, row: &QueryResult) -> Result<Document, StoreError> {
    let mut document = Document {
        domain: row.try_get("", "domain")?,
        body: row.try_get("", "body")?,
        company: row.try_get("", "company_id")?,
        ..Document::default()
    };
    for idx in 0..told.n_names {
        let name: Option<String> = row.try_get("", &format!("name_{idx}"))?;
        document.names.push_str(name.as_deref().unwrap_or_default());
        document.names.push('\n');
    }
    Ok(document)
}

/// What sources call contacts; nothing where that may tell an address or a number that is hidden.
async fn keys_of(
    store: &Store,
    contacts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
    let mut keys: HashMap<Uuid, Vec<String>> = HashMap::new();
    if ["email", "phone"]
        .iter()
        .any(|field| store.lens().hides(ObjectKind::Contact, field))
    {
        return Ok(keys);
    }
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT contact_id, profile_key FROM identities WHERE contact_id IN ");
    sql.bind_list(sql::ids(contacts));
    for row in sql.all(store.lister()).await? {
        let contact = row.try_get("", "contact_id")?;
        keys.entry(contact)
            .or_default()
            .push(row.try_get("", "profile_key")?);
    }
    Ok(keys)
}

impl Lens {
    fn hides_custom(&self, object: ObjectKind) -> bool {
        let mut hidden = self.hidden(object);
        hidden.any(|field| field.starts_with(CUSTOM_PREFIX))
    }
}
