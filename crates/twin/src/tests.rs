//! What the twin promises, tried on whole customers.

use std::collections::HashSet;

use proptest::prelude::*;
use rapport_domain::{EmailAddress, StageOutcome, Timestamp, UsualStage};

use crate::history::OrderKind;
use crate::twin::{Customer, Twin};
use crate::{CultureMix, TrueSegment, TwinError, TwinParams};

fn twin(seed: u64) -> Twin {
    TwinParams::new(seed, 10_000_000).check().unwrap()
}

#[test]
fn repeat_orders_are_as_many_as_each_segment_promises() {
    // Campaigns withhold orders of some; people with a response of zero or more keep all.
    let twin = twin(11);
    let mut expected = [0.0; TrueSegment::ALL.len()];
    let mut counted = [0.0; TrueSegment::ALL.len()];
    for index in 0..6000 {
        let Customer {
            person, history, ..
        } = twin.customer(index);
        if person.response_permille < 0 {
            continue;
        }
        let season = twin.seasons.of(person.segment, person.culture);
        let (from, to) = (person.born_day + 1, person.end_day(&twin));
        expected[person.segment as usize] += season.expected(person.orders_per_year, from, to);
        let repeats = history.orders.iter();
        counted[person.segment as usize] += repeats
            .filter(|order| order.kind == OrderKind::Repeat)
            .count() as f64;
    }
    for segment in TrueSegment::ALL {
        let (expected, counted): (f64, f64) =
            (expected[segment as usize], counted[segment as usize]);
        let tolerance = 4.0 * expected.sqrt();
        assert!(
            (counted - expected).abs() < tolerance,
            "{segment:?}: {counted} of {expected}"
        );
    }
}

#[test]
fn rates_have_the_planted_means() {
    let twin = twin(12);
    let mut sums = [(0.0, 0.0); TrueSegment::ALL.len()];
    for index in 0..20_000 {
        let person = crate::people::Person::new(&twin, index);
        let (n, sum) = &mut sums[person.segment as usize];
        *n += 1.0;
        *sum += person.orders_per_year;
    }
    for segment in TrueSegment::ALL {
        let (n, sum): (f64, f64) = sums[segment as usize];
        let planted = segment.orders_per_year();
        assert!(
            (sum / n / planted - 1.0).abs() < 0.08,
            "{segment:?}: {}",
            sum / n
        );
        let share = f64::from(segment.traits().share_permille) / 1000.0;
        assert!((n / 20_000.0 - share).abs() < 0.012, "{segment:?}: {n}");
    }
}

#[test]
fn treated_and_held_out_people_differ_by_the_planted_effect() {
    let twin = twin(13);
    // Weighted by the propensities (Horvitz & Thompson 1952), since they differ by campaign.
    let (mut n, mut planted, mut estimate, mut square) = (0.0, 0.0, 0.0, 0.0);
    let mut n_negative = 0;
    for index in 0..4000 {
        let customer = twin.customer(index);
        for reached in &customer.history.outreach {
            let campaign = &twin.campaigns[reached.campaign];
            let window = campaign.window_day..campaign.window_day + crate::CAMPAIGN_WINDOW_DAYS;
            let orders = customer.history.orders.iter();
            let has_order = orders
                .filter(|order| order.kind != OrderKind::Return)
                .any(|order| window.contains(&order.day));
            let told = if reached.is_treated {
                reached.outcome_with
            } else {
                reached.outcome_without
            };
            assert_eq!(has_order, told, "the outcome is what the orders show");
            let p = f64::from(campaign.propensity_permille) / 1000.0;
            let y = f64::from(u8::from(has_order));
            let term = if reached.is_treated {
                y / p
            } else {
                -y / (1.0 - p)
            };
            let effect = reached.probability_with - reached.probability_without;
            n_negative += u32::from(effect < -0.02);
            n += 1.0;
            planted += effect;
            estimate += term;
            square += term * term;
        }
    }
    let (planted, estimate): (f64, f64) = (planted / n, estimate / n);
    let deviation = (square / n / n).sqrt();
    assert!(planted > 0.01, "{planted}");
    assert!(
        (estimate - planted).abs() < 4.0 * deviation,
        "{estimate} for {planted}, give or take {deviation}"
    );
    assert!(
        n_negative > 100,
        "some people are driven away: {n_negative}"
    );
}

