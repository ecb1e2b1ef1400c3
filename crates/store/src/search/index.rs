//! Keeps the terms of records up to date.
//!
//! Triggers note in `search_pending` which records a transaction touches, whatever statement did
//! it; before the transaction commits, [`settle`] writes the terms of these records. So a record
//! is found by what it says from its commit on, and no code that writes records can forget it.

use std::collections::HashMap;

use futures::FutureExt as _;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, QueryResult, Value};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::object::SearchObject;
use super::terms::{Document, terms};
use super::touched::{Records, Touched, take_touched};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Rows of one statement, large sizes first: each is a text that the driver keeps prepared.
const N_ROWS: [usize; 4] = [1_000, 100, 10, 1];
/// Records whose terms are found and written at a time.
const N_AT_A_TIME: usize = 1_000;
/// The fewest records whose terms are worth a thread.
const N_APART_MIN: usize = 100;
/// Characters of a longer text that are searched.
const N_CHARS_OF_BODY: usize = 2_000;

/// Writes the terms of all records that this transaction has touched.
pub(crate) async fn settle(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let mut written = Vec::new();
    for (object, Touched { new, changed }) in take_touched(tx).await? {
        let new: Vec<i64> = new.into_iter().collect();
        written.extend(index(tx, object, Records::New(&new)).await?);
        let changed: Vec<Uuid> = changed.into_iter().collect();
        written.extend(index(tx, object, Records::Known(&changed)).await?);
    }
    finish(tx, &written).await
}

/// Indexes the next `n` of the records that were there before search knew them; whether there may
/// be more. The records stay locked for that long and no longer.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn catch_up(store: &Store, n: u64) -> Result<bool, StoreError> {
    store.write(move |tx| catch_up_in(tx, n).boxed()).await
}

/// The statements after which a server leaves all records to [`catch_up`]: what was copied into it
/// is noted as touched, and would be indexed by whoever writes first.
pub(crate) fn anew() -> String {
    let mut text = "TRUNCATE search_pending, search_entries, search_backfill".to_owned();
    for object in SearchObject::ALL {
        let (code, table) = (object.code(), object.source().table);
        text.push_str(&format!(
            "; INSERT INTO search_backfill (object) SELECT {code} WHERE EXISTS (SELECT 1 FROM {table})"
        ));
    }
    text
}

async fn catch_up_in(tx: &DatabaseTransaction, n: u64) -> Result<bool, StoreError> {
    let backend = tx.get_database_backend();
    // Nobody may change a record between its being read and its terms being written.
    let (lock, hold) = match backend {
        DbBackend::Postgres => (" FOR UPDATE", " FOR SHARE"),
        _ => ("", ""),
    };
    let mut next = Sql::new(backend);
    next.push("SELECT object, after_id FROM search_backfill ORDER BY object LIMIT 1")
        .push(lock);
    let Some(row) = next.one(tx).await? else {
        return Ok(false);
    };
    let code: i32 = row.try_get("", "object")?;
    let after: Option<Uuid> = row.try_get("", "after_id")?;
    let object = SearchObject::of_code(code).expect("migrations know our kinds");
    let table = object.source().table;
    let mut records = Sql::new(backend);
    records.push(&format!("SELECT id FROM {table}"));
    if let Some(after) = after {
        records.push_with(" WHERE id > ?", [sql::id(after)]);
    }
    records.push(&format!(" ORDER BY id LIMIT {n}{hold}"));
    let rows = records.all(tx).await?;
    let ids: Result<Vec<Uuid>, _> = rows.iter().map(|row| row.try_get("", "id")).collect();
    let ids = ids?;
    let done = match ids.last() {
        Some(&last) => {
            if object == SearchObject::Contact {
                forget_companies(tx, &ids).await?;
            }
            let written = index(tx, object, Records::Known(&ids)).await?;
            finish(tx, &written).await?;
            let text = "UPDATE search_backfill SET after_id = ? WHERE object = ?";
            Sql::of(backend, text, [sql::id(last), code.into()])
        }
        None => {
            let text = "DELETE FROM search_backfill WHERE object = ?";
            Sql::of(backend, text, [code.into()])
        }
    };
    done.execute(tx).await?;
    Ok(true)
}

