//! What happened with a contact, from the records: orders, tickets, notes and tasks, newest first.

use rapport_domain::{ContactId, Note, Order, Task, Ticket, Timestamp};
use sea_orm::{EntityTrait, FromQueryResult as _};
use uuid::Uuid;

use crate::entities::{note, order, task, ticket};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// A place in a timeline: entries are ordered by time, then by id, both from large to small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimelineKey {
    /// When it happened.
    pub at: Timestamp,
    /// The record.
    pub id: Uuid,
}

/// Something that happened with a contact.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineRecord {
    /// An order was placed.
    Order(Order),
    /// A ticket was opened.
    Ticket(Ticket),
    /// A note was written.
    Note(Note),
    /// A task was added.
    Task(Task),
}

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Its place.
    pub key: TimelineKey,
    /// What happened.
    pub record: TimelineRecord,
}

/// Lists what happened with a contact before a place, the latest first; from the end where no
/// place is named. The key of the last entry is where the next page goes on.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(
    store: &Store,
    contact: ContactId,
    before: Option<TimelineKey>,
    limit: usize,
) -> Result<Vec<TimelineEntry>, StoreError> {
    let page = Part {
        store,
        contact,
        before,
        limit,
    };
    let mut entries = page
        .read::<order::Entity>("contact_id = ?", "ordered_at", |row: order::Model| {
            Ok((
                row.ordered_at,
                row.id,
                TimelineRecord::Order(row.try_into()?),
            ))
        })
        .await?;
    entries.extend(
        page.read::<ticket::Entity>("contact_id = ?", "created_at", |row: ticket::Model| {
            Ok((
                row.created_at,
                row.id,
                TimelineRecord::Ticket(row.try_into()?),
            ))
        })
        .await?,
    );
    let about = "subject_id = ? AND subject_kind = 'contact'";
    entries.extend(
        page.read::<note::Entity>(about, "created_at", |row: note::Model| {
            Ok((
                row.created_at,
                row.id,
                TimelineRecord::Note(row.try_into()?),
            ))
        })
        .await?,
    );
    entries.extend(
        page.read::<task::Entity>(about, "created_at", |row: task::Model| {
            Ok((
                row.created_at,
                row.id,
                TimelineRecord::Task(row.try_into()?),
            ))
        })
        .await?,
    );
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.key));
    entries.truncate(limit);
    Ok(entries)
}

/// The part of a timeline that one table can hold: no more than a page of it is needed.
struct Part<'s> {
    store: &'s Store,
    contact: ContactId,
    before: Option<TimelineKey>,
    limit: usize,
}

impl Part<'_> {
    async fn read<E: EntityTrait>(
        &self,
        about: &str,
        at: &str,
        entry: impl Fn(E::Model) -> Result<(i64, Uuid, TimelineRecord), StoreError>,
    ) -> Result<Vec<TimelineEntry>, StoreError> {
        let backend = self.store.backend();
        let mut sql = Sql::new(backend);
        let lens = self.store.lens();
        let (entity, columns) = (E::default(), lens.columns::<E>(backend, "r", ""));
        let table = entity.table_name();
        let rows = format!("SELECT {columns} FROM {table} r WHERE {about}");
        lens.push(&mut sql, &rows, [sql::id(self.contact)]);
        if let Some(key) = self.before {
            sql.push_with(
                &format!(" AND {at} <= ? AND ({at} < ? OR id < ?)"),
                [sql::at(key.at), sql::at(key.at), sql::id(key.id)],
            );
        }
        sql.push(&format!(
            " ORDER BY {at} DESC, id DESC LIMIT {}",
            self.limit
        ));
        let rows = sql.all(self.store.reader()).await?;
        rows.iter()
            .map(|row| {
                let (at, id, record) = entry(E::Model::from_query_result(row, "")?)?;
                let at = Timestamp::from_micros(at);
                Ok(TimelineEntry {
                    key: TimelineKey { at, id },
                    record,
                })
            })
            .collect()
    }
}
