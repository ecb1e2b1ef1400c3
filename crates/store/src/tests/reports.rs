//! Totals, months, buyers and the timeline.

use rapport_domain::{
    Company, ContactId, Currency, Money, Note, Order, OrderStatus, ProductId, Subject, Timestamp,
};
use serde_json::json;

use super::{TestStore, line, now};
use crate::imports::{self, ImportBatch, NewImport};
use crate::jobs::NewJob;
use crate::orders::{self, TotalsScope};
use crate::reports::{self, Month};
use crate::timeline::{self, TimelineRecord};
use crate::{ListQuery, Op, Store, companies, contacts, notes, products};

pub(super) struct Shop {
    pub(super) ada: ContactId,
    bob: ContactId,
    lamp: ProductId,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Ada buys lamps in pounds twice, takes one back and once buys in euro; Bob buys before 1970.
pub(super) async fn shop(store: &TestStore) -> Shop {
    let source = store.source("shop").await;
    let ada = contacts::create(store, store.contact("Ada"))
        .await
        .unwrap()
        .id;
    let bob = contacts::create(store, store.contact("Bob"))
        .await
        .unwrap()
        .id;
    let lamp = store
        .keep_product(store.product("L", "Lamp"))
        .await
        .unwrap()
        .id;
    let import = NewImport {
        id: store.id(),
        source_id: source,
        file_name: "orders.csv".to_owned(),
        bytes: 1,
        entity: None,
        format: json!(null),
        mapping: json!(null),
        preview: json!(null),
        columns: Vec::new(),
        created_by: None,
    };
    let import = imports::create(store, import, now()).await.unwrap().id;
    let job = NewJob {
        id: store.id(),
        kind: "import".to_owned(),
        payload: json!(null),
        unique_key: None,
        run_at: now(),
        attempts_max: 1,
    };
    imports::queue(store, import, job, now()).await.unwrap();
    imports::start(store, import, now()).await.unwrap();
    let mut batch = ImportBatch::empty(import, 0);
    let sales = [
        ("1", ada, "2011-01-31T23:59:59Z", 3.0, Currency::GBP),
        ("2", ada, "2011-02-01T00:00:00Z", 2.0, Currency::GBP),
        ("C3", ada, "2011-02-28T12:00:00Z", -1.0, Currency::GBP),
        ("4", ada, "2011-03-01T12:00:00Z", 4.0, Currency::EUR),
        ("5", bob, "1969-12-31T23:59:59Z", 1.0, Currency::GBP),
    ];
    for (external_id, contact, ordered_at, quantity, currency) in sales {
        let order = Order {
            contact_id: Some(contact),
            ordered_at: at(ordered_at),
            currency,
            status: if quantity < 0.0 {
                OrderStatus::Returned
            } else {
                OrderStatus::Completed
            },
            ..store.order(source, external_id)
        };
        let mut bought = line(order.id, 1, quantity, 1_000);
        bought.product_id = Some(lamp);
        batch.lines.push(bought);
        batch.orders.push(order);
    }
    imports::commit_batch(store, batch).await.unwrap();
    Shop { ada, bob, lamp }
}

async fn check_totals(store: &Store, shop: &Shop) {
    let ada = contacts::find(store, shop.ada).await.unwrap().unwrap();
    assert_eq!((ada.n_orders, ada.total_spent_minor), (3, 4_000));
    assert_eq!(ada.currency, Some(Currency::GBP));
    assert_eq!(ada.first_order_at, Some(at("2011-01-31T23:59:59Z")));
    assert_eq!(ada.last_order_at, Some(at("2011-03-01T12:00:00Z")));
    assert_eq!(ada.last_activity_at, ada.last_order_at);
    let lamp = products::find(store, shop.lamp).await.unwrap().unwrap();
    assert_eq!((lamp.units_sold, lamp.revenue_minor), (9.0, 9_000));
}

#[tokio::test]
async fn totals_follow_from_the_orders() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;

    orders::refresh_totals(&store, TotalsScope::All)
        .await
        .unwrap();
    check_totals(&store, &shop).await;
    orders::refresh_totals(&store, TotalsScope::All)
        .await
        .unwrap();
    check_totals(&store, &shop).await;
}

