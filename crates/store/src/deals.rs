//! Deals: possible sales.

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{CompanyId, ContactId, Deal, DealId, ObjectKind, StageId, UserId};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::deal;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Guarded, Named};
use crate::search::SearchObject;
use crate::{ListQuery, Op, Page, Store, StoreError, journal};

const OBJECT: &str = "deal";

/// How access to it is decided.
pub(crate) const GUARDED: Guarded = Guarded {
    table: "deals",
    object: OBJECT,
    kind: ObjectKind::Deal,
};

/// A deal as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRow {
    /// The deal.
    pub deal: Deal,
    /// Where it stands.
    pub stage: Option<Named<StageId>>,
    /// Customer, as a person.
    pub contact: Option<Named<ContactId>>,
    /// Customer, as an organization.
    pub company: Option<Named<CompanyId>>,
    /// Colleague in charge.
    pub owner: Option<Named<UserId>>,
}

const FIELDS: &[Field] = &[
    Field::required("name", "d.name_key", Kind::Folded),
    Field::required("pipeline_id", "d.pipeline_id", Kind::Id),
    Field::required("stage_id", "d.stage_id", Kind::Id),
    Field::required(
        "outcome",
        "s.outcome",
        Kind::Choice(&["open", "won", "lost"]),
    ),
    Field::optional("amount", "d.amount_minor", Kind::Integer),
    Field::optional("expected_close_on", "d.expected_close_on", Kind::Date),
    Field::optional("contact_id", "d.contact_id", Kind::Id),
    Field::optional("company_id", "d.company_id", Kind::Id),
    Field::optional("owner_id", "d.owner_id", Kind::Id),
    Field::required("stage_entered_at", "d.stage_entered_at", Kind::Timestamp),
    Field::required("created_at", "d.created_at", Kind::Timestamp).indexed(),
    Field::required("updated_at", "d.updated_at", Kind::Timestamp),
];

pub(crate) fn listing(store: &Store) -> Listing {
    let lens = store.lens();
    let columns = lens.columns::<deal::Entity>(store.backend(), "d", "d_");
    Listing {
        object: "deals",
        table: "deals",
        alias: "d",
        columns: format!(
            "{columns}, c.id AS c_id, c.name AS c_name, co.id AS co_id, co.name AS co_name, \
             u.id AS u_id, u.name AS u_name, s.id AS s_id, s.name AS s_name"
        ),
        joins: " LEFT JOIN contacts c ON c.id = d.contact_id LEFT JOIN companies co ON co.id = d.company_id LEFT JOIN users u ON u.id = d.owner_id JOIN stages s ON s.id = d.stage_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "d.id", Kind::Id).indexed(),
        default_sort: "-created_at",
        search: Some(SearchObject::Deal),
    }
}

pub(crate) fn read(row: &QueryResult) -> Result<DealRow, StoreError> {
    Ok(DealRow {
        deal: deal::Model::from_query_result(row, "d_")?.try_into()?,
        stage: Named::read(row, "s_")?,
        contact: Named::read(row, "c_")?,
        company: Named::read(row, "co_")?,
        owner: Named::read(row, "u_")?,
    })
}

/// Lists deals.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<DealRow>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Finds a deal with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: DealId) -> Result<Option<DealRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a deal.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: DealId) -> Result<Option<Deal>, StoreError> {
    record::find_seen::<deal::Entity, _>(store, id).await
}

/// Finds deals, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[DealId]) -> Result<Vec<Deal>, StoreError> {
    record::find_many_seen::<deal::Entity, _>(store, ids).await
}

/// Those of some deals that people have edited since an import made them; a bulk edit that was taken back
/// counts for nothing.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn edited_by_people(
    store: &Store,
    ids: &[DealId],
) -> Result<HashSet<DealId>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|&id| id.into()).collect();
    let edited = journal::edited_since(store, "deals", &ids).await?;
    Ok(edited.into_iter().map(DealId::from).collect())
}

/// Writes a new deal.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its pipeline, stage, customer or owner does not exist.
pub async fn create(store: &Store, mut deal: Deal) -> Result<Deal, StoreError> {
    deal.check()?;
    let lens = store.lens().clone();
    deal.owner_id = lens.owner_of_new(ObjectKind::Deal, deal.owner_id);
    let (id, custom, row) = (deal.id, deal.custom.clone(), deal.clone().into());
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .create::<deal::Entity>(&lens, tx, (id, &custom), row)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(deal)
}

/// Writes a changed deal and returns it with its new version.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, mut deal: Deal, expected: i64) -> Result<Deal, StoreError> {
    deal.check()?;
    let lens = store.lens().clone();
    let (id, custom, row) = (deal.id, deal.custom.clone(), deal.clone().into());
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .update::<deal::Entity>(&lens, tx, (id, expected, &custom), row, &[])
                    .await
            }
            .boxed()
        })
        .await?;
    deal.version = expected + 1;
    Ok(deal)
}

/// Deletes a deal.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: DealId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .delete::<deal::Entity>(&lens, tx, (id, expected))
                    .await
            }
            .boxed()
        })
        .await
}
