//! The list toolkit: filters, orders, cursors, estimates.

use std::cmp::Ordering;

use futures::FutureExt as _;
use rapport_domain::{Company, Contact, Note, Subject};
use sea_orm::DbBackend;

use super::{Dice, TestStore, address_in, now};
use crate::contacts::ContactRow;
use crate::entities::contact;
use crate::sql::Sql;
use crate::{
    ListQuery, Op, QueryError, Sort, Store, StoreError, bulk, companies, contacts, deals, notes,
    orders, products,
};

/// Contacts with few distinct values and many missing ones, so that ties and gaps abound.
async fn crowd(store: &TestStore, n: usize, seed: u64) -> Vec<Contact> {
    let mut dice = Dice(seed);
    let mut companies = Vec::new();
    for name in ["acme", "Beta", "晨光"] {
        let company = Company::named(store.id(), name, now());
        companies.push(companies::create(store, company).await.unwrap().id);
    }
    let mut crowd = Vec::new();
    for _ in 0..n {
        let names = ["ada", "Ada", "bob", "李明", "Émile"];
        let mut contact = store.contact(names[dice.roll(5) as usize]);
        contact.address = match dice.roll(3) {
            0 => address_in("London"),
            1 => address_in("北京"),
            _ => Default::default(),
        };
        contact.n_orders = dice.roll(3) as i64;
        contact.company_id = companies.get(dice.roll(5) as usize).copied();
        contact.last_order_at = match dice.roll(4) {
            0 => None,
            day => Some(now().plus_days(day as i64)),
        };
        crowd.push(contacts::create(store, contact).await.unwrap());
    }
    crowd
}

async fn walk(store: &Store, query: &ListQuery) -> Vec<ContactRow> {
    let mut query = query.clone();
    let mut rows = Vec::new();
    loop {
        let page = contacts::list(store, &query).await.unwrap();
        assert!(page.items.len() as u64 <= query.limit);
        rows.extend(page.items);
        match page.next {
            // A cursor survives its trip through an address.
            Some(cursor) => query.cursor = Some(cursor.to_string().parse().unwrap()),
            None => return rows,
        }
    }
}