#[tokio::test]
async fn a_product_earns_in_the_currency_of_its_price() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;
    orders::refresh_totals(&store, TotalsScope::All)
        .await
        .unwrap();
    let mut lamp = products::find(&store, shop.lamp).await.unwrap().unwrap();

    let mut earned = Vec::new();
    for currency in [Currency::EUR, Currency::CNY] {
        lamp.price = Some(Money::new(1_100, currency));
        store.change_product(lamp.clone()).await;
        orders::refresh_totals(&store, TotalsScope::All)
            .await
            .unwrap();
        let lamp = products::find(&store, shop.lamp).await.unwrap().unwrap();
        earned.push((lamp.units_sold, lamp.revenue_minor));
    }

    // Four were sold in euro, and none in yuan.
    assert_eq!(earned, [(9.0, 4_000), (9.0, 0)]);
}

#[tokio::test]
async fn orders_of_a_company_are_those_of_its_people() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;
    let company = Company::named(store.id(), "Lumen", now());
    let company = companies::create(&store, company).await.unwrap().id;
    let mut bob = contacts::find(&store, shop.bob).await.unwrap().unwrap();
    bob.company_id = Some(company);
    let version = bob.version;
    contacts::update(&store, bob, version).await.unwrap();

    let query = ListQuery::default().with("company_id", Op::Eq, company);
    let page = orders::list(&store, &query).await.unwrap();

    let numbers = page.items.iter().map(|row| &row.order.external_id);
    assert_eq!(numbers.collect::<Vec<_>>(), ["5"]);
}

#[tokio::test]
async fn totals_of_the_named_ones_leave_the_others() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;
    let scope = TotalsScope::Of {
        contacts: vec![shop.ada],
        products: vec![shop.lamp],
    };

    orders::refresh_totals(&store, scope).await.unwrap();

    check_totals(&store, &shop).await;
    let bob = contacts::find(&store, shop.bob).await.unwrap().unwrap();
    assert_eq!(bob.n_orders, 0);
}

#[tokio::test]
async fn months_begin_and_end_at_midnight_utc() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;

    let all = reports::totals(&store).await.unwrap().months;
    let of_bob = reports::contact_revenue_by_month(&store, shop.bob)
        .await
        .unwrap();
    let of_lamp = reports::product_sales_by_month(&store, shop.lamp)
        .await
        .unwrap();

    let rows: Vec<_> = all
        .iter()
        .map(|row| (row.month.to_string(), row.amount.amount_minor, row.n_orders))
        .collect();
    let expected = [
        ("1969-12", 1_000, 1),
        ("2011-01", 3_000, 1),
        ("2011-02", 1_000, 1),
        ("2011-03", 4_000, 1),
    ];
    assert_eq!(
        rows,
        expected.map(|(month, amount, n)| (month.to_owned(), amount, n))
    );
    assert_eq!(all[3].amount.currency, Currency::EUR);
    assert_eq!(
        of_bob[0].month,
        Month {
            year: 1969,
            month: 12
        }
    );
    assert_eq!(of_lamp[2].units, 1.0);
}

#[tokio::test]
async fn everything_is_counted_and_currencies_stay_apart() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;

    let totals = reports::totals(&store).await.unwrap();
    let buyers = reports::top_buyers(&store, shop.lamp, 10).await.unwrap();

    assert_eq!(
        (totals.n_contacts, totals.n_orders, totals.n_products),
        (2, 4, 1)
    );
    let revenue = [
        Money::new(5_000, Currency::GBP),
        Money::new(4_000, Currency::EUR),
    ];
    assert_eq!(totals.revenue, revenue);
    let buyers: Vec<_> = buyers
        .iter()
        .map(|b| (b.contact.name.as_str(), b.units))
        .collect();
    assert_eq!(buyers, [("Ada", 8.0), ("Bob", 1.0)]);
}

#[tokio::test]
async fn a_timeline_is_walked_from_the_latest_entry() {
    let store = TestStore::open().await;
    let shop = shop(&store).await;
    for day in 0..4 {
        let note = Note {
            id: store.id(),
            body: "called".to_owned(),
            subject: Subject::Contact(shop.ada),
            author_id: None,
            // Two notes at one instant: the id decides.
            created_at: now().plus_days(day / 2),
            updated_at: now(),
        };
        notes::create(&store, note).await.unwrap();
    }

    let all = timeline::list_of(&store, shop.ada, None, 100)
        .await
        .unwrap();
    let mut walked = Vec::new();
    let mut before = None;
    loop {
        let page = timeline::list_of(&store, shop.ada, before, 3)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.key);
        walked.extend(page);
    }

    assert_eq!(all.len(), 8);
    assert!(all.windows(2).all(|pair| pair[0].key > pair[1].key));
    assert!(matches!(all[0].record, TimelineRecord::Note(_)));
    assert!(matches!(all[7].record, TimelineRecord::Order(_)));
    assert_eq!(walked, all);
}
