//! Writing a batch: one transaction of multi-row statements, and the journal of what they did.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{
    Campaign, CustomValues, ObjectKind, Order, OrderId, OrderLine, Product, Ticket,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _};
use uuid::Uuid;

use super::journal::{Journal, RecordKey, RecordKind};
use super::progress::wrong_state;
use super::{CommittedBatch, ImportBatch, OBJECT, account, deals, people};
use crate::entities::{
    campaign, event_segment, import, order, order_line, product, rejected_row, source_record,
    ticket,
};
use crate::journal::writes_taken_back;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, custom_fields, ledger, webhooks};

pub(super) const KEEP: &str = "ON CONFLICT DO NOTHING";

/// As [`KEEP`], of records that are known by their ids. A value that must be unique and that another record
/// has got meanwhile is an error, so that the row is looked at anew.
pub(super) const KEEP_KNOWN: &str = "ON CONFLICT (id) DO NOTHING";

const UPSERT_PRODUCT: &str = "ON CONFLICT (sku) DO UPDATE SET name = excluded.name, \
    name_key = excluded.name_key, category = coalesce(excluded.category, products.category), \
    price_minor = coalesce(excluded.price_minor, products.price_minor), \
    currency = coalesce(excluded.currency, products.currency), \
    updated_at = excluded.updated_at, search_text = excluded.search_text \
    WHERE products.name <> excluded.name \
    OR coalesce(excluded.category, products.category) IS DISTINCT FROM products.category \
    OR coalesce(excluded.price_minor, products.price_minor) IS DISTINCT FROM products.price_minor \
    OR coalesce(excluded.currency, products.currency) IS DISTINCT FROM products.currency";

const UPSERT_CAMPAIGN: &str = "ON CONFLICT (id) DO UPDATE SET status = excluded.status, \
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
    budget_minor = excluded.budget_minor, currency = excluded.currency, \
    updated_at = excluded.updated_at";

const UPSERT_ORDER: &str = "ON CONFLICT (external_id, source_id) DO UPDATE SET \
    contact_id = coalesce(excluded.contact_id, orders.contact_id), \
    ordered_at = excluded.ordered_at, status = excluded.status, currency = excluded.currency \
    WHERE coalesce(excluded.contact_id, orders.contact_id) IS DISTINCT FROM orders.contact_id \
    OR orders.ordered_at <> excluded.ordered_at OR orders.status <> excluded.status \
    OR orders.currency <> excluded.currency";

const UPSERT_LINE: &str = "ON CONFLICT (order_id, line_no) DO UPDATE SET \
    product_id = excluded.product_id, description = excluded.description, \
    quantity = excluded.quantity, unit_price_minor = excluded.unit_price_minor, \
    amount_minor = excluded.amount_minor \
    WHERE order_lines.product_id IS DISTINCT FROM excluded.product_id \
    OR order_lines.description <> excluded.description \
    OR order_lines.quantity <> excluded.quantity \
    OR order_lines.unit_price_minor <> excluded.unit_price_minor \
    OR order_lines.amount_minor <> excluded.amount_minor";

/// Writes a batch in one transaction: all of it or, on any error, nothing.
///
/// # Errors
/// [`StoreError::Conflict`] where rows of this import were written by somebody else meanwhile,
/// [`StoreError::WrongState`] where the import is not running (cancelled, say),
/// [`StoreError::BrokenReference`] where a row names what is neither in the batch nor stored,
/// [`StoreError::Taken`] where another record has got a custom value that must be unique since the rows
/// were looked at: made anew, the batch rejects the row.
pub async fn commit_batch(store: &Store, batch: ImportBatch) -> Result<CommittedBatch, StoreError> {
    store.write(move |tx| write_told(tx, batch).boxed()).await
}

/// Writes a batch so that webhooks know where it comes from.
async fn write_told(
    tx: &DatabaseTransaction,
    batch: ImportBatch,
) -> Result<CommittedBatch, StoreError> {
    webhooks::begin_bulk(tx, batch.import_id).await?;
    let committed = write(tx, batch).await?;
    webhooks::end_bulk(tx).await?;
    Ok(committed)
}