/// What the list should be, by the rules in words: values in the asked direction, missing ones
/// last in either, ties by id in the direction of the last key.
fn compare(a: &ContactRow, b: &ContactRow, keys: &[Sort]) -> Ordering {
    fn by<T: Ord>(a: Option<T>, b: Option<T>, is_desc: bool) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if is_desc => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
        }
    }
    for key in keys {
        let is_desc = key.direction == crate::Direction::Desc;
        let name = |row: &ContactRow| Some(row.contact.name.to_lowercase());
        let company = |row: &ContactRow| row.company.as_ref().map(|c| c.name.to_lowercase());
        let (a, b) = (a, b);
        let ordering = match key.field.as_str() {
            "name" => by(name(a), name(b), is_desc),
            "city" => by(
                a.contact.address.city.as_ref(),
                b.contact.address.city.as_ref(),
                is_desc,
            ),
            "company" => by(company(a), company(b), is_desc),
            "n_orders" => by(Some(a.contact.n_orders), Some(b.contact.n_orders), is_desc),
            "last_order_at" => by(a.contact.last_order_at, b.contact.last_order_at, is_desc),
            "id" => by(Some(a.contact.id), Some(b.contact.id), is_desc),
            other => panic!("no rule for {other}"),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    let by_id = a.contact.id.cmp(&b.contact.id);
    match keys.last().unwrap().direction {
        crate::Direction::Asc => by_id,
        crate::Direction::Desc => by_id.reverse(),
    }
}

#[tokio::test]
async fn a_walk_by_cursors_is_the_full_sort() {
    let store = TestStore::open().await;
    crowd(&store, 150, 42).await;
    let everybody = ListQuery {
        limit: 500,
        ..ListQuery::default()
    };
    let all = walk(&store, &everybody).await;
    assert_eq!(all.len(), 150);
    let page = ListQuery {
        limit: 7,
        ..ListQuery::default()
    };
    let found_by_text = ListQuery {
        search: Some("ada".to_owned()),
        ..page.clone()
    };
    type Holds = fn(&ContactRow) -> bool;
    // What many rows meet is tried in the order of an index first, what few meet is not found so.
    let narrowed: [(ListQuery, Holds); 5] = [
        (page.clone(), |_| true),
        (page.clone().with("n_orders", Op::Gte, 1), |row| {
            row.contact.n_orders >= 1
        }),
        (page.clone().with("company", Op::Eq, "晨光"), |row| {
            row.company.as_ref().is_some_and(|it| it.name == "晨光")
        }),
        (found_by_text.clone(), is_ada),
        (found_by_text.with("n_orders", Op::Eq, 2), |row| {
            is_ada(row) && row.contact.n_orders == 2
        }),
    ];

    for keys in [
        "id",
        "name",
        "-name",
        "city",
        "-city",
        "company,-n_orders",
        "-company,name",
        "last_order_at",
        "-last_order_at",
        "-last_order_at,city",
        "n_orders,-last_order_at,city",
        "city,company,-name",
    ] {
        for (query, holds) in &narrowed {
            let query = query.clone().sorted(keys);
            let walked = walk(&store, &query).await;

            let mut expected: Vec<ContactRow> =
                all.iter().filter(|row| holds(row)).cloned().collect();
            expected.sort_by(|a, b| compare(a, b, &query.sort));
            let ids =
                |rows: &[ContactRow]| rows.iter().map(|row| row.contact.id).collect::<Vec<_>>();
            assert_eq!(ids(&walked), ids(&expected), "{keys}, {:?}", query.filter);
        }
    }
}

fn is_ada(row: &ContactRow) -> bool {
    row.contact.name.eq_ignore_ascii_case("ada")
}

#[tokio::test]
async fn an_index_has_the_order_of_every_field_that_says_so() {
    let store = TestStore::open().await;
    if store.backend() == DbBackend::Postgres {
        // Its plans depend on how many rows there are; the indices are the same.
        return;
    }
    let listings = [
        contacts::listing(&store),
        companies::listing(&store),
        deals::listing(&store),
        orders::listing(),
        products::listing(),
    ];
    let mut n_indexed = 0;
    for listing in &listings {
        let fields = listing.fields.iter().chain([&listing.key]);
        for field in fields.filter(|field| field.is_indexed) {
            let (column, table, alias) = (&field.column, listing.table, listing.alias);
            for has in ["IS NOT NULL", "IS NULL"] {
                let mut plan = Sql::new(DbBackend::Sqlite);
                plan.push(&format!(
                    "EXPLAIN QUERY PLAN SELECT {alias}.id FROM {table} {alias} \
                     WHERE {column} {has} ORDER BY {column} DESC, {alias}.id DESC LIMIT 7"
                ));
                for step in plan.all(store.reader()).await.unwrap() {
                    let step: String = step.try_get("", "detail").unwrap();
                    assert!(!step.contains("ORDER BY"), "{column} {has}: {step}");
                }
            }
            n_indexed += 1;
        }
    }
    assert!(n_indexed >= 15, "{n_indexed}");
}

async fn n_found(store: &Store, field: &str, op: Op, value: &str) -> usize {
    let query = ListQuery {
        limit: 500,
        ..ListQuery::default()
    }
    .with(field, op, value);
    contacts::list(store, &query).await.unwrap().items.len()
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let store = TestStore::open().await;
    let crowd = crowd(&store, 80, 7).await;
    let n = |test: fn(&Contact) -> bool| crowd.iter().filter(|&contact| test(contact)).count();
    let day_two = now().plus_days(2).to_string();

    assert_eq!(
        n_found(&store, "name", Op::Eq, "ADA").await,
        n(|c| c.name.to_lowercase() == "ada")
    );
    assert_eq!(
        n_found(&store, "name", Op::Contains, "明").await,
        n(|c| c.name.contains('明'))
    );
    assert_eq!(
        n_found(&store, "name", Op::Contains, "éM").await,
        n(|c| c.name == "Émile")
    );
    assert_eq!(
        n_found(&store, "city", Op::IsNull, "").await,
        n(|c| c.address.city.is_none())
    );
    assert_eq!(
        n_found(&store, "city", Op::NotNull, "").await,
        n(|c| c.address.city.is_some())
    );
    assert_eq!(
        n_found(&store, "city", Op::Ne, "London").await,
        n(|c| c.address.city.as_deref() != Some("London"))
    );
    assert_eq!(
        n_found(&store, "n_orders", Op::In, "0, 2").await,
        n(|c| c.n_orders != 1)
    );
    assert_eq!(
        n_found(&store, "n_orders", Op::Lte, "1").await,
        n(|c| c.n_orders <= 1)
    );
    assert_eq!(
        n_found(&store, "last_order_at", Op::Gt, &day_two).await,
        n(|c| c.last_order_at > Some(now().plus_days(2)))
    );
    assert_eq!(
        n_found(&store, "company", Op::Eq, "BETA").await
            + n_found(&store, "company", Op::Ne, "beta").await,
        80
    );
}

#[tokio::test]
async fn a_text_is_found_whatever_its_case_in_any_script() {
    let store = TestStore::open().await;
    for city in ["ÜBERLINGEN", "Überlingen", "İzmir", "Ελλάδος", "Bad [Orb]*"] {
        let mut contact = store.contact("Ada");
        contact.address = address_in(city);
        contacts::create(&store, contact).await.unwrap();
    }
    let n = async |text: &str| n_found(&store, "city", Op::Contains, text).await;

    assert_eq!(n("überl").await, 2);
    assert_eq!(n("ÜBERL").await, 2);
    assert_eq!(n("ΛΆΔ").await, 1);
    assert_eq!(n("d [orb]*").await, 1);
    assert_eq!(n("b?").await, 0);
    assert_eq!(n("*").await, 1);
    assert_eq!(n("^").await, 0);
    assert_eq!(n(&"a".repeat(200)).await, 0);
}

#[tokio::test]
async fn a_tag_is_found_whole() {
    let store = TestStore::open().await;
    for tags in [vec!["vip"], vec!["not vip", "new"], vec![]] {
        let mut contact = store.contact("Ada");
        contact.tags = tags.into_iter().map(str::to_owned).collect();
        contacts::create(&store, contact).await.unwrap();
    }

    assert_eq!(n_found(&store, "tags", Op::Contains, "vip").await, 1);
    assert_eq!(n_found(&store, "tags", Op::Eq, "not vip").await, 1);
}

async fn error_of(store: &Store, query: ListQuery) -> String {
    match contacts::list(store, &query).await {
        Err(error @ StoreError::Query(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_a_list_does_not_know_is_named_with_what_it_knows() {
    let store = TestStore::open().await;
    let query = ListQuery::default;

    let unknown = error_of(&store, query().with("age", Op::Eq, 1)).await;
    assert!(
        unknown.starts_with("contacts have no field \"age\"; use one of name, email,"),
        "{unknown}"
    );
    assert_eq!(
        error_of(&store, query().with("tags", Op::Lt, "a")).await,
        "field tags cannot be compared by lt; use one of eq, contains"
    );
    assert_eq!(
        error_of(&store, query().with("n_orders", Op::Eq, "many")).await,
        "field n_orders cannot be \"many\"; write a whole number"
    );
    assert!(
        error_of(&store, query().sorted("tags"))
            .await
            .contains("cannot be sorted by tags")
    );
    assert!(
        error_of(
            &store,
            ListQuery {
                limit: 501,
                ..query()
            }
        )
        .await
        .contains("1 to 500")
    );
    assert!(
        "name:like:x"
            .parse::<crate::Condition>()
            .unwrap_err()
            .to_string()
            .contains("contains")
    );
}

#[tokio::test]
async fn a_list_that_asks_for_too_much_is_refused_before_it_is_a_statement() {
    let store = TestStore::open().await;
    let query = ListQuery::default;
    let check = async |query: ListQuery, expected: QueryError| {
        let refused = contacts::list(&store, &query).await;
        assert!(
            matches!(&refused, Err(StoreError::Query(error)) if *error == expected),
            "{refused:?}"
        );
    };
    let filters = (0..51).fold(query(), |query, _| query.with("city", Op::Eq, "x"));
    let field = || "city".to_owned();
    let searching = |n_chars| ListQuery {
        search: Some("x".repeat(n_chars)),
        ..query()
    };

    check(filters, QueryError::TooManyFilters).await;
    let too_long = QueryError::ConditionTooLong { field: field() };
    let values = vec!["x"; 501].join(",");
    check(query().with("city", Op::In, values), too_long.clone()).await;
    let text = "x".repeat(201);
    check(query().with("city", Op::Contains, text), too_long).await;
    let nul = QueryError::NulCharacter { field: field() };
    check(query().with("city", Op::Eq, "a\0b"), nul).await;
    let keys = query().sorted("name,city,country,phone,email,n_orders");
    check(keys, QueryError::TooManySorts).await;
    let repeated = QueryError::RepeatedSort { field: field() };
    check(query().sorted("city,-city"), repeated).await;
    check(searching(201), QueryError::SearchTooLong).await;

    let values = vec!["x"; 500].join(",");
    let most = (0..50).fold(searching(200), |query, _| {
        query.with("city", Op::In, &values)
    });
    let found = contacts::list(&store, &most.sorted("name,city,country,phone,email")).await;
    assert!(found.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_long_text_is_filtered_and_never_sorted_by() {
    let store = TestStore::open().await;
    let contact = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let note = Note {
        id: store.id(),
        body: "Grüße ".repeat(3_000),
        subject: Subject::Contact(contact.id),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(&store, note).await.unwrap();
    let query = ListQuery::default;

    let sorted = notes::list(&store, &query().sorted("body")).await;
    assert!(matches!(
        sorted,
        Err(StoreError::Query(QueryError::NotSortable {
            field,
            ..
        })) if field == "body"
    ));
    let found = notes::list(&store, &query().with("body", Op::Contains, "GRÜSSE")).await;
    assert!(found.unwrap().items.is_empty());
    let found = notes::list(&store, &query().with("body", Op::Contains, "GRÜßE")).await;
    assert_eq!(found.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let store = TestStore::open().await;
    crowd(&store, 5, 1).await;
    let by_name = ListQuery {
        limit: 2,
        ..ListQuery::default()
    }
    .sorted("name");
    let next = contacts::list(&store, &by_name).await.unwrap().next;

    let by_city = ListQuery {
        cursor: next,
        ..by_name.sorted("city")
    };

    assert!(
        error_of(&store, by_city)
            .await
            .contains("start again without a cursor")
    );
    assert!("not hexadecimal".parse::<crate::Cursor>().is_err());
}

#[tokio::test]
async fn a_small_list_is_counted_exactly() {
    let store = TestStore::open().await;
    let crowd = crowd(&store, 30, 3).await;
    let query = ListQuery {
        limit: 2,
        estimate: true,
        ..ListQuery::default()
    };

    let all = contacts::list(&store, &query).await.unwrap();
    let some = contacts::list(&store, &query.with("n_orders", Op::Eq, 2))
        .await
        .unwrap();

    assert_eq!(all.estimate, Some(30));
    let expected = crowd.iter().filter(|contact| contact.n_orders == 2).count();
    assert_eq!(some.estimate, Some(expected as u64));
}

#[tokio::test]
async fn a_large_list_is_guessed() {
    let store = TestStore::open().await;
    let rows = (0..12_000).map(|n| {
        let mut contact = store.contact("Ada");
        contact.n_orders = i64::from(n % 100 > 0);
        contact::Model::with_words(contact, &[])
    });
    let rows: Vec<contact::Model> = rows.collect();
    store
        .write(move |tx| bulk::insert::<contact::Entity>(tx, rows, "").boxed())
        .await
        .unwrap();
    let query = ListQuery {
        estimate: true,
        ..ListQuery::default()
    };

    let all = contacts::list(&store, &query)
        .await
        .unwrap()
        .estimate
        .unwrap();
    let most = query.clone().with("n_orders", Op::Eq, 1);
    let most = contacts::list(&store, &most)
        .await
        .unwrap()
        .estimate
        .unwrap();
    let few = contacts::list(&store, &query.with("n_orders", Op::Eq, 0))
        .await
        .unwrap();

    // PostgreSQL knows no size before its first look at the table.
    assert!((10_001..=12_000).contains(&all), "{all}");
    assert!((10_001..=12_000).contains(&most), "{most}");
    assert_eq!(few.estimate, Some(120));
}