/// Takes the names of companies out of what contacts are found by: they are found through the
/// company itself, so that a renamed one needs none of its contacts written.
async fn forget_companies(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    let feed = match backend {
        DbBackend::Postgres => "chr(10)",
        _ => "char(10)",
    };
    let mut sql = Sql::new(backend);
    sql.push(&format!(
        "UPDATE contacts SET search_text = replace(search_text || {feed}, {feed} || \
         (SELECT name_key FROM companies co WHERE co.id = contacts.company_id) || {feed}, {feed}) \
         WHERE company_id IS NOT NULL AND id IN "
    ));
    sql.bind_list(ids.iter().map(|id| sql::id(*id)));
    sql.execute(tx).await?;
    Ok(())
}

/// Writes the terms of those of the records that are there; triggers took those of the others. Returns
/// the numbers of the entries that [`finish`] must be told. While the terms of some are written, those
/// of the next are found.
async fn index(
    tx: &DatabaseTransaction,
    object: SearchObject,
    records: Records<'_>,
) -> Result<Vec<i64>, StoreError> {
    let are_new = records.are_new();
    let mut written = Vec::new();
    let mut ahead: Option<Finding> = None;
    for few in records.chunks(N_AT_A_TIME) {
        // What comes from the database is taken apart while it takes in what was found, and the other way
        // round.
        let (records, before) = futures::join!(
            read(tx, object, few),
            write_found(tx, object, are_new, ahead.take())
        );
        written.extend(before?);
        ahead = Some(Finding::start(records?));
    }
    written.extend(write_found(tx, object, are_new, ahead).await?);
    Ok(written)
}

/// Writes terms once they are found.
async fn write_found(
    tx: &DatabaseTransaction,
    object: SearchObject,
    are_new: bool,
    found: Option<Finding>,
) -> Result<Vec<i64>, StoreError> {
    match found {
        Some(found) => write(tx, object, are_new, found.end().await).await,
        None => Ok(Vec::new()),
    }
}

async fn write(
    tx: &DatabaseTransaction,
    object: SearchObject,
    are_new: bool,
    records: Vec<Indexed>,
) -> Result<Vec<i64>, StoreError> {
    match tx.get_database_backend() {
        DbBackend::Postgres => {
            postgres::write(tx, object, records).await?;
            Ok(Vec::new())
        }
        _ => sqlite::write(tx, object, are_new, records).await,
    }
}

/// Brings the entries that were written into the index, where the database does not do so itself.
async fn finish(tx: &DatabaseTransaction, entries: &[i64]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    sqlite::bring_into_index(tx, entries).await
}

/// What a record says of itself.
struct Read {
    id: Uuid,
    /// On SQLite, where its table has one.
    row_no: Option<i64>,
    document: Document,
}

/// A record and its terms.
struct Indexed {
    id: Uuid,
    row_no: Option<i64>,
    terms: Vec<String>,
}

impl From<Read> for Indexed {
    fn from(record: Read) -> Self {
        Self {
            id: record.id,
            row_no: record.row_no,
            terms: terms(&record.document),
        }
    }
}

/// The terms of records being found.
enum Finding {
    Here(Vec<Read>),
    Apart(JoinHandle<Vec<Indexed>>),
}

impl Finding {
    /// Begins, in a thread of its own where there is enough to do.
    fn start(records: Vec<Read>) -> Self {
        if records.len() < N_APART_MIN {
            return Self::Here(records);
        }
        let find = || records.into_iter().map(Indexed::from).collect();
        Self::Apart(tokio::task::spawn_blocking(find))
    }