#[test]
fn nobody_is_written_to_without_consent() {
    let twin = twin(13);
    let (mut n_willing, mut n_refusing) = (0, 0);
    for index in 0..500 {
        let customer = twin.customer(index);
        let is_willing = customer.accounts.iter().all(|a| a.accepts_marketing);
        if is_willing {
            n_willing += u32::from(!customer.history.outreach.is_empty());
        } else {
            n_refusing += 1;
            assert!(customer.history.outreach.is_empty());
        }
    }
    assert!(
        n_willing > 200 && n_refusing > 100,
        "{n_willing} {n_refusing}"
    );
}

#[test]
fn potential_outcomes_average_to_their_probabilities() {
    let twin = twin(14);
    let (mut n, mut without, mut with) = (0.0, 0.0, 0.0);
    for index in 0..4000 {
        for reached in twin.customer(index).history.outreach {
            n += 1.0;
            without += f64::from(u8::from(reached.outcome_without)) - reached.probability_without;
            with += f64::from(u8::from(reached.outcome_with)) - reached.probability_with;
        }
    }
    let tolerance: f64 = 4.0 * 0.5 / f64::sqrt(n);
    let (without, with): (f64, f64) = (without / n, with / n);
    assert!(without.abs() < tolerance, "{without}");
    assert!(with.abs() < tolerance, "{with}");
}

#[test]
fn nobody_shares_an_address_or_a_number() {
    let twin = twin(15);
    let (mut mails, mut records, mut orders) = (HashSet::new(), HashSet::new(), HashSet::new());
    for index in 0..5000 {
        let customer = twin.customer(index);
        for account in customer.accounts {
            assert!(mails.insert(account.email), "one mailbox, one account");
            assert!(records.insert(account.id));
        }
        for contact in customer.sales {
            assert!(records.insert(contact.id));
        }
        for order in customer.history.orders {
            assert!(orders.insert(order.id));
        }
        for ticket in customer.history.tickets {
            assert!(records.insert(ticket.id));
        }
        for deal in customer.history.deals {
            assert!(records.insert(deal.id));
        }
    }
}

#[test]
fn tickets_come_more_often_after_returns() {
    let twin = twin(16);
    let (mut tickets, mut people) = ([0.0; 2], [0.0; 2]);
    for index in 0..4000 {
        let history = twin.customer(index).history;
        let orders = &history.orders;
        let returned = usize::from(orders.iter().any(|order| order.kind == OrderKind::Return));
        people[returned] += orders.len() as f64;
        tickets[returned] += history.tickets.len() as f64;
    }
    let (without, with): (f64, f64) = (tickets[0] / people[0], tickets[1] / people[1]);
    assert!(
        with > without,
        "{with} per order, {without} without returns"
    );
}

#[test]
fn deals_are_won_as_often_as_their_stages_promise() {
    let twin = twin(17);
    // Deals of the first year, which are over long before the days end.
    let year_over = twin.span.at(365, 0, 0);
    // A deal that is cared for stays in a stage for so long once in 200,000 times, a stalled one every fifth.
    let long_ago = twin.span.at(twin.span.n_days - 120, 0, 0);
    let mut reached = [(0.0, 0.0); 4];
    let (mut n_open, mut n_stalled) = (0, 0);
    for index in 0..20_000 {
        let customer = twin.customer(index);
        let company = customer.person.company.is_some();
        assert_eq!(company, !customer.history.deals.is_empty());
        for deal in customer.history.deals {
            assert!(deal.stages.is_sorted_by(|a, b| a.1 < b.1), "{deal:?}");
            let (last, entered_at) = deal.standing();
            if last.outcome == StageOutcome::Open {
                n_open += 1;
                n_stalled += u32::from(entered_at < long_ago);
            }
            if deal.created_at() > year_over {
                continue;
            }
            for (stage, (n, won)) in UsualStage::ALL.iter().zip(&mut reached) {
                if deal.stages.iter().any(|(it, _)| *it == stage) {
                    *n += 1.0;
                    *won += f64::from(u8::from(last.outcome == StageOutcome::Won));
                }
            }
        }
    }
    for (stage, (n, won)) in UsualStage::ALL.iter().zip(reached) {
        let p = stage.probability;
        let tolerance = 4.0 * f64::sqrt(p * (1.0 - p) / n) + 0.01;
        assert!((won / n - p).abs() < tolerance, "{stage:?}: {won} of {n}");
    }
    assert!(n_open > 200, "some are open at the end: {n_open}");
    assert!(
        n_stalled > 20,
        "and some of these have stalled: {n_stalled}"
    );
}

