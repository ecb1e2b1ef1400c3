//! Orders and their lines.

mod totals;

use std::collections::HashMap;

use rapport_domain::{ContactId, Order, OrderId, OrderLine, ProductId, SourceId};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryResult,
};
use uuid::Uuid;

use crate::entities::{order, order_line};
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::search::SearchObject;
use crate::sql::{self, Sql};
use crate::{ListQuery, Op, Page, Store, StoreError};

pub(crate) use totals::refresh_totals_in;
pub use totals::{TotalsScope, refresh_totals};

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow {
    /// The order.
    pub order: Order,
    /// System that it comes from.
    pub source: Named<SourceId>,
    /// Buyer.
    pub contact: Option<Named<ContactId>>,
}

/// What an order line says of its product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLabel {
    /// Identifier.
    pub id: ProductId,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name.
    pub name: String,
}

/// An order line with its product.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLineRow {
    /// The line.
    pub line: OrderLine,
    /// What was sold.
    pub product: Option<ProductLabel>,
}

const FIELDS: &[Field] = &[
    Field::required("external_id", "o.external_id", Kind::Text),
    Field::required("source_id", "o.source_id", Kind::Id),
    Field::optional("contact_id", "o.contact_id", Kind::Id),
    Field::optional("contact", "c.name_key", Kind::Folded),
    Field::optional("company_id", "c.company_id", Kind::Id),
    Field::required("ordered_at", "o.ordered_at", Kind::Timestamp).indexed(),
    Field::required(
        "status",
        "o.status",
        Kind::Choice(&["completed", "returned"]),
    ),
    Field::required("amount", "o.amount_minor", Kind::Integer),
    Field::required("currency", "o.currency", Kind::Text),
    Field::required("n_lines", "o.n_lines", Kind::Integer),
];

pub(crate) fn listing() -> Listing {
    let columns = record::columns::<order::Entity>("o", "o_");
    Listing {
        object: "orders",
        table: "orders",
        alias: "o",
        columns: format!(
            "{columns}, q.id AS q_id, q.name AS q_name, c.id AS c_id, c.name AS c_name"
        ),
        joins: " JOIN sources q ON q.id = o.source_id LEFT JOIN contacts c ON c.id = o.contact_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "o.id", Kind::Id).indexed(),
        default_sort: "-ordered_at",
        search: Some(SearchObject::Order),
    }
}

fn read(row: &QueryResult) -> Result<OrderRow, StoreError> {
    let order = order::Model::from_query_result(row, "o_")?;
    let source = Named::read(row, "q_")?;
    Ok(OrderRow {
        source: source.ok_or_else(|| StoreError::not_found("source", order.source_id))?,
        contact: Named::read(row, "c_")?,
        order: order.try_into()?,
    })
}

/// Lists orders, the latest first where no order is named. The search looks at order numbers.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<OrderRow>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds an order with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: OrderId) -> Result<Option<OrderRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds an order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: OrderId) -> Result<Option<Order>, StoreError> {
    record::find_seen::<order::Entity, _>(store, id).await
}

/// Lists the lines of an order with their products, in order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_lines(store: &Store, id: OrderId) -> Result<Vec<OrderLineRow>, StoreError> {
    let columns = record::columns::<order_line::Entity>("l", "l_");
    let statement = format!(
        "SELECT {columns}, p.id AS p_id, p.sku AS p_sku, p.name AS p_name FROM order_lines l \
         LEFT JOIN products p ON p.id = l.product_id WHERE l.order_id = ? ORDER BY l.line_no"
    );
    let rows = Sql::of(store.backend(), &statement, [sql::id(id)])
        .all(store.reader())
        .await?;
    rows.iter().map(read_line).collect()
}

fn read_line(row: &QueryResult) -> Result<OrderLineRow, StoreError> {
    let product_id: Option<Uuid> = row.try_get("p_", "id")?;
    let product = match product_id {
        Some(id) => Some(ProductLabel {
            id: id.into(),
            sku: row.try_get("p_", "sku")?,
            name: row.try_get("p_", "name")?,
        }),
        None => None,
    };
    Ok(OrderLineRow {
        line: order_line::Model::from_query_result(row, "l_")?.into(),
        product,
    })
}

/// Finds orders of a source by their numbers there.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_by_external_ids(
    store: &Store,
    source: SourceId,
    external_ids: &[String],
) -> Result<HashMap<String, Order>, StoreError> {
    let mut found = HashMap::new();
    for chunk in external_ids.chunks(sql::N_KEYS_MAX) {
        let rows = order::Entity::find()
            .filter(order::Column::SourceId.eq(Uuid::from(source)))
            .filter(order::Column::ExternalId.is_in(sql::padded(chunk.iter().map(String::as_str))))
            .all(store.reader())
            .await?;
        for row in rows {
            found.insert(row.external_id.clone(), row.try_into()?);
        }
    }
    Ok(found)
}

/// All lines of the named orders by order and position: what an importer compares with to tell
/// new lines from those that are here already.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn existing_lines(
    store: &Store,
    orders: &[OrderId],
) -> Result<HashMap<(OrderId, i64), OrderLine>, StoreError> {
    let mut found = HashMap::new();
    for chunk in orders.chunks(sql::N_KEYS_MAX) {
        let ids = chunk.iter().map(|&id| Uuid::from(id));
        let rows = order_line::Entity::find()
            .filter(order_line::Column::OrderId.is_in(sql::padded(ids)))
            .all(store.reader())
            .await?;
        for row in rows {
            found.insert((row.order_id.into(), row.line_no), row.into());
        }
    }
    Ok(found)
}