    async fn end(self) -> Vec<Indexed> {
        match self {
            Self::Here(records) => records.into_iter().map(Indexed::from).collect(),
            Self::Apart(handle) => match handle.await {
                Ok(found) => found,
                Err(failed) => std::panic::resume_unwind(failed.into_panic()),
            },
        }
    }
}

/// Those of the records that are there, in the order of their ids.
async fn read(
    tx: &DatabaseTransaction,
    object: SearchObject,
    records: Records<'_>,
) -> Result<Vec<Read>, StoreError> {
    let source = object.source();
    let backend = tx.get_database_backend();
    let has_row_no = source.has_row_no && backend == DbBackend::Sqlite;
    let mut sql = Sql::new(backend);
    sql.push(if has_row_no {
        "SELECT id, row_no"
    } else {
        "SELECT id"
    });
    for (idx, column) in source.names.iter().enumerate() {
        sql.push(&format!(", {column} AS name_{idx}"));
    }
    if let Some(column) = source.domain {
        sql.push(&format!(", {column} AS domain"));
    }
    if let Some(column) = source.body {
        sql.push(&format!(", substr({column}, 1, {N_CHARS_OF_BODY}) AS body"));
    }
    if source.has_company {
        sql.push(", company_id");
    }
    sql.push(&format!(" FROM {} WHERE ", source.table));
    records.push(&mut sql);
    let mut found = Vec::new();
    for row in sql.all(tx).await? {
        let row_no = has_row_no.then(|| row.try_get("", "row_no"));
        found.push(Read {
            id: row.try_get("", "id")?,
            row_no: row_no.transpose()?,
            document: document(object, &row)?,
        });
    }
    found.sort_unstable_by_key(|record| record.id);
    Ok(found)
}

fn document(object: SearchObject, row: &QueryResult) -> Result<Document, StoreError> {
    let source = object.source();
    let mut document = Document::default();
    for idx in 0..source.names.len() {
        let name: Option<String> = row.try_get("", &format!("name_{idx}"))?;
        document.names.push_str(name.as_deref().unwrap_or_default());
        document.names.push('\n');
    }
    if source.domain.is_some() {
        document.domain = row.try_get("", "domain")?;
    }
    if source.body.is_some() {
        document.body = row.try_get("", "body")?;
    }
    if source.has_company {
        document.company = row.try_get("", "company_id")?;
    }
    Ok(document)
}

/// Runs `INSERT … VALUES` for rows of values, in few statements of few sizes.
async fn insert<const N: usize>(
    tx: &DatabaseTransaction,
    into: &str,
    row: &str,
    end: &str,
    rows: Vec<[Value; N]>,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter();
    while let Some(&n_rows) = N_ROWS.iter().find(|&&n_rows| n_rows <= rows.len()) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(into).push(" VALUES ");
        for (idx, values) in rows.by_ref().take(n_rows).enumerate() {
            sql.push(if idx == 0 { "" } else { ", " });
            sql.push_with(row, values);
        }
        sql.push(end);
        sql.execute(tx).await?;
    }
    Ok(())
}

mod sqlite {
    //! A table with the terms of each record, and over it an index of their beginnings.

    use sea_orm::ConnectionTrait as _;

    use super::super::object::N_KINDS_MAX;
    use super::{
        DatabaseTransaction, HashMap, Indexed, SearchObject, Sql, StoreError, Uuid, Value, insert,
        sql,
    };

    /// What the index holds of a record.
    struct Entry {
        no: i64,
        terms: String,
    }

