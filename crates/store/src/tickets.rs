//! Tickets: requests for help.

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{ContactId, ObjectKind, Ticket, TicketId, UserId};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::ticket;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Guarded, Named};
use crate::search::SearchObject;
use crate::{ListQuery, Op, Page, Store, StoreError, journal};

const OBJECT: &str = "ticket";

/// How access to it is decided.
pub(crate) const GUARDED: Guarded = Guarded {
    table: "tickets",
    object: OBJECT,
    kind: ObjectKind::Ticket,
};

/// A ticket as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// The ticket.
    pub ticket: Ticket,
    /// Who asks.
    pub contact: Option<Named<ContactId>>,
    /// Colleague in charge.
    pub owner: Option<Named<UserId>>,
}

const FIELDS: &[Field] = &[
    Field::required("subject", "t.subject", Kind::Text),
    Field::required(
        "status",
        "t.status",
        Kind::Choice(&["open", "pending", "solved", "closed"]),
    ),
    Field::required(
        "priority",
        "t.priority",
        Kind::Rank(&["low", "normal", "high", "urgent"]),
    ),
    Field::required(
        "channel",
        "t.channel",
        Kind::Choice(&["email", "chat", "phone", "web"]),
    ),
    Field::optional("contact_id", "t.contact_id", Kind::Id),
    Field::optional("owner_id", "t.owner_id", Kind::Id),
    Field::required("created_at", "t.created_at", Kind::Timestamp),
    Field::required("updated_at", "t.updated_at", Kind::Timestamp),
    Field::optional("solved_at", "t.solved_at", Kind::Timestamp),
];

pub(crate) fn listing(store: &Store) -> Listing {
    let lens = store.lens();
    let columns = lens.columns::<ticket::Entity>(store.backend(), "t", "t_");
    Listing {
        object: "tickets",
        table: "tickets",
        alias: "t",
        columns: format!(
            "{columns}, c.id AS c_id, c.name AS c_name, u.id AS u_id, u.name AS u_name"
        ),
        joins: " LEFT JOIN contacts c ON c.id = t.contact_id LEFT JOIN users u ON u.id = t.owner_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "t.id", Kind::Id),
        default_sort: "-created_at",
        search: Some(SearchObject::Ticket),
    }
}

fn read(row: &QueryResult) -> Result<TicketRow, StoreError> {
    Ok(TicketRow {
        ticket: ticket::Model::from_query_result(row, "t_")?.try_into()?,
        contact: Named::read(row, "c_")?,
        owner: Named::read(row, "u_")?,
    })
}

/// Lists tickets.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<TicketRow>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Finds a ticket with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: TicketId) -> Result<Option<TicketRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a ticket.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: TicketId) -> Result<Option<Ticket>, StoreError> {
    record::find_seen::<ticket::Entity, _>(store, id).await
}

/// Writes a new ticket.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its contact or owner does not exist.
pub async fn create(store: &Store, mut ticket: Ticket) -> Result<Ticket, StoreError> {
    ticket.check()?;
    let lens = store.lens().clone();
    ticket.owner_id = lens.owner_of_new(ObjectKind::Ticket, ticket.owner_id);
    let (id, custom) = (ticket.id, ticket.custom.clone());
    let row = ticket::Model::with_origin(ticket.clone(), None);
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .create::<ticket::Entity>(&lens, tx, (id, &custom), row)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(ticket)
}

/// Writes a changed ticket and returns it with its new version.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(
    store: &Store,
    mut ticket: Ticket,
    expected: i64,
) -> Result<Ticket, StoreError> {
    ticket.check()?;
    let lens = store.lens().clone();
    let custom = ticket.custom.clone();
    let (id, row) = (ticket.id, ticket::Model::with_origin(ticket.clone(), None));
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .update::<ticket::Entity>(
                        &lens,
                        tx,
                        (id, expected, &custom),
                        row,
                        ticket::ORIGIN,
                    )
                    .await
            }
            .boxed()
        })
        .await?;
    ticket.version = expected + 1;
    Ok(ticket)
}

/// Deletes a ticket.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: TicketId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .delete::<ticket::Entity>(&lens, tx, (id, expected))
                    .await
            }
            .boxed()
        })
        .await
}

/// Finds tickets, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[TicketId]) -> Result<Vec<Ticket>, StoreError> {
    record::find_many_seen::<ticket::Entity, _>(store, ids).await
}

/// Those of some tickets that people have edited since an import made them; a bulk edit that was taken back
/// counts for nothing.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn edited_by_people(
    store: &Store,
    ids: &[TicketId],
) -> Result<HashSet<TicketId>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|&id| id.into()).collect();
    let edited = journal::edited_since(store, "tickets", &ids).await?;
    Ok(edited.into_iter().map(TicketId::from).collect())
}
