//! Each feature is what its declaration says, worked by hand.

use rapport_domain::{Currency, Event, EventKind};
use rapport_testing::{EventBuilder, at};

use crate::history::{build_from, customer, end_from, sequences_from, small_history};

/// The event that takes back what another said; a line of nothing by less than counts.
fn taken_back(event: &Event, message_id: &str) -> Event {
    let opposite = |quantity: f64| match quantity {
        0.0 => -f64::MIN_POSITIVE,
        quantity => -quantity,
    };
    Event {
        message_id: message_id.to_owned(),
        quantity: event.quantity.map(opposite),
        amount_minor: event.amount_minor.map(|amount| -amount),
        ..event.clone()
    }
}

#[tokio::test]
async fn a_line_that_was_taken_back_is_no_line() {
    let as_of = at("2025-04-10T23:00:00Z");
    let plain = build_from(&small_history(), as_of).await;
    let mut corrected = small_history();
    // Orders at wrong times for the wrong customer, a gift, a wrong quantity and a wrong return.
    let mut make = EventBuilder::new("shop");
    let (early, late) = (at("2025-01-05T08:00:00Z"), at("2025-04-09T08:00:00Z"));
    for (n, kind, at, quantity) in [
        (1, EventKind::ProductOrdered, early, 1.0),
        (2, EventKind::ProductReturned, early, -1.0),
        (4, EventKind::ProductOrdered, late, 1.0),
        (5, EventKind::ProductOrdered, late, 0.0),
        (6, EventKind::ProductReturned, late, -1.0),
    ] {
        let mut wrong = make.ordered(customer(1), at, "X", (quantity * 900.0) as i64);
        wrong.message_id = format!("wrong {n}");
        wrong.kind = kind;
        wrong.sku = Some("sku-9".into());
        wrong.quantity = Some(quantity);
        corrected.push(taken_back(&wrong, &format!("wrong {n}-")));
        corrected.push(wrong);
    }
    let mut wrong = corrected[1].clone();
    wrong.message_id = "wrong 3".to_owned();
    wrong.quantity = Some(7.0);
    corrected.push(taken_back(&wrong, "wrong 3-"));
    corrected.push(wrong);

    let corrected = build_from(&corrected, as_of).await;

    for name in [
        "recency_days",
        "frequency",
        "monetary_value",
        "tenure_days",
        "lines_per_order",
        "units_per_order",
        "n_products",
        "return_rate",
        "return_amount_rate",
        "silence_days",
    ] {
        let (was, is) = (
            plain.column(name).unwrap()[0],
            corrected.column(name).unwrap()[0],
        );
        assert!((was - is).abs() < 1e-9, "{name}: {is} is not {was}");
    }
}

#[tokio::test]
async fn the_history_ends_with_the_latest_event_that_still_stands() {
    let mut history = small_history();
    let mut make = EventBuilder::new("shop");
    let late = at("2025-12-01T08:00:00Z");
    let wrong = make.ordered(customer(1), late, "X", 900);
    history.push(taken_back(&wrong, "wrong-"));
    history.push(wrong);

    let before = |text: &'static str| end_from(&history, at(text));
    assert_eq!(
        before("2026-01-01T00:00:00Z").await,
        Some(at("2025-04-02T00:00:00Z"))
    );
    assert_eq!(
        before("2025-03-11T18:00:00Z").await,
        Some(at("2025-03-01T08:00:00Z"))
    );
    assert_eq!(before("2025-01-01T00:00:00Z").await, None);
}

#[tokio::test]
async fn lines_once_read_in_the_wrong_currency_count_in_the_right_one() {
    let as_of = at("2025-04-10T23:00:00Z");
    let dollars = small_history();
    let mut history = dollars.clone();
    for (n, wrong) in dollars.iter().enumerate() {
        if wrong.amount_minor.is_none() {
            continue;
        }
        history.push(taken_back(wrong, &format!("{n}-")));
        history.push(Event {
            message_id: format!("{n}+"),
            currency: Some(Currency::EUR),
            ..wrong.clone()
        });
    }

    let (was, is) = (
        build_from(&dollars, as_of).await,
        build_from(&history, as_of).await,
    );

    assert_ne!(was.currency, Some(Currency::EUR));
    assert_eq!(is.currency, Some(Currency::EUR));
    assert_eq!(is.n_lines_left_out, 0);
    assert_eq!(is.column("monetary_value").unwrap()[0], 100.0);
    assert_eq!(is.column("frequency").unwrap()[0], 3.0);
}