async fn write(tx: &DatabaseTransaction, batch: ImportBatch) -> Result<CommittedBatch, StoreError> {
    let import_id = batch.import_id;
    let before = import::Entity::find_by_id(Uuid::from(import_id))
        .one(tx)
        .await?
        .ok_or_else(|| StoreError::not_found(OBJECT, import_id))?;
    // What was read stands only where nobody has moved the import since, as this makes sure.
    let import = advance(tx, &batch).await?;
    let entry = account::entry(before, &batch)?;
    check_custom(tx, &batch).await?;
    let mut journal = Journal::new(tx, import_id, import.batches_done);
    for seen in &batch.seen {
        journal.told(seen.kind, [seen.id]);
    }
    let kept = people::write(tx, &batch, &mut journal).await?;
    write_products(tx, batch.products, &mut journal).await?;
    write_campaigns(tx, batch.campaigns, &mut journal).await?;
    let (n_orders, n_lines) = write_orders(tx, batch.orders, batch.lines, &mut journal).await?;
    let source_id = import.source_id.into();
    let tickets = batch.tickets.into_iter().map(|imported| {
        let origin = imported.external_id.map(|key| (source_id, key));
        ticket::Model::with_origin(imported.ticket, origin)
    });
    let tickets = tickets.collect();
    let n_tickets_kept = write_tickets(tx, tickets, &batch.changed_tickets, &mut journal).await?;
    let n_deals_kept = deals::write(tx, &batch.deals, &batch.changed_deals, &mut journal).await?;
    journal.save().await?;

    let records = batch.source_records.into_iter().map(|record| {
        let cells = codec::to_json(&record.cells);
        source_record::Model {
            id: record.id.into(),
            import_id: import_id.into(),
            line: codec::signed(record.line),
            identity_id: record.identity_id.map(Into::into),
            received_at: record.received_at.as_micros(),
            cells,
        }
    });
    bulk::insert::<source_record::Entity>(tx, records, "").await?;
    let rejected = batch.rejected.into_iter();
    let rejected = rejected.map(|row| rejected_row::Model::of(import_id, row));
    bulk::insert::<rejected_row::Entity>(tx, rejected, KEEP).await?;

    let segments = batch.event_segments.into_iter();
    let segments = segments.map(|segment| segment.into_row(Some(import_id)));
    bulk::insert::<event_segment::Entity>(tx, segments, "").await?;
    ledger::enter(tx, entry).await?;
    Ok(CommittedBatch {
        n_orders,
        n_lines,
        n_contacts_kept: kept.n_contacts,
        n_companies_kept: kept.n_companies,
        n_tickets_kept,
        n_deals_kept,
    })
}

/// The objects with custom fields that imports write, in the order in which their values are held.
pub(super) const WITH_CUSTOM: [ObjectKind; 4] = [
    ObjectKind::Contact,
    ObjectKind::Company,
    ObjectKind::Ticket,
    ObjectKind::Deal,
];

/// Refuses a batch that gives a record a custom value which is another record's alone: since the rows were
/// looked at, somebody has written it.
async fn check_custom(tx: &DatabaseTransaction, batch: &ImportBatch) -> Result<(), StoreError> {
    let [contact, company, ticket, deal] = WITH_CUSTOM;
    let contacts = batch.contacts.iter().chain(&batch.changed_contacts);
    let contacts = contacts.map(|it| (it.id.into(), &it.custom));
    let companies = batch.companies.iter().chain(&batch.changed_companies);
    let companies = companies.map(|it| (it.id.into(), &it.custom));
    let tickets = batch.tickets.iter().map(|imported| &imported.ticket);
    let tickets = tickets.chain(&batch.changed_tickets);
    let tickets = tickets.map(|it| (it.id.into(), &it.custom));
    let deals = batch.deals.iter().chain(&batch.changed_deals);
    let deals = deals.map(|it| (it.id.into(), &it.custom));
    let of_objects: [(ObjectKind, Vec<(Uuid, &CustomValues)>); 4] = [
        (contact, contacts.collect()),
        (company, companies.collect()),
        (ticket, tickets.collect()),
        (deal, deals.collect()),
    ];
    for (object, records) in of_objects {
        custom_fields::check_unique_among(tx, object, &records).await?;
    }
    Ok(())
}

