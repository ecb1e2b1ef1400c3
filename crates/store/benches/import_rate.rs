//! How fast batches of an order file are written: source records, lines and orders, with the
//! contacts and products that they name. Figures depend on the disk; the data follow from a seed.
//!
//! `cargo bench -p rapport-store --bench import_rate`
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use rapport_domain::{
    Contact, Currency, IdGenerator, ImportId, MatchRule, Order, OrderLine, OrderStatus, Product,
    SourceIdentity, SourceRecordId, Timestamp,
};
use rapport_store::imports::{self, ImportBatch, NewImport, SourceRecord};
use rapport_store::jobs::NewJob;
use rapport_store::orders::{self, TotalsScope};
use rapport_store::{ListQuery, Store, StoreConfig, StoreError, contacts, sources};

const N_ROWS: usize = 400_000;
const N_ROWS_OF_BATCH: usize = 50_000;
const N_LINES_OF_ORDER: usize = 20;
const N_CONTACTS: usize = 4_000;
const N_PRODUCTS: usize = 3_700;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let store = Store::open(&StoreConfig::in_directory(directory.path())).await?;
    let ids = IdGenerator::new(1);
    let now = Timestamp::from_millis(1_790_000_000_000);
    let file = File::new(&store, &ids, now).await?;

    let started = Instant::now();
    for first in (0..N_ROWS).step_by(N_ROWS_OF_BATCH) {
        imports::commit_batch(&store, file.batch(&ids, now, first)).await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "import: {N_ROWS} rows in {seconds:.2} s, {:.0} rows/s",
        N_ROWS as f64 / seconds
    );

    let started = Instant::now();
    orders::refresh_totals(&store, TotalsScope::All).await?;
    println!("totals: {:.2} s", started.elapsed().as_secs_f64());

    for (name, query) in [
        (
            "list by last order",
            ListQuery::default().sorted("-last_order_at"),
        ),
        ("list by name", ListQuery::default().sorted("name")),
        (
            "search",
            ListQuery {
                search: Some("tomer 39".to_owned()),
                ..ListQuery::default()
            },
        ),
    ] {
        let started = Instant::now();
        let page = contacts::list(&store, &query).await?;
        let millis = started.elapsed().as_secs_f64() * 1e3;
        println!("{name}: {} rows in {millis:.1} ms", page.items.len());
    }
    Ok(())
}

/// A made-up order file, in which the same people buy the same things again and again.
struct File {
    import: ImportId,
    contacts: Vec<Contact>,
    identities: Vec<SourceIdentity>,
    products: Vec<Product>,
    source: rapport_domain::SourceId,
}

impl File {
    async fn new(store: &Store, ids: &IdGenerator, now: Timestamp) -> Result<Self, StoreError> {
        let source = sources::find_or_create(store, "shop", ids.next(now), now)
            .await?
            .id;
        let new = NewImport {
            id: ids.next(now),
            source_id: source,
            file_name: "orders.csv".to_owned(),
            bytes: 0,
            entity: None,
            format: serde_json::Value::Null,
            mapping: serde_json::Value::Null,
            preview: serde_json::Value::Null,
            columns: Vec::new(),
            created_by: None,
        };
        let import = imports::create(store, new, now).await?.id;
        let job = NewJob {
            id: ids.next(now),
            kind: "import".to_owned(),
            payload: serde_json::Value::Null,
            unique_key: None,
            run_at: now,
            attempts_max: 1,
        };
        imports::queue(store, import, job, now).await?;
        imports::start(store, import, now).await?;
        let contacts: Vec<Contact> = (0..N_CONTACTS)
            .map(|n| Contact::named(ids.next(now), format!("Customer {n}"), now))
            .collect();
        let identities = contacts.iter().map(|contact| SourceIdentity {
            id: ids.next(now),
            source_id: source,
            profile_key: contact.name[9..].to_owned(),
            email: None,
            phone: None,
            contact_id: contact.id,
            rule: MatchRule::Created,
            linked_at: now,
        });
        let products = (0..N_PRODUCTS).map(|n| Product {
            id: ids.next(now),
            sku: format!("{}", 20_000 + n),
            name: format!("WHITE HANGING HEART T-LIGHT HOLDER {n}"),
            category: None,
            price: None,
            custom: Default::default(),
            units_sold: 0.0,
            revenue_minor: 0,
            created_at: now,
            updated_at: now,
        });
        Ok(Self {
            import,
            identities: identities.collect(),
            contacts,
            products: products.collect(),
            source,
        })
    }

    fn batch(&self, ids: &IdGenerator, now: Timestamp, first: usize) -> ImportBatch {
        let mut batch = ImportBatch::empty(self.import, first as u64);
        batch.rows_done = (first + N_ROWS_OF_BATCH) as u64;
        if first == 0 {
            batch.contacts = self.contacts.clone();
            batch.identities = self.identities.clone();
            batch.products = self.products.clone();
        }
        for row in first..first + N_ROWS_OF_BATCH {
            let order_idx = row / N_LINES_OF_ORDER;
            // Multiplying by a prime scatters buyers and products as a real file does.
            let buyer = order_idx * 2_654_435_761 % N_CONTACTS;
            let sold = row * 2_654_435_761 % N_PRODUCTS;
            if row % N_LINES_OF_ORDER == 0 {
                batch.orders.push(Order {
                    id: ids.next(now),
                    source_id: self.source,
                    external_id: format!("{}", 536_365 + order_idx),
                    contact_id: Some(self.contacts[buyer].id),
                    ordered_at: now.plus_seconds(600 * order_idx as i64),
                    status: OrderStatus::Completed,
                    amount_minor: 0,
                    currency: Currency::GBP,
                    n_lines: 0,
                });
            }
            let order = batch.orders.last().expect("a batch begins with an order");
            batch.lines.push(OrderLine {
                order_id: order.id,
                line_no: (row % N_LINES_OF_ORDER) as i64 + 1,
                product_id: Some(self.products[sold].id),
                description: self.products[sold].name.clone(),
                quantity: 6.0,
                unit_price_minor: 255,
                amount_minor: 1_530,
            });
            batch.source_records.push(SourceRecord {
                id: ids.next::<SourceRecordId>(now),
                line: row as u64 + 2,
                identity_id: Some(self.identities[buyer].id),
                received_at: now,
                cells: vec![
                    order.external_id.clone(),
                    self.products[sold].sku.clone(),
                    self.products[sold].name.clone(),
                    "6".to_owned(),
                    "12/1/2010 8:26".to_owned(),
                    "2.55".to_owned(),
                    self.identities[buyer].profile_key.clone(),
                    "United Kingdom".to_owned(),
                ],
            });
        }
        batch
    }
}