#[tokio::test]
async fn every_feature_is_what_a_hand_calculation_gives() {
    let table = build_from(&small_history(), at("2025-04-10T23:00:00Z")).await;

    let of_ada = |name: &str| table.column(name).unwrap()[0];
    let expected = [
        ("recency_days", 10.0),
        ("frequency", 3.0),
        // (10 + 30) + 20 + 60 - 20
        ("monetary_value", 100.0),
        ("average_order_value", 40.0),
        ("tenure_days", 40.625),
        // gaps: 10 days 10 hours and 20 days 5 hours
        (
            "interpurchase_days_mean",
            (10.0 + 10.0 / 24.0 + 20.0 + 5.0 / 24.0) / 2.0,
        ),
        (
            "interpurchase_days_median",
            (10.0 + 10.0 / 24.0 + 20.0 + 5.0 / 24.0) / 2.0,
        ),
        (
            "interpurchase_days_std",
            (9.0 + 19.0 / 24.0) / 2.0_f64.sqrt(),
        ),
        ("lines_per_order", 4.0 / 3.0),
        ("units_per_order", 2.0),
        ("n_products", 2.0),
        ("return_rate", 0.25),
        ("return_amount_rate", 20.0 / 120.0),
        ("orders_30d", 1.0),
        ("orders_90d", 3.0),
        ("orders_365d", 3.0),
        ("spend_30d", 60.0),
        ("spend_90d", 120.0),
        ("spend_365d", 120.0),
        ("morning_share", 1.0 / 3.0),
        ("afternoon_share", 0.0),
        ("evening_share", 1.0 / 3.0),
        ("night_share", 1.0 / 3.0),
        ("weekend_share", 1.0 / 3.0),
        // a Saturday, a Tuesday and a Monday
        ("weekday_entropy", 3.0_f64.ln() / 7.0_f64.ln()),
        ("silence_days", 9.625),
        ("page_views_30d", 0.0),
    ];
    for (name, value) in expected {
        assert!(
            (of_ada(name) - value).abs() < 1e-9,
            "{name}: {} is not {value}",
            of_ada(name)
        );
    }
    // Forty days are too few for a pace.
    assert!(of_ada("spend_trend").is_nan());
    // Nobody was ever heard to open a ticket, to write or to get a campaign.
    for name in ["tickets_365d", "messages_90d", "campaign_open_rate"] {
        assert!(of_ada(name).is_nan(), "{name}");
    }
    assert_eq!(table.currency, Some(Currency::USD));
}

#[tokio::test]
async fn orders_within_the_window_of_thirty_days_are_counted_from_the_instant() {
    let table = build_from(&small_history(), at("2025-03-31T23:00:00.000001Z")).await;

    assert_eq!(table.column("orders_30d").unwrap()[0], 2.0);
}

#[tokio::test]
async fn what_is_not_known_is_missing_and_not_zero() {
    let table = build_from(&small_history(), at("2025-04-10T00:00:00Z")).await;

    let of_bob = |name: &str| table.column(name).unwrap()[1];
    assert_eq!(table.customer_ids[1], customer(2));
    assert_eq!(of_bob("frequency"), 0.0);
    assert_eq!(of_bob("page_views_30d"), 1.0);
    for name in [
        "recency_days",
        "average_order_value",
        "return_rate",
        "weekend_share",
    ] {
        assert!(of_bob(name).is_nan(), "{name}");
    }
}

#[tokio::test]
async fn one_or_two_orders_show_no_habit() {
    let mut make = EventBuilder::new("shop");
    let mut events = vec![
        make.ordered(customer(1), at("2025-03-01T06:00:00Z"), "A", 1000),
        make.ordered(customer(1), at("2025-03-02T06:00:00Z"), "B", 1000),
    ];
    let before = build_from(&events, at("2025-04-10T00:00:00Z")).await;
    events.push(make.ordered(customer(1), at("2025-03-03T06:00:00Z"), "C", 1000));

    let table = build_from(&events, at("2025-04-10T00:00:00Z")).await;

    assert!(before.column("morning_share").unwrap()[0].is_nan());
    assert!(before.column("weekday_entropy").unwrap()[0].is_nan());
    assert_eq!(table.column("morning_share").unwrap(), [1.0]);
}