    pub(super) async fn write(
        tx: &DatabaseTransaction,
        object: SearchObject,
        are_new: bool,
        records: Vec<Indexed>,
    ) -> Result<Vec<i64>, StoreError> {
        let known = match are_new {
            true => HashMap::new(),
            false => entries(tx, object, &records).await?,
        };
        let mut next = next_row_no(tx).await?;
        let (mut entries, mut written): (Vec<[Value; 4]>, Vec<i64>) = (vec![], vec![]);
        for record in records {
            let text = lines(&record.terms);
            let before = known.get(&record.id);
            if before.is_some_and(|entry| entry.terms == text) {
                continue;
            }
            let no = before.map_or_else(
                || {
                    let row_no = record.row_no.unwrap_or(next);
                    next = next.max(row_no + 1);
                    row_no * N_KINDS_MAX + i64::from(object.code())
                },
                |entry| entry.no,
            );
            written.push(no);
            entries.push([
                no.into(),
                object.code().into(),
                sql::id(record.id),
                sql::text(text),
            ]);
        }
        let into = "INSERT OR REPLACE INTO search_entries (no, object, record_id, terms)";
        insert(tx, into, "(?, ?, ?, ?)", "", entries).await?;
        Ok(written)
    }

    /// Brings entries into the index, with the letter of their kind of record before each term: in one
    /// statement, for the index writes what it has gathered to the disk before each further one.
    pub(super) async fn bring_into_index(
        tx: &DatabaseTransaction,
        entries: &[i64],
    ) -> Result<(), StoreError> {
        let letters: String = SearchObject::ALL.map(SearchObject::letter).iter().collect();
        let entries = serde_json::to_string(entries).expect("numbers are JSON");
        let text = format!(
            "INSERT OR REPLACE INTO search_index (rowid, terms) \
             SELECT no, replace(terms, char(10), ' ' || substr('{letters}', object + 1, 1)) \
             FROM search_entries WHERE no IN (SELECT value FROM json_each(?))"
        );
        let sql = Sql::of(tx.get_database_backend(), &text, [sql::text(entries)]);
        sql.execute(tx).await?;
        Ok(())
    }

    async fn entries(
        tx: &DatabaseTransaction,
        object: SearchObject,
        records: &[Indexed],
    ) -> Result<HashMap<Uuid, Entry>, StoreError> {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("SELECT no, record_id, terms FROM search_entries WHERE object = ");
        sql.bind(object.code()).push(" AND record_id IN ");
        sql.bind_list(records.iter().map(|record| sql::id(record.id)));
        let mut entries = HashMap::new();
        for row in sql.all(tx).await? {
            let entry = Entry {
                no: row.try_get("", "no")?,
                terms: row.try_get("", "terms")?,
            };
            entries.insert(row.try_get("", "record_id")?, entry);
        }
        Ok(entries)
    }

    /// A row number for a record whose table has none, larger than all others, so that the
    /// newest come first when entries are read backwards.
    async fn next_row_no(tx: &DatabaseTransaction) -> Result<i64, StoreError> {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("SELECT coalesce(max(no), 0) AS no FROM search_entries");
        let row = sql.one(tx).await?.expect("an aggregate has a row");
        Ok(row.try_get::<i64>("", "no")? / N_KINDS_MAX + 1)
    }

    /// The terms, each after a line feed, so that `\n` and a word is in it where one begins so.
    fn lines(terms: &[String]) -> String {
        terms.iter().flat_map(|term| ["\n", term]).collect()
    }
}

mod postgres {
    //! A table with a text vector for each record, and an inverted index over it.

    use super::{DatabaseTransaction, Indexed, SearchObject, StoreError, insert, sql};

    pub(super) async fn write(
        tx: &DatabaseTransaction,
        object: SearchObject,
        records: Vec<Indexed>,
    ) -> Result<(), StoreError> {
        let rows = records.into_iter().map(|record| {
            let terms = record.terms.join("\n");
            [object.code().into(), sql::id(record.id), sql::text(terms)]
        });
        let into = "INSERT INTO search_entries (object, record_id, terms)";
        let row = "(?, ?, array_to_tsvector(string_to_array(?, E'\\n')))";
        let end = " ON CONFLICT (object, record_id) DO UPDATE SET terms = excluded.terms \
                   WHERE search_entries.terms <> excluded.terms";
        insert(tx, into, row, end, rows.collect()).await
    }
}
