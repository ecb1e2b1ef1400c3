//! Campaigns: outreach to many.

use futures::FutureExt as _;
use rapport_domain::{Campaign, CampaignId};
use sea_orm::{FromQueryResult as _, QueryResult};

use crate::entities::campaign;
use crate::lists::{Field, Kind, Listing, page};
use crate::record;
use crate::search::SearchObject;
use crate::{ListQuery, Page, Store, StoreError};

const OBJECT: &str = "campaign";

const FIELDS: &[Field] = &[
    Field::required("name", "k.name_key", Kind::Folded),
    Field::required(
        "channel",
        "k.channel",
        Kind::Choice(&["email", "sms", "phone", "wechat", "post"]),
    ),
    Field::required(
        "status",
        "k.status",
        Kind::Choice(&["draft", "running", "finished"]),
    ),
    Field::optional("starts_at", "k.starts_at", Kind::Timestamp),
    Field::optional("ends_at", "k.ends_at", Kind::Timestamp),
    Field::required("created_at", "k.created_at", Kind::Timestamp),
    Field::required("updated_at", "k.updated_at", Kind::Timestamp),
];

fn listing() -> Listing {
    let columns = record::columns::<campaign::Entity>("k", "k_");
    Listing {
        object: "campaigns",
        table: "campaigns",
        alias: "k",
        columns,
        joins: "",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "k.id", Kind::Id),
        default_sort: "-starts_at",
        search: Some(SearchObject::Campaign),
    }
}

fn read(row: &QueryResult) -> Result<Campaign, StoreError> {
    campaign::Model::from_query_result(row, "k_")?.try_into()
}

/// Lists campaigns.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<Campaign>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds a campaign.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    record::find_seen::<campaign::Entity, _>(store, id).await
}

/// Finds campaigns, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[CampaignId]) -> Result<Vec<Campaign>, StoreError> {
    record::find_many_seen::<campaign::Entity, _>(store, ids).await
}

/// Writes a new campaign.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn create(store: &Store, campaign: Campaign) -> Result<Campaign, StoreError> {
    let row = campaign.clone().into();
    store
        .write(move |tx| record::create::<campaign::Entity>(tx, OBJECT, row).boxed())
        .await?;
    Ok(campaign)
}

/// Writes a changed campaign.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn update(store: &Store, campaign: Campaign) -> Result<Campaign, StoreError> {
    let (id, row) = (campaign.id, campaign.clone().into());
    store
        .write(move |tx| record::update::<campaign::Entity>(tx, OBJECT, id, row, &[]).boxed())
        .await?;
    Ok(campaign)
}

/// Deletes a campaign.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: CampaignId) -> Result<(), StoreError> {
    store
        .write(move |tx| record::delete::<campaign::Entity>(tx, OBJECT, id).boxed())
        .await
}