#[test]
fn impossible_parameters_are_refused() {
    let good = || TwinParams::new(1, 10);
    let check = |params: TwinParams| params.check().unwrap_err();

    assert!(matches!(
        check(TwinParams::new(1, 0)),
        TwinError::Customers { .. }
    ));
    let start = good().start;
    assert!(matches!(
        check(good().period(start, start.plus_days(20))),
        TwinError::Period { days: 20, .. }
    ));
    let late = Timestamp::from_millis(4_102_444_800_000);
    assert!(matches!(
        check(good().period(late, late.plus_days(200))),
        TwinError::Calendar { .. }
    ));
    let mut params = good();
    params.noise_permille = 1001;
    assert!(matches!(check(params), TwinError::Share { .. }));
    let mut params = good();
    params.campaign_interval_days = 7;
    assert!(matches!(check(params), TwinError::CampaignInterval { .. }));
    let mut params = good();
    params.cultures = CultureMix {
        chinese: 0,
        american: 0,
        british: 0,
        german: 0,
        french: 0,
        spanish: 0,
    };
    assert!(matches!(check(params), TwinError::Cultures { total: 0 }));
}

fn seconds(at: Timestamp) -> i64 {
    at.as_micros() / 1_000_000
}

/// Every instant of a customer.
fn instants(customer: &Customer) -> Vec<i64> {
    let history = &customer.history;
    let mut all: Vec<i64> = customer.accounts.iter().map(|a| a.created_at).collect();
    all.extend(customer.sales.iter().map(|contact| contact.created_at));
    all.extend(history.orders.iter().map(|order| order.at));
    all.extend(history.views.iter().map(|view| view.at));
    for reached in &history.outreach {
        all.push(reached.at);
        all.extend(reached.opened_at);
        all.extend(reached.clicked_at);
    }
    for deal in &history.deals {
        all.extend(deal.stages.iter().map(|&(_, at)| at));
    }
    for ticket in &history.tickets {
        all.push(ticket.at);
        all.extend(ticket.solved_at);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_customer_keeps_the_rules(
        seed in any::<u64>(),
        days in 90_i64..1500,
        index in 0_u64..10_000_000,
        noise in 0_u32..=1000,
        doubles in 0_u32..=1000,
        interval in 14_u32..=366,
    ) {
        let mut params = TwinParams::new(seed, 10_000_000);
        params.end = params.start.plus_days(days);
        params.noise_permille = noise;
        params.second_account_permille = doubles;
        params.double_entry_permille = doubles;
        params.campaign_interval_days = interval;
        let (start, end) = (seconds(params.start), seconds(params.end));
        let twin = params.check().unwrap();
        for index in index..(index + 20).min(10_000_000) {
            let customer = twin.customer(index);
            for at in instants(&customer) {
                prop_assert!((start..end).contains(&at), "{at} outside {start}..{end}");
            }
            for account in &customer.accounts {
                let email: EmailAddress = account.email.parse().unwrap();
                let is_reserved = ["example.com", "example.net", "example.org"]
                    .iter()
                    .any(|reserved| {
                        email.domain() == *reserved
                            || email.domain().ends_with(&format!(".{reserved}"))
                    });
                prop_assert!(is_reserved, "{email}");
                prop_assert!(!account.first_name.is_empty() && !account.last_name.is_empty());
            }
            for contact in &customer.sales {
                prop_assert!(!contact.email.is_empty() || !contact.phone.is_empty());
            }
            for view in &customer.history.views {
                prop_assert!(view.at > customer.accounts[view.account].created_at);
            }
            for reached in &customer.history.outreach {
                prop_assert!((0.0..=1.0).contains(&reached.probability_without));
                prop_assert!((0.0..=1.0).contains(&reached.probability_with));
            }
        }
    }
}
