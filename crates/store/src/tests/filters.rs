//! Conditions in groups, conditions from today, and lists that cost too much.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{Contact, Moment, Timestamp};

use super::{Dice, TestStore, address_in, now};
use crate::entities::contact;
use crate::{Filter, ListCost, ListQuery, Op, QueryError, StoreError, bulk, contacts};

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

async fn crowd(store: &TestStore, n: usize, dice: &mut Dice) -> Vec<Contact> {
    let mut crowd = Vec::new();
    for _ in 0..n {
        let mut contact = store.contact(["ada", "Adam", "bob", "李明"][dice.roll(4) as usize]);
        contact.address = match dice.roll(4) {
            0 => Default::default(),
            roll => address_in(["Bath", "batumi", "北京"][roll as usize - 1]),
        };
        contact.n_orders = dice.roll(5) as i64;
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
    let crowd = crowd(&store, 120, &mut dice).await;

    for trial in 0..200 {
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
    for _ in 0..8 {
        let cheap = ListQuery {
            limit: 1,
            ..ListQuery::default()
        };
        let page = contacts::list(&store, &cheap).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }
}
