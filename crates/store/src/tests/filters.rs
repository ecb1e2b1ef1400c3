//! Conditions in groups, conditions from today, and lists that cost too much.

use std::cmp::Ordering;
use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{
    Contact, CustomField, CustomFieldKind, CustomValue, CustomValues, LocalizedText, Moment,
    ObjectKind, Timestamp,
};

use super::{Dice, TestStore, address_in, now};
use crate::entities::contact;
use crate::{
    Filter, ListCost, ListQuery, Op, QueryError, StoreError, bulk, bulk_edits, contacts,
    custom_fields,
};

/// It is Tuesday, 2026-11-24, 17:30 there.
fn shanghai() -> Moment {
    Moment {
        at: now(),
        zone: "Asia/Shanghai".parse().unwrap(),
    }
}

fn query(groups: Filter) -> ListQuery {
    ListQuery {
        groups: Some(groups),
        moment: Some(shanghai()),
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    }
}

/// Fields of most types, two of them without an index.
async fn define_fields(store: &TestStore) {
    for (key, kind) in [
        ("size", CustomFieldKind::Number),
        ("motto", CustomFieldKind::Text),
        ("vip", CustomFieldKind::Boolean),
        ("since", CustomFieldKind::Date),
        ("seen", CustomFieldKind::Timestamp),
        ("level", CustomFieldKind::choice(["gold", "tin"])),
        ("likes", CustomFieldKind::multiple_choice(["tea", "茶"])),
    ] {
        let label = LocalizedText::new(key, key);
        let object = ObjectKind::Contact;
        let mut field = CustomField::new(store.id(), object, key, label, kind, now());
        field.is_indexed = !matches!(key, "motto" | "likes");
        let field = custom_fields::create(store, field).await.unwrap();
        custom_fields::arrange_index(store, &field).await.unwrap();
    }
}

fn custom_values(dice: &mut Dice) -> CustomValues {
    let mut values = CustomValues::new();
    let text = |text: &str| CustomValue::Text(text.to_owned());
    let mut put = |key: &str, value| values.insert(key.to_owned(), value);
    if dice.roll(3) > 0 {
        put("size", CustomValue::Number(dice.roll(9) as f64 / 2.0 - 1.0));
    }
    if dice.roll(3) > 0 {
        let mottos = ["Ad astra", "ad fontes", "it's \"so\"", "千里之行"];
        put("motto", text(mottos[dice.roll(4) as usize]));
    }
    if dice.roll(3) > 0 {
        put("vip", CustomValue::Boolean(dice.roll(2) == 0));
    }
    if dice.roll(3) > 0 {
        let days = dice.roll(400) as i64 - 380;
        put("since", text(&now().plus_days(days).date().to_string()));
        put("seen", text(&now().plus_days(days).to_sortable()));
    }
    match dice.roll(4) {
        0 => {}
        1 => drop(put("level", text("gold"))),
        // What an earlier definition of the field may have left reads as any other value does.
        2 => drop(put("size", text("XL"))),
        _ => drop(put("likes", CustomValue::Choices(vec!["茶".to_owned()]))),
    }
    values
}

fn number(contact: &Contact, key: &str) -> Option<f64> {
    match contact.custom.get(key)? {
        CustomValue::Number(number) => Some(*number),
        _ => None,
    }
}

fn words<'c>(contact: &'c Contact, key: &str) -> Option<&'c str> {
    match contact.custom.get(key)? {
        CustomValue::Text(text) => Some(text),
        _ => None,
    }
}

async fn crowd(store: &TestStore, n: usize, dice: &mut Dice) -> Vec<Contact> {
    let mut crowd = Vec::new();
    for _ in 0..n {
        let mut contact = store.contact(["ada", "Adam", "bob", "李明"][dice.roll(4) as usize]);
        contact.address = match dice.roll(4) {
            0 => Default::default(),
            roll => address_in(["Bath", "batumi", "北京"][roll as usize - 1]),
        };
        contact.n_orders = dice.roll(5) as i64;
        contact.custom = custom_values(dice);
        contact.last_order_at = (dice.roll(5) > 0).then(|| {
            let hours = dice.roll(24 * 800) as i64 - 24 * 760;
            now().plus_seconds(3600 * hours)
        });
        crowd.push(contacts::create(store, contact).await.unwrap());
    }
    crowd
}