/// Writes the people, products and orders of a batch that belongs to no import, within a
/// transaction: what events tell. No journal is kept of it, for there is nothing to undo it by.
pub(crate) async fn write_outside(
    tx: &DatabaseTransaction,
    batch: ImportBatch,
) -> Result<(), StoreError> {
    let mut journal = Journal::new(tx, batch.import_id, 0);
    people::write(tx, &batch, &mut journal).await?;
    write_products(tx, batch.products, &mut journal).await?;
    write_orders(tx, batch.orders, batch.lines, &mut journal).await?;
    Ok(())
}

async fn write_products(
    tx: &DatabaseTransaction,
    products: Vec<Product>,
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
    // By their stock-keeping units, which another import may have written under ids of its own.
    let skus = products.iter().map(|product| sql::text(&product.sku));
    let watched = journal
        .watch::<product::Entity>("sku", skus.collect())
        .await?;
    let keys = products.iter().map(|product| RecordKey::of(product.id));
    let new = keys.filter(|&key| !watched.has(key));
    journal.created(RecordKind::Products, new, None);
    let rows = products.into_iter().map(product::Model::from);
    bulk::insert::<product::Entity>(tx, rows, UPSERT_PRODUCT).await?;
    journal.changed(&watched).await
}

async fn write_campaigns(
    tx: &DatabaseTransaction,
    campaigns: Vec<Campaign>,
    journal: &mut Journal<'_>,
) -> Result<(), StoreError> {
    let ids = campaigns.iter().map(|campaign| sql::id(campaign.id));
    let watched = journal
        .watch::<campaign::Entity>("id", ids.collect())
        .await?;
    let keys = campaigns.iter().map(|campaign| RecordKey::of(campaign.id));
    let new = keys.filter(|&key| !watched.has(key));
    journal.created(RecordKind::Campaigns, new, None);
    let rows = campaigns.into_iter().map(campaign::Model::from);
    bulk::insert::<campaign::Entity>(tx, rows, UPSERT_CAMPAIGN).await?;
    journal.changed(&watched).await
}

/// Writes orders and lines; returns how many of each are new or have changed.
async fn write_orders(
    tx: &DatabaseTransaction,
    orders: Vec<Order>,
    lines: Vec<OrderLine>,
    journal: &mut Journal<'_>,
) -> Result<(u64, u64), StoreError> {
    let touched: BTreeSet<OrderId> = orders.iter().map(|order| order.id).collect();
    let touched = &touched | &lines.iter().map(|line| line.order_id).collect();
    let touched: Vec<OrderId> = touched.into_iter().collect();
    let known = journal
        .watch::<order::Entity>("id", sql::ids(&touched).collect())
        .await?;
    journal.told(RecordKind::Orders, known.keys().map(|key| key.id));
    let new = orders.iter().map(|order| RecordKey::of(order.id));
    journal.created(RecordKind::Orders, new.filter(|&key| !known.has(key)), None);
    // Only orders that were there before have lines.
    let ids = known.keys().map(|key| sql::id(key.id));
    let known_lines = journal
        .watch::<order_line::Entity>("order_id", ids.collect())
        .await?;
    let new = lines.iter().map(|line| RecordKey {
        id: line.order_id.into(),
        line_no: line.line_no,
    });
    let new = new.filter(|&key| !known_lines.has(key));
    journal.created(RecordKind::OrderLines, new, None);

    let rows = orders.into_iter().map(order::Model::from);
    let n_orders = bulk::insert::<order::Entity>(tx, rows, UPSERT_ORDER).await?;
    let rows = lines.into_iter().map(order_line::Model::from);
    let n_lines = bulk::insert::<order_line::Entity>(tx, rows, UPSERT_LINE).await?;
    journal.changed(&known).await?;
    journal.changed(&known_lines).await?;
    sum_orders(tx, &touched).await?;
    Ok((n_orders, n_lines))
}

