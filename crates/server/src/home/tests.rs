use rapport_domain::{ContactId, Currency, ImportId, TaskId, TicketId, Timestamp};
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A buyer with an order every `gap_days`, the latest `silent_days` before [`NOW`].
fn buyer(id: u128, n_orders: i64, average_minor: i64, gap_days: i64, silent_days: i64) -> Buyer {
    let last_order_at = NOW.plus_days(-silent_days);
    Buyer {
        id: ContactId(Uuid::from_u128(id)),
        name: format!("Customer {id}"),
        n_orders,
        total_spent_minor: n_orders * average_minor,
        currency: Currency::GBP,
        first_order_at: last_order_at.plus_days(-gap_days * (n_orders - 1)),
        last_order_at,
    }
}

fn late_ids(buyers: Vec<Buyer>) -> Vec<u128> {
    late_customers(buyers, NOW)
        .iter()
        .map(|late| late.buyer.id.0.as_u128())
        .collect()
}

#[test]
fn lateness_is_measured_by_the_own_rhythm() {
    let weekly_silent_for_three_weeks = buyer(1, 10, 5_000, 7, 21);
    let quarterly_silent_for_three_weeks = buyer(2, 10, 5_000, 90, 21);

    let ids = late_ids(vec![
        weekly_silent_for_three_weeks,
        quarterly_silent_for_three_weeks,
    ]);

    assert_eq!(ids, [1]);
}

#[test]
fn who_has_too_few_orders_or_is_long_gone_is_left_out() {
    let two_orders = buyer(1, 2, 5_000, 7, 21);
    let long_gone = buyer(2, 10, 5_000, 7, 365);
    let all_on_one_day = buyer(3, 5, 5_000, 0, 21);

    assert!(late_ids(vec![two_orders, long_gone, all_on_one_day]).is_empty());
}

#[test]
fn the_dearest_silence_comes_first() {
    let small = buyer(1, 10, 1_000, 7, 21);
    let large = buyer(2, 10, 90_000, 7, 21);

    assert_eq!(late_ids(vec![small, large]), [2, 1]);
}

#[test]
fn a_reason_tells_rhythm_silence_and_worth_in_both_languages() {
    // 20 orders of 50.00 every 10 days, silent for 30: two orders of 50.00 did not come.
    let late_customers = late_customers(vec![buyer(7, 20, 5_000, 10, 30)], NOW);

    let actions = propose(
        Facts {
            late_customers,
            ..Facts::default()
        },
        NOW,
    );

    assert_eq!(actions[0].kind, actions::ActionKind::CallCustomer);
    assert_eq!(
        actions[0].reason.en,
        "Ordered every 10 days so far, silent for 30 days: about 100 GBP in orders did not come"
    );
    assert_eq!(
        actions[0].reason.zh,
        "通常每10天下单一次，现已30天没有订单，约少了100 GBP"
    );
    assert_eq!(actions[0].href, format!("/contacts/{}", Uuid::from_u128(7)));
}

#[test]
fn at_most_nine_are_proposed_and_no_kind_crowds_out_the_others() {
    let facts = Facts {
        urgent_tickets: (0..30)
            .map(|n| UrgentTicket {
                id: TicketId(Uuid::from_u128(n)),
                subject: format!("Broken {n}"),
                contact: None,
                created_at: NOW.plus_days(-3),
            })
            .collect(),
        tasks_due: vec![TaskDue {
            id: TaskId(Uuid::nil()),
            title: "Send the offer".to_owned(),
            due_on: NOW.date(),
            contact: None,
        }],
        failed_imports: vec![FailedImport {
            id: ImportId(Uuid::nil()),
            file_name: "orders.csv".to_owned(),
            n_rejected: 12,
            has_stopped: false,
        }],
        new_segments: None,
        late_customers: late_customers((0..20).map(|n| buyer(n, 10, 1_000, 7, 21)).collect(), NOW),
    };

    let actions = propose(facts, NOW);

    let n_of = |kind| actions.iter().filter(|action| action.kind == kind).count();
    assert_eq!(actions.len(), 9);
    assert_eq!(n_of(actions::ActionKind::AnswerTicket), 4);
    assert_eq!(n_of(actions::ActionKind::CallCustomer), 5);
    assert_eq!(actions[0].reason.en, "Urgent ticket, open for 3 days");
}