#[tokio::test]
async fn the_trend_compares_with_the_customers_own_pace() {
    let as_of = at("2025-12-31T00:00:00Z");
    let mut make = EventBuilder::new("shop");
    let mut ordered = |who: u128, days_ago: i64, amount_minor: i64| {
        let order = format!("{who}-{days_ago}");
        make.ordered(
            customer(who),
            as_of.plus_days(-days_ago),
            &order,
            amount_minor,
        )
    };
    let events = [
        // 30 a quarter over nine months, and 30 in the last: as before.
        ordered(1, 360, 3000),
        ordered(1, 270, 3000),
        ordered(1, 180, 3000),
        ordered(1, 45, 3000),
        // Gone for a year and a quarter.
        ordered(2, 450, 9000),
        // Three times the pace.
        ordered(3, 180, 1000),
        ordered(3, 10, 3000),
        // Too new to have a pace.
        ordered(4, 30, 1000),
    ];

    let table = build_from(&events, as_of).await;

    let trend = table.column("spend_trend").unwrap();
    assert_eq!(trend[..3], [0.0, -1.0, 0.5]);
    assert!(trend[3].is_nan());
}

#[tokio::test]
async fn what_is_sent_to_somebody_is_no_sign_of_life() {
    let as_of = at("2025-12-31T00:00:00Z");
    let mut make = EventBuilder::new("shop");
    let mut sent = make.ordered(customer(1), as_of.plus_days(-2), "", 0);
    sent.kind = EventKind::CampaignSent;
    let opened = |days_ago: i64| {
        let mut event = sent.clone();
        event.kind = EventKind::CampaignOpened;
        event.occurred_at = as_of.plus_days(-days_ago);
        event.message_id = format!("opened {days_ago}");
        event
    };
    let events = [
        make.ordered(customer(1), as_of.plus_days(-100), "A", 1000),
        sent.clone(),
        opened(50),
        opened(60),
    ];

    let table = build_from(&events, as_of).await;

    assert_eq!(table.column("silence_days").unwrap(), [50.0]);
    // One message, opened twice.
    assert_eq!(table.column("campaign_open_rate").unwrap(), [1.0]);
}

#[tokio::test]
async fn category_shares_are_of_the_categories_with_the_highest_revenue() {
    let mut events = small_history();
    for (event, category) in events.iter_mut().zip(["toys", "books", "toys", "books"]) {
        event.category = Some(category.into());
    }

    let table = build_from(&events, at("2025-04-10T00:00:00Z")).await;

    assert_eq!(table.features.last().unwrap().label.en, "Share of toys");
    assert_eq!(table.column("category_share:books").unwrap()[0], 0.75);
    assert_eq!(table.column("category_share:toys").unwrap()[0], 0.25);
    assert_eq!(table.column("top_category_share").unwrap()[0], 0.75);
    assert!(table.column("category_share:toys").unwrap()[1].is_nan());
}

#[tokio::test]
async fn amounts_in_other_currencies_are_left_out_and_counted() {
    let mut events = small_history();
    events[3].currency = Some(Currency::EUR);

    let table = build_from(&events, at("2025-04-10T00:00:00Z")).await;

    assert_eq!(table.n_lines_left_out, 1);
    assert_eq!(table.column("frequency").unwrap()[0], 3.0);
    assert_eq!(table.column("monetary_value").unwrap()[0], 40.0);
}

#[tokio::test]
async fn a_customer_with_amounts_in_other_currencies_only_has_no_known_value() {
    let mut events = small_history();
    let mut foreign =
        EventBuilder::new("abroad").ordered(customer(3), at("2025-03-05T00:00:00Z"), "A", 500);
    foreign.currency = Some(Currency::EUR);
    events.push(foreign);

    let table = build_from(&events, at("2025-04-10T00:00:00Z")).await;

    let of_foreigner = |name: &str| table.column(name).unwrap()[2];
    assert_eq!(of_foreigner("frequency"), 1.0);
    for name in ["monetary_value", "average_order_value", "spend_90d"] {
        assert!(of_foreigner(name).is_nan(), "{name}");
    }
    assert_eq!(table.column("monetary_value").unwrap()[1], 0.0);
}