/// Returns how many changed tickets were left alone.
async fn write_tickets(
    tx: &DatabaseTransaction,
    tickets: Vec<ticket::Model>,
    changed: &[Ticket],
    journal: &mut Journal<'_>,
) -> Result<u64, StoreError> {
    let ids = tickets.iter().map(|ticket| ticket.id);
    let ids = ids.chain(changed.iter().map(|ticket| ticket.id.into()));
    let ids: Vec<Uuid> = ids.collect();
    let watched = journal
        .watch::<ticket::Entity>("id", sql::ids(&ids).collect())
        .await?;
    let new = tickets.iter().map(|ticket| RecordKey::of(ticket.id));
    journal.created(
        RecordKind::Tickets,
        new.filter(|&key| !watched.has(key)),
        None,
    );
    bulk::insert::<ticket::Entity>(tx, tickets, KEEP_KNOWN).await?;
    let mut n_kept = 0;
    for ticket in changed {
        n_kept += u64::from(!update_ticket(tx, ticket).await?);
    }
    journal.changed(&watched).await?;
    Ok(n_kept)
}

/// Moves the import on, if it is where the caller believes it to be, and returns it as it is then.
async fn advance(
    tx: &DatabaseTransaction,
    batch: &ImportBatch,
) -> Result<import::Model, StoreError> {
    let statement = Sql::of(
        tx.get_database_backend(),
        "UPDATE imports SET rows_done = ?, bytes_done = ?, counts = ?, \
         batches_done = batches_done + 1 \
         WHERE id = ? AND status = 'running' AND rows_done = ?",
        [
            codec::signed(batch.rows_done).into(),
            codec::signed(batch.bytes_done).into(),
            sql::text(codec::to_json(&batch.counts)),
            sql::id(batch.import_id),
            codec::signed(batch.rows_before).into(),
        ],
    );
    let has_moved = statement.execute(tx).await? == 1;
    let row = import::Entity::find_by_id(Uuid::from(batch.import_id))
        .one(tx)
        .await?;
    match row {
        Some(row) if has_moved => Ok(row),
        Some(row) if row.status == "running" => Err(StoreError::Conflict {
            object: OBJECT,
            expected: codec::signed(batch.rows_before),
            found: row.rows_done,
        }),
        _ => Err(wrong_state(tx, batch.import_id).await?),
    }
}

/// Brings a ticket up to date; one that a person has edited is left alone, and the answer is no. Its
/// version stays: it counts what people change, and the next file may change the ticket again.
async fn update_ticket(tx: &DatabaseTransaction, ticket: &Ticket) -> Result<bool, StoreError> {
    let update = Sql::of(
        tx.get_database_backend(),
        concat!(
            "UPDATE tickets SET status = ?, priority = ?, solved_at = ?, owner_id = ?, \
             contact_id = ?, updated_at = ?, custom = ? WHERE id = ? AND version = 1 + ",
            writes_taken_back!("tickets.id")
        ),
        [
            sql::text(codec::name_of(&ticket.status)),
            codec::priority_rank(ticket.priority).into(),
            codec::micros(ticket.solved_at).into(),
            ticket.owner_id.map(Uuid::from).into(),
            ticket.contact_id.map(Uuid::from).into(),
            sql::at(ticket.updated_at),
            sql::text(codec::to_json(&ticket.custom)),
            sql::id(ticket.id),
        ],
    );
    Ok(update.execute(tx).await? == 1)
}

/// Derives amount and line count of orders from their lines; none of both where no line is left.
pub(super) async fn sum_orders(
    tx: &DatabaseTransaction,
    orders: &[OrderId],
) -> Result<(), StoreError> {
    for chunk in orders.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push(
            "UPDATE orders SET n_lines = t.n, amount_minor = t.amount FROM \
             (SELECT o.id AS order_id, count(l.order_id) AS n, \
             CAST(coalesce(sum(l.amount_minor), 0) AS BIGINT) AS amount \
             FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id WHERE o.id IN ",
        );
        sql.bind_list(sql::ids(chunk));
        sql.push(
            " GROUP BY o.id) t WHERE t.order_id = orders.id \
             AND (orders.n_lines <> t.n OR orders.amount_minor <> t.amount)",
        );
        sql.execute(tx).await?;
    }
    Ok(())
}
