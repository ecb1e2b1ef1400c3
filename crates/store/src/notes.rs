//! Notes: free text on records.

use futures::FutureExt as _;
use rapport_domain::{Note, NoteId, UserId, Verb};
use sea_orm::{FromQueryResult as _, QueryResult};

use crate::entities::note;
use crate::lens::Target;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::search::SearchObject;
use crate::{ListQuery, Op, Page, Store, StoreError, audit};

const OBJECT: &str = "note";

/// A note to be changed, whose access follows from the record that it is about.
fn target(id: NoteId) -> Target {
    Target {
        table: "notes",
        id: id.into(),
        object: OBJECT,
    }
}

/// A note as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteRow {
    /// The note.
    pub note: Note,
    /// Who wrote it.
    pub author: Option<Named<UserId>>,
}

const FIELDS: &[Field] = &[
    Field::optional(
        "contact_id",
        "CASE WHEN n.subject_kind = 'contact' THEN n.subject_id END",
        Kind::Id,
    ),
    Field::required("subject_id", "n.subject_id", Kind::Id),
    Field::optional("author_id", "n.author_id", Kind::Id),
    Field::required("body", "n.body", Kind::LongText),
    Field::required("created_at", "n.created_at", Kind::Timestamp),
    Field::required("updated_at", "n.updated_at", Kind::Timestamp),
];

fn listing() -> Listing {
    let columns = record::columns::<note::Entity>("n", "n_");
    Listing {
        object: "notes",
        table: "notes",
        alias: "n",
        columns: format!("{columns}, u.id AS u_id, u.name AS u_name"),
        joins: " LEFT JOIN users u ON u.id = n.author_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "n.id", Kind::Id),
        default_sort: "-created_at",
        search: Some(SearchObject::Note),
    }
}

fn read(row: &QueryResult) -> Result<NoteRow, StoreError> {
    Ok(NoteRow {
        note: note::Model::from_query_result(row, "n_")?.try_into()?,
        author: Named::read(row, "u_")?,
    })
}

/// Lists notes.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<NoteRow>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds a note with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: NoteId) -> Result<Option<NoteRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a note.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: NoteId) -> Result<Option<Note>, StoreError> {
    record::find_seen::<note::Entity, _>(store, id).await
}

/// Finds notes, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[NoteId]) -> Result<Vec<Note>, StoreError> {
    record::find_many_seen::<note::Entity, _>(store, ids).await
}

/// Writes a new note.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its author or
/// what it is about does not exist or is not seen.
pub async fn create(store: &Store, note: Note) -> Result<Note, StoreError> {
    note.check()?;
    let lens = store.lens().clone();
    let (subject, row) = (note.subject, note.clone().into());
    store
        .write(move |tx| {
            async move {
                record::hold_seen_subject(tx, &lens, OBJECT, subject).await?;
                record::create_noted::<note::Entity>(&lens, tx, OBJECT, row).await
            }
            .boxed()
        })
        .await?;
    Ok(note)
}

/// Writes a changed note.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, note: Note) -> Result<Note, StoreError> {
    note.check()?;
    let lens = store.lens().clone();
    let (id, row) = (note.id, note.clone().into());
    store
        .write(move |tx| {
            async move {
                lens.check_change(tx, target(id), Verb::Write).await?;
                record::update_noted::<note::Entity>(&lens, tx, OBJECT, row, &[]).await
            }
            .boxed()
        })
        .await?;
    Ok(note)
}

/// Deletes a note.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: NoteId) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                lens.check_change(tx, target(id), Verb::Delete).await?;
                let before = audit::before::<note::Entity>(tx, &lens, id).await?;
                record::delete::<note::Entity>(tx, OBJECT, id).await?;
                audit::deleted::<note::Entity>(tx, &lens, before).await
            }
            .boxed()
        })
        .await
}
