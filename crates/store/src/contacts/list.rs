//! The list of contacts, with company, owner and segment in the same query.

use rapport_domain::{CompanyId, Contact, ContactId, LocalizedText, SegmentId, UserId};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::contact;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::Named;
use crate::search::SearchObject;
use crate::sql::{self, Sql};
use crate::{ListQuery, Op, Page, Store, StoreError};

/// The segment of the current segmentation that a contact is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentLabel {
    /// Identifier.
    pub id: SegmentId,
    /// Name.
    pub name: LocalizedText,
    /// Color on the screen, as `#rrggbb`.
    pub color: String,
}

/// A contact as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// The contact.
    pub contact: Contact,
    /// Employer.
    pub company: Option<Named<CompanyId>>,
    /// Colleague in charge.
    pub owner: Option<Named<UserId>>,
    /// Segment of the current segmentation.
    pub segment: Option<SegmentLabel>,
}

const FIELDS: &[Field] = &[
    Field::required("name", "c.name_key", Kind::Folded).indexed(),
    Field::optional("email", "c.email", Kind::Folded).indexed(),
    Field::optional("phone", "c.phone", Kind::Text).indexed(),
    Field::optional("company", "co.name_key", Kind::Folded),
    Field::optional("company_id", "c.company_id", Kind::Id),
    Field::optional("owner_id", "c.owner_id", Kind::Id),
    Field::optional("city", "c.city", Kind::Text).indexed(),
    Field::optional("country", "c.country", Kind::Text),
    Field::required("tags", "c.tags", Kind::Tags),
    Field::optional("language", "c.language", Kind::Text),
    Field::required("n_orders", "c.n_orders", Kind::Integer),
    Field::required("total_spent", "c.total_spent_minor", Kind::Integer).indexed(),
    Field::optional("first_order_at", "c.first_order_at", Kind::Timestamp),
    Field::optional("last_order_at", "c.last_order_at", Kind::Timestamp).indexed(),
    Field::optional("last_activity_at", "c.last_activity_at", Kind::Timestamp),
    Field::required("created_at", "c.created_at", Kind::Timestamp).indexed(),
    Field::required("updated_at", "c.updated_at", Kind::Timestamp),
    Field::optional("segment_id", "s.id", Kind::Id),
];

const CURRENT_SEGMENT: &str = " LEFT JOIN companies co ON co.id = c.company_id \
    LEFT JOIN users u ON u.id = c.owner_id \
    LEFT JOIN segment_members m ON m.contact_id = c.id AND m.segmentation_id = \
    (SELECT id FROM segmentations WHERE status = 'current') \
    LEFT JOIN segments s ON s.segmentation_id = m.segmentation_id AND s.idx = m.idx";

/// As above, but the segments are those that the scope asks for.
const ANY_SEGMENT: &str = " LEFT JOIN companies co ON co.id = c.company_id \
    LEFT JOIN users u ON u.id = c.owner_id \
    JOIN segment_members m ON m.contact_id = c.id \
    JOIN segments s ON s.segmentation_id = m.segmentation_id AND s.idx = m.idx";

/// How contacts are listed.
pub(crate) fn listing(store: &Store) -> Listing {
    listing_of(store, CURRENT_SEGMENT, None)
}

fn listing_of(store: &Store, joins: &'static str, scope: Option<Sql>) -> Listing {
    let lens = store.lens();
    let columns = lens.columns::<contact::Entity>(store.backend(), "c", "c_");
    Listing {
        object: "contacts",
        table: "contacts",
        alias: "c",
        columns: format!(
            "{columns}, co.id AS co_id, co.name AS co_name, u.id AS u_id, u.name AS u_name, \
             s.id AS s_id, s.name_en AS s_name_en, s.name_zh AS s_name_zh, s.color AS s_color"
        ),
        joins,
        scope,
        fields: FIELDS,
        key: Field::required("id", "c.id", Kind::Id).indexed(),
        default_sort: "-id",
        search: Some(SearchObject::Contact),
    }
}

fn read(row: &QueryResult) -> Result<ContactRow, StoreError> {
    let segment_id: Option<Uuid> = row.try_get("s_", "id")?;
    let segment = match segment_id {
        Some(id) => Some(SegmentLabel {
            id: id.into(),
            name: LocalizedText {
                en: row.try_get("s_", "name_en")?,
                zh: row.try_get("s_", "name_zh")?,
            },
            color: row.try_get("s_", "color")?,
        }),
        None => None,
    };
    Ok(ContactRow {
        contact: contact::Model::from_query_result(row, "c_")?.try_into()?,
        company: Named::read(row, "co_")?,
        owner: Named::read(row, "u_")?,
        segment,
    })
}

/// Lists contacts.
///
/// Fields: `id`, `name`, `email`, `phone`, `company` (its name), `company_id`, `owner_id`,
/// `city`, `country`, `tags`, `language`, `n_orders`, `total_spent` (minor units),
/// `first_order_at`, `last_order_at`, `last_activity_at`, `created_at`, `updated_at`,
/// `segment_id` (of the current segmentation). Newest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<ContactRow>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Lists the contacts of a segment of any segmentation, with that segment.
///
/// # Errors
/// As for [`list`].
pub async fn list_members(
    store: &Store,
    segment: SegmentId,
    query: &ListQuery,
) -> Result<Page<ContactRow>, StoreError> {
    let scope = Sql::of(store.backend(), "s.id = ?", [sql::id(segment)]);
    page(
        store,
        &listing_of(store, ANY_SEGMENT, Some(scope)),
        query,
        read,
    )
    .await
}

/// Finds one contact with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: ContactId) -> Result<Option<ContactRow>, StoreError> {
    let query = ListQuery {
        limit: 1,
        ..ListQuery::default()
    };
    let mut page = list(store, &query.with("id", Op::Eq, id)).await?;
    Ok(page.items.pop())
}
