//! Tables that have no list of their own, row after row, for who takes everything away with them: what
//! people allow, what sources call them, the rows of files as they were read, and the lines of orders.
//!
//! They are read as the system sees them; nothing of this answers a user of the API.

use rapport_domain::{Currency, Money, Timestamp};
use sea_orm::{DbBackend, QueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// A table that is read as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// What people allow.
    Consents,
    /// What sources call people.
    Identities,
    /// Rows of files as they were read.
    SourceRecords,
    /// Lines of orders, each with its order, buyer and product.
    OrderLines,
}

/// Where the rows that were read so far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    id: Uuid,
    line_no: i64,
}

/// Rows of a table and, where there are more, their end.
pub type Rows = (Vec<Value>, Option<Mark>);

impl Whole {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Consents,
        Self::Identities,
        Self::SourceRecords,
        Self::OrderLines,
    ];

    /// Its name, which is that of its table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consents => "consents",
            Self::Identities => "identities",
            Self::SourceRecords => "source_records",
            Self::OrderLines => "order_lines",
        }
    }

    const fn select(self) -> &'static str {
        match self {
            Self::Consents => {
                "SELECT x.id AS mark, x.id, x.contact_id, x.purpose, x.channel, x.status, x.source, \
                 x.stated_at FROM consents x WHERE x.id > ? ORDER BY x.id LIMIT ?"
            }
            Self::Identities => {
                "SELECT x.id AS mark, x.id, x.contact_id, x.profile_key, x.email, x.phone, x.rule, \
                 x.linked_at, q.name AS source FROM identities x \
                 JOIN sources q ON q.id = x.source_id WHERE x.id > ? ORDER BY x.id LIMIT ?"
            }
            Self::SourceRecords => {
                "SELECT x.id AS mark, x.id, x.import_id, x.line, x.identity_id, x.received_at, x.cells \
                 FROM source_records x WHERE x.id > ? ORDER BY x.id LIMIT ?"
            }
            Self::OrderLines => {
                "SELECT x.order_id AS mark, x.order_id, x.line_no, o.external_id, o.ordered_at, o.contact_id, \
                 o.currency, q.name AS source, p.sku, p.name AS product, x.description, x.quantity, \
                 x.unit_price_minor, x.amount_minor FROM order_lines x \
                 JOIN orders o ON o.id = x.order_id JOIN sources q ON q.id = o.source_id \
                 LEFT JOIN products p ON p.id = x.product_id \
                 WHERE (x.order_id, x.line_no) > (?, ?) \
                 ORDER BY x.order_id, x.line_no LIMIT ?"
            }
        }
    }

    fn value(self, row: &QueryResult) -> Result<Value, StoreError> {
        let id = |name: &str| row.try_get::<Uuid>("", name);
        let id_option = |name: &str| row.try_get::<Option<Uuid>>("", name);
        let text = |name: &str| row.try_get::<String>("", name);
        let text_option = |name: &str| row.try_get::<Option<String>>("", name);
        let number = |name: &str| row.try_get::<i64>("", name);
        let at = |name: &str| number(name).map(Timestamp::from_micros);
        Ok(match self {
            Self::Consents => json!({
                "id": id("id")?,
                "contact_id": id("contact_id")?,
                "purpose": text("purpose")?,
                "channel": text_option("channel")?,
                "status": text("status")?,
                "source": text("source")?,
                "stated_at": at("stated_at")?,
            }),
            Self::Identities => json!({
                "id": id("id")?,
                "contact_id": id("contact_id")?,
                "source": text("source")?,
                "profile_key": text("profile_key")?,
                "email": text_option("email")?,
                "phone": text_option("phone")?,
                "rule": text("rule")?,
                "linked_at": at("linked_at")?,
            }),
            Self::SourceRecords => {
                let cells: Value = codec::from_json("source_records.cells", &text("cells")?)?;
                json!({
                    "id": id("id")?,
                    "import_id": id("import_id")?,
                    "line": number("line")?,
                    "identity_id": id_option("identity_id")?,
                    "received_at": at("received_at")?,
                    "cells": cells,
                })
            }
            Self::OrderLines => {
                let currency: Currency = codec::parse("orders.currency", &text("currency")?)?;
                let amount = |name: &str| -> Result<String, StoreError> {
                    Ok(Money::new(number(name)?, currency).decimal())
                };
                json!({
                    "order_id": id("order_id")?,
                    "order_number": text("external_id")?,
                    "line_no": number("line_no")?,
                    "ordered_at": at("ordered_at")?,
                    "source": text("source")?,
                    "contact_id": id_option("contact_id")?,
                    "sku": text_option("sku")?,
                    "product_name": text_option("product")?,
                    "description": text("description")?,
                    "quantity": row.try_get::<f64>("", "quantity")?,
                    "unit_price": amount("unit_price_minor")?,
                    "line_amount": amount("amount_minor")?,
                    "currency": currency,
                })
            }
        })
    }
}

/// The next rows of a table, in the order of their keys.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn page(
    store: &Store,
    whole: Whole,
    after: Option<Mark>,
    limit: u64,
) -> Result<Rows, StoreError> {
    let statement = statement(store.backend(), whole, after, limit);
    let rows = statement.all(store.reader()).await?;
    let values = rows.iter().map(|row| whole.value(row));
    let values: Vec<Value> = values.collect::<Result<_, _>>()?;
    let last = rows.last().filter(|_| rows.len() as u64 == limit);
    let mark = last.map(|row| mark_of(whole, row)).transpose()?;
    Ok((values, mark))
}

pub(crate) fn statement(backend: DbBackend, whole: Whole, after: Option<Mark>, limit: u64) -> Sql {
    let Mark { id, line_no } = after.unwrap_or(Mark {
        id: Uuid::nil(),
        line_no: 0,
    });
    let limit = codec::signed(limit);
    match whole {
        Whole::OrderLines => {
            let values = [sql::id(id), line_no.into(), limit.into()];
            Sql::of(backend, whole.select(), values)
        }
        _ => Sql::of(backend, whole.select(), [sql::id(id), limit.into()]),
    }
}

fn mark_of(whole: Whole, row: &QueryResult) -> Result<Mark, StoreError> {
    let line_no = match whole {
        Whole::OrderLines => row.try_get("", "line_no")?,
        _ => 0,
    };
    Ok(Mark {
        id: row.try_get("", "mark")?,
        line_no,
    })
}