#[tokio::test]
async fn orders_are_told_apart_by_source_and_lines_without_a_number_stand_alone() {
    let (ada, when) = (customer(1), at("2025-03-01T08:00:00Z"));
    let mut events = vec![
        EventBuilder::new("shop").ordered(ada, when, "A", 1000),
        EventBuilder::new("market").ordered(ada, when, "A", 1000),
    ];
    let mut make = EventBuilder::new("phone");
    events.extend([
        make.ordered(ada, when, "", 1000),
        make.ordered(ada, when, "", 1000),
    ]);
    events[2].order_id = None;
    events[3].order_id = None;

    let table = build_from(&events, at("2025-04-10T00:00:00Z")).await;

    assert_eq!(table.column("frequency").unwrap(), [4.0]);
}

#[tokio::test]
async fn a_customer_appears_with_the_first_event_before_the_instant() {
    let events = small_history();

    let table = build_from(&events, at("2025-04-02T00:00:00Z")).await;

    assert_eq!(table.customer_ids, [customer(1)]);
}

#[tokio::test]
async fn the_time_of_day_and_week_is_right_before_1970_too() {
    // 1969-12-27 was a Saturday.
    let saturdays = [
        "1969-12-13T06:00:00Z",
        "1969-12-20T06:00:00Z",
        "1969-12-27T06:00:00Z",
    ];
    let mut make = EventBuilder::new("shop");
    let events: Vec<Event> = saturdays
        .into_iter()
        .zip(["A", "B", "C"])
        .map(|(when, order)| make.ordered(customer(1), at(when), order, 1000))
        .collect();

    let table = build_from(&events, at("1970-02-01T00:00:00Z")).await;

    assert_eq!(table.column("morning_share").unwrap(), [1.0]);
    assert_eq!(table.column("weekend_share").unwrap(), [1.0]);
    assert_eq!(table.column("weekday_entropy").unwrap(), [0.0]);
}

#[tokio::test]
async fn a_fingerprint_tells_definitions_instants_and_values_apart() {
    let as_of = at("2025-04-10T00:00:00Z");
    let table = build_from(&small_history(), as_of).await;
    let mut other_unit = table.clone();
    other_unit.features[0].unit = rapport_features::Unit::Count;
    let mut other_value = table.clone();
    other_value.columns[0][0] += 1.0;
    let mut other_instant = table.clone();
    other_instant.as_of = as_of.plus_days(1);

    let again = build_from(&small_history(), as_of).await;

    assert_eq!(table.fingerprint(), again.fingerprint());
    for other in [other_unit, other_value, other_instant] {
        assert_ne!(table.fingerprint(), other.fingerprint());
    }
}

#[tokio::test]
async fn no_events_make_an_empty_table() {
    let table = build_from(&[], at("2025-04-10T00:00:00Z")).await;

    assert_eq!(table.n_customers(), 0);
    assert_eq!(table.currency, None);
}

#[tokio::test]
async fn a_missing_value_is_null_in_arrow() {
    let table = build_from(&small_history(), at("2025-04-10T00:00:00Z")).await;

    let batch = table.to_record_batch().unwrap();

    assert_eq!(batch.num_rows(), 2);
    assert_eq!(batch["recency_days"].null_count(), 1);
}

#[tokio::test]
async fn a_sequence_keeps_the_latest_events_in_order() {
    let sequences = sequences_from(&small_history(), at("2025-04-10T00:00:00Z"), 3).await;

    assert_eq!(sequences.customer_ids, [customer(1), customer(2)]);
    assert_eq!(sequences.offsets, [0, 3, 4]);
    assert_eq!(sequences.amount_minor[..3], [2000.0, 6000.0, -2000.0]);
    let kinds: Vec<_> = sequences
        .kind_idx
        .iter()
        .map(|idx| sequences.kinds[*idx as usize].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "product_ordered",
            "product_ordered",
            "product_returned",
            "page_viewed"
        ]
    );
}
