//! The suite: each test has a database of its own, on SQLite or, where `RAPPORT_TEST_POSTGRES`
//! names a server, in a fresh schema there.

mod access;
mod audit;
mod audit_acts;
mod audit_erase;
mod audit_restore;
mod boards;
mod bulk;
mod bulk_remains;
mod company_attachments;
mod custom_unique;
mod edits;
mod event_sources;
mod events;
mod filters;
mod identities;
mod identity_log;
mod import_endings;
mod imports;
mod jobs;
mod lists;
mod mailboxes;
mod opening;
mod registry;
mod reports;
mod runs;
mod schemas;
mod search_upkeep;
mod searches;
mod segmentations;
mod service;
mod undo;
mod undo_chains;
mod undo_companies;
mod undo_orders;
mod upgrades;
mod users;
mod webhook_deliveries;
mod webhooks;
mod whole;

use std::ops::Deref;

use futures::FutureExt as _;
use rapport_domain::{
    Address, Contact, Currency, IdGenerator, Order, OrderId, OrderLine, OrderStatus, Product,
    SourceId, Timestamp,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{ListCost, Store, StoreConfig, StoreError, entities, record, sources};

/// A store that is thrown away after the test.
struct TestStore {
    store: Store,
    ids: IdGenerator,
    _directory: TempDir,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    async fn open() -> Self {
        Self::open_with(ListCost::default()).await
    }

    async fn open_with(list_cost: ListCost) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = match rapport_testing::database_of(directory.path()) {
            Some(address) => StoreConfig::postgres(address),
            None => StoreConfig::in_directory(directory.path()),
        };
        let config = StoreConfig {
            list_cost,
            ..config
        };
        let store = Store::open(&config).await.unwrap();
        Self {
            store,
            ids: IdGenerator::new(7),
            _directory: directory,
        }
    }

    /// On SQLite, wherever the suite runs.
    async fn on_sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_directory(directory.path());
        Self {
            store: Store::open(&config).await.unwrap(),
            ids: IdGenerator::new(7),
            _directory: directory,
        }
    }

    fn id<I: From<Uuid>>(&self) -> I {
        self.ids.next(now())
    }

    fn contact(&self, name: &str) -> Contact {
        Contact::named(self.id(), name, now())
    }

    async fn source(&self, name: &str) -> SourceId {
        let source = sources::find_or_create(self, name, self.id(), now()).await;
        source.unwrap().id
    }

    fn order(&self, source: SourceId, external_id: &str) -> Order {
        Order {
            id: self.id(),
            source_id: source,
            external_id: external_id.to_owned(),
            contact_id: None,
            ordered_at: now(),
            status: OrderStatus::Completed,
            amount_minor: 0,
            currency: Currency::GBP,
            n_lines: 0,
        }
    }

    /// Keeps a product, as imports do.
    async fn keep_product(&self, product: Product) -> Result<Product, StoreError> {
        let row = product.clone().into();
        self.write(move |tx| {
            record::create::<entities::product::Entity>(tx, "product", row).boxed()
        })
        .await?;
        Ok(product)
    }

    /// Changes a product, as imports do.
    async fn change_product(&self, product: Product) {
        let (id, row) = (product.id, product.into());
        let derived = entities::product::DERIVED;
        self.write(move |tx| {
            record::update::<entities::product::Entity>(tx, "product", id, row, derived).boxed()
        })
        .await
        .unwrap();
    }

    fn product(&self, sku: &str, name: &str) -> Product {
        Product {
            id: self.id(),
            sku: sku.to_owned(),
            name: name.to_owned(),
            category: None,
            price: None,
            custom: Default::default(),
            units_sold: 0.0,
            revenue_minor: 0,
            created_at: now(),
            updated_at: now(),
        }
    }
}

/// The suite's present.
fn now() -> Timestamp {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

fn line(order: OrderId, line_no: i64, quantity: f64, unit_price_minor: i64) -> OrderLine {
    OrderLine {
        order_id: order,
        line_no,
        product_id: None,
        description: format!("line {line_no}"),
        quantity,
        unit_price_minor,
        amount_minor: (quantity * unit_price_minor as f64) as i64,
    }
}

fn address_in(city: &str) -> Address {
    Address {
        city: Some(city.to_owned()),
        ..Address::default()
    }
}

/// Seeded numbers (SplitMix64: Steele, Lea & Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n_sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n_sides
    }
}