/// A condition and what it means, in words that owe nothing to SQL.
type Meaning = (Filter, fn(&Contact) -> bool);

fn ordered(contact: &Contact, is: impl Fn(Timestamp) -> bool) -> bool {
    contact.last_order_at.is_some_and(is)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const MEANINGS: &[fn() -> Meaning] = &[
    || {
        (Filter::is("city", Op::Eq, "Bath"), |c| {
            city(c) == Some("Bath")
        })
    },
    || {
        (Filter::is("city", Op::Ne, "Bath"), |c| {
            city(c) != Some("Bath")
        })
    },
    || (Filter::is("city", Op::IsNull, ""), |c| city(c).is_none()),
    || {
        (Filter::is("city", Op::StartsWith, "BAT"), |c| {
            city(c).is_some_and(|city| city != "北京")
        })
    },
    || {
        (Filter::is("name", Op::StartsWith, "Ada"), |c| {
            c.name.to_lowercase().starts_with("ada")
        })
    },
    || {
        (Filter::is("name", Op::StartsWith, "李"), |c| {
            c.name == "李明"
        })
    },
    || {
        (Filter::is("n_orders", Op::Between, "1, 3"), |c| {
            (1..=3).contains(&c.n_orders)
        })
    },
    || (Filter::is("n_orders", Op::Gt, "2"), |c| c.n_orders > 2),
    || {
        (Filter::is("last_order_at", Op::InLast, "30d"), |c| {
            ordered(c, |at| at <= now() && at >= now().plus_days(-30))
        })
    },
    || {
        (Filter::is("last_order_at", Op::OlderThan, "90d"), |c| {
            ordered(c, |at| at < now().plus_days(-90))
        })
    },
    || {
        (Filter::is("last_order_at", Op::InNext, "2w"), |c| {
            ordered(c, |at| at >= now() && at <= now().plus_days(14))
        })
    },
    || {
        (Filter::is("last_order_at", Op::During, "last_month"), |c| {
            let (first, after) = (at("2026-09-30T16:00:00Z"), at("2026-10-31T16:00:00Z"));
            ordered(c, |at| at >= first && at < after)
        })
    },
    || {
        (
            Filter::is("last_order_at", Op::Between, "2026-01-01,2026-06-30"),
            |c| {
                let (first, after) = (at("2025-12-31T16:00:00Z"), at("2026-06-30T16:00:00Z"));
                ordered(c, |at| at >= first && at < after)
            },
        )
    },
    || {
        (Filter::is("last_order_at", Op::Gte, "2026-06-30"), |c| {
            ordered(c, |order| order >= at("2026-06-29T16:00:00Z"))
        })
    },
    || {
        (Filter::is("custom.size", Op::Between, "0.5,2"), |c| {
            number(c, "size").is_some_and(|size| (0.5..=2.0).contains(&size))
        })
    },
    || {
        (Filter::is("custom.size", Op::Ne, "1"), |c| {
            number(c, "size") != Some(1.0)
        })
    },
    || {
        (Filter::is("custom.size", Op::IsNull, ""), |c| {
            number(c, "size").is_none()
        })
    },
    || {
        (Filter::is("custom.motto", Op::StartsWith, "AD "), |c| {
            words(c, "motto").is_some_and(|motto| motto.to_lowercase().starts_with("ad "))
        })
    },
    || {
        (
            Filter::is("custom.motto", Op::In, "it's \"so\",千里之行"),
            |c| matches!(words(c, "motto"), Some("it's \"so\"" | "千里之行")),
        )
    },
    || {
        (Filter::is("custom.vip", Op::Eq, "true"), |c| {
            c.custom.get("vip") == Some(&CustomValue::Boolean(true))
        })
    },
    || {
        (Filter::is("custom.since", Op::InLast, "90d"), |c| {
            let first = now().plus_days(-90).date().to_string();
            words(c, "since").is_some_and(|on| on >= &*first && on <= "2026-11-24")
        })
    },
    || {
        (Filter::is("custom.seen", Op::During, "last_month"), |c| {
            let (first, after) = (at("2026-09-30T16:00:00Z"), at("2026-10-31T16:00:00Z"));
            words(c, "seen").is_some_and(|seen| at(seen) >= first && at(seen) < after)
        })
    },
    || {
        (Filter::is("custom.level", Op::Ne, "gold"), |c| {
            words(c, "level") != Some("gold")
        })
    },
    || {
        (Filter::is("custom.likes", Op::Contains, "茶"), |c| {
            c.custom.contains_key("likes")
        })
    },
];

fn city(contact: &Contact) -> Option<&str> {
    contact.address.city.as_deref()
}

/// A filter of random shape, and who meets it.
fn random(dice: &mut Dice, depth: u64, crowd: &[Contact]) -> (Filter, Vec<bool>) {
    let shape = if depth == 0 { 0 } else { dice.roll(4) };
    match shape {
        0 => {
            let (filter, holds) = MEANINGS[dice.roll(MEANINGS.len() as u64) as usize]();
            (filter, crowd.iter().map(holds).collect())
        }
        1 => {
            let (part, holds) = random(dice, depth - 1, crowd);
            let holds = holds.into_iter().map(|holds| !holds).collect();
            (Filter::Not(Box::new(part)), holds)
        }
        _ => {
            let n_parts = 1 + dice.roll(3);
            let (parts, holds): (Vec<Filter>, Vec<Vec<bool>>) =
                (0..n_parts).map(|_| random(dice, depth - 1, crowd)).unzip();
            let is_and = shape == 2;
            let of_row = |row: usize| {
                let mut column = holds.iter().map(|holds| holds[row]);
                if is_and {
                    column.all(|holds| holds)
                } else {
                    column.any(|holds| holds)
                }
            };
            let holds = (0..crowd.len()).map(of_row).collect();
            let filter = if is_and {
                Filter::And(parts)
            } else {
                Filter::Or(parts)
            };
            (filter, holds)
        }
    }
}

#[tokio::test]
async fn every_filter_finds_exactly_who_meets_it() {
    let store = TestStore::open().await;
    let mut dice = Dice(11);
    define_fields(&store).await;
    let crowd = crowd(&store, 120, &mut dice).await;

    for trial in 0..300 {
        let (filter, holds) = random(&mut dice, ListQuery::DEPTH_MAX as u64, &crowd);
        if filter.n_conditions() > ListQuery::FILTERS_MAX {
            continue;
        }
        let said = format!("{trial}: {filter:?}");

        let page = contacts::list(&store, &query(filter).sorted("id"))
            .await
            .unwrap();

        let found: Vec<_> = page.items.iter().map(|row| row.contact.id).collect();
        let met = crowd.iter().zip(&holds).filter(|(_, holds)| **holds);
        let mut expected: Vec<_> = met.map(|(contact, _)| contact.id).collect();
        expected.sort();
        assert_eq!(found, expected, "{said}");
    }
}

#[tokio::test]
async fn pages_by_custom_fields_hold_everybody_once_with_the_missing_last() {
    let store = TestStore::open().await;
    let mut dice = Dice(5);
    define_fields(&store).await;
    let crowd = crowd(&store, 60, &mut dice).await;

    for (sort, key) in [("custom.size", "size"), ("-custom.motto", "motto")] {
        let mut query = ListQuery::default().sorted(&format!("{sort},-custom.seen"));
        query.limit = 7;
        let mut walked = Vec::new();
        loop {
            let page = contacts::list(&store, &query).await.unwrap();
            walked.extend(page.items.into_iter().map(|row| row.contact));
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }

        let mut expected = crowd.clone();
        expected.sort_by(|a, b| {
            let by_first = match key {
                "size" => by_value(number(a, key), number(b, key), f64::total_cmp),
                _ => by_value(words(a, key), words(b, key), |a, b| b.cmp(a)),
            };
            let by_seen = by_value(words(a, "seen"), words(b, "seen"), |a, b| b.cmp(a));
            by_first.then(by_seen).then(b.id.cmp(&a.id))
        });
        let ids = |contacts: &[Contact]| contacts.iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(ids(&walked), ids(&expected), "{sort}");
    }
}

/// Values in an order, what has none last.
fn by_value<T>(a: Option<T>, b: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

#[tokio::test]
async fn what_is_wrong_in_a_group_is_named_by_its_place() {
    let store = TestStore::open().await;
    let check = async |filter: Filter, place: &str, expected: &str| match contacts::list(
        &store,
        &query(filter),
    )
    .await
    {
        Err(StoreError::Query(QueryError::InGroup { path, error })) => {
            assert_eq!(path, place);
            assert!(error.to_string().contains(expected), "{error}");
        }
        other => panic!("{other:?}"),
    };
    let good = || Filter::is("city", Op::Eq, "Bath");
    let or = |bad| Filter::Or(vec![good(), Filter::Not(Box::new(bad))]);

    check(or(Filter::is("age", Op::Eq, 1)), "or/1/not", "no field").await;
    let span = Filter::is("last_order_at", Op::InLast, "soon");
    check(or(span), "or/1/not", "write a length of time as 36h").await;
    let period = Filter::is("last_order_at", Op::During, "some_day");
    check(or(period), "or/1/not", "name one of yesterday").await;
    let one = Filter::is("n_orders", Op::Between, "3");
    check(or(one), "or/1/not", "two values with a comma").await;
    let empty = Filter::And(Vec::new());
    check(or(empty), "or/1/not", "at least one").await;
    let nul = Filter::is("city", Op::StartsWith, "a\0");
    check(or(nul), "or/1/not", "U+0000").await;
}

#[tokio::test]
async fn groups_are_bounded_in_depth_and_number() {
    let store = TestStore::open().await;
    let good = || Filter::is("city", Op::Eq, "Bath");
    let nested = |depth| (0..depth).fold(good(), |part, _| Filter::Not(Box::new(part)));
    let inner = |error: StoreError| match error {
        StoreError::Query(QueryError::InGroup { error, .. }) => *error,
        StoreError::Query(error) => error,
        other => panic!("{other:?}"),
    };

    assert!(contacts::list(&store, &query(nested(4))).await.is_ok());
    let refused = contacts::list(&store, &query(nested(5))).await.unwrap_err();
    assert_eq!(inner(refused), QueryError::TooDeep);
    let many = |n| Filter::And(vec![good(); n]);
    assert!(contacts::list(&store, &query(many(50))).await.is_ok());
    let with_one_more = query(many(50)).with("city", Op::Eq, "Bath");
    let refused = contacts::list(&store, &with_one_more).await.unwrap_err();
    assert_eq!(inner(refused), QueryError::TooManyFilters);
}

#[tokio::test]
async fn a_list_that_knows_no_today_says_so() {
    let store = TestStore::open().await;
    let query = ListQuery::default().with("last_order_at", Op::During, "today");

    let refused = contacts::list(&store, &query).await;

    let expected = QueryError::NoToday {
        field: "last_order_at".to_owned(),
    };
    assert!(matches!(refused, Err(StoreError::Query(error)) if error == expected));
}

#[tokio::test]
async fn a_list_that_reads_too_much_is_stopped_and_the_next_one_is_answered() {
    let cost = ListCost {
        kilosteps_max: 20,
        time_max: Duration::from_millis(100),
    };
    let store = TestStore::open_with(cost).await;
    let rows = (0..4_000).map(|n| {
        let mut contact = store.contact("Ada");
        contact.address = address_in(&format!("{}{n}", "a".repeat(100)));
        contact::Model::with_words(contact, &[])
    });
    let rows: Vec<contact::Model> = rows.collect();
    store
        .write(move |tx| bulk::insert::<contact::Entity>(tx, rows, "").boxed())
        .await
        .unwrap();
    // Nobody has any of them, and every city is searched for all of them at every place.
    let endings = (0..50).map(|n| Filter::is("city", Op::Contains, format!("aaaaab{n}")));
    let hopeless = query(Filter::Or(endings.collect()));

    let stopped = contacts::list(&store, &hopeless).await;

    assert!(matches!(stopped, Err(StoreError::TooCostly)), "{stopped:?}");
    let chosen = bulk_edits::choose(&store, ObjectKind::Contact, &hopeless).await;
    assert!(matches!(chosen, Err(StoreError::TooCostly)), "{chosen:?}");
    for _ in 0..8 {
        let cheap = ListQuery {
            limit: 1,
            ..ListQuery::default()
        };
        let page = contacts::list(&store, &cheap).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }
}
