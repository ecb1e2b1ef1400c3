//! What holds for any history.

use proptest::prelude::*;
use rapport_domain::{Event, EventKind};
use rapport_features::build;
use rapport_lake::{CompactOptions, Segment};
use rapport_testing::{EventBuilder, at};
use tempfile::TempDir;

use crate::history::{build_from, customer, lake_in, sequences_from};

/// Any event within a year, of one of four customers.
fn any_event() -> impl Strategy<Value = (u8, i64, u8, i64)> {
    (0_u8..4, 0_i64..365 * 86_400, 0_u8..4, -5_000_i64..50_000)
}

fn events_of(rows: &[(u8, i64, u8, i64)]) -> Vec<Event> {
    let mut make = EventBuilder::new("shop");
    let start = at("2024-07-01T00:00:00Z");
    rows.iter()
        .enumerate()
        .map(|(i, &(who, seconds, what, amount))| {
            let when = start.plus_seconds(seconds);
            let whom = customer(1 + u128::from(who));
            match what {
                0 => make.of_kind(EventKind::PageViewed, Some(whom), when),
                1 => make.of_kind(EventKind::CampaignSent, Some(whom), when),
                _ => {
                    let mut event = make.ordered(whom, when, &format!("o{}", i / 2), amount);
                    event.category = Some(format!("c{}", i % 3));
                    if amount < 0 {
                        event.kind = EventKind::ProductReturned;
                    }
                    event
                }
            }
        })
        .collect()
}

fn in_runtime<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_at_or_after_the_instant_changes_a_row(
        rows in prop::collection::vec(any_event(), 1..60),
        cut_seconds in 0_i64..365 * 86_400,
    ) {
        in_runtime(async {
            let as_of = at("2024-07-01T00:00:00Z").plus_seconds(cut_seconds);
            let all = events_of(&rows);
            let past: Vec<Event> =
                all.iter().filter(|event| event.occurred_at < as_of).cloned().collect();

            let with_future = build_from(&all, as_of).await;
            let without = build_from(&past, as_of).await;

            assert_eq!(with_future.fingerprint(), without.fingerprint());
            assert_eq!(
                format!("{:?}", sequences_from(&all, as_of, 10).await),
                format!("{:?}", sequences_from(&past, as_of, 10).await),
            );
        });
    }

    #[test]
    fn files_and_their_order_do_not_matter(
        rows in prop::collection::vec(any_event(), 2..60),
        cut in 1_usize..59,
    ) {
        in_runtime(async {
            let as_of = at("2025-03-01T00:00:00Z");
            let all = events_of(&rows);
            let cut = cut.min(all.len() - 1);
            let dir = TempDir::new().unwrap();
            let lake = lake_in(&dir);
            let late = lake.write_segment(&all[cut..]).await.unwrap();
            let early = lake.write_segment(&all[..cut]).await.unwrap();
            let compacted: Vec<Segment> = lake
                .compact(&[late.clone(), early.clone()], &CompactOptions::default())
                .await
                .unwrap();

            let memory = build_from(&all, as_of).await;
            let files = build(&lake.snapshot(&[late, early], &[]).await.unwrap(), as_of).await.unwrap();
            let merged = build(&lake.snapshot(&compacted, &[]).await.unwrap(), as_of).await.unwrap();

            let mut shuffled = all.clone();
            shuffled.rotate_left(cut);
            shuffled.reverse();
            let shuffled = build_from(&shuffled, as_of).await;

            for other in [&files, &merged, &shuffled] {
                assert_eq!(memory.fingerprint(), other.fingerprint());
            }
            assert_eq!(memory.customer_ids, merged.customer_ids);
        });
    }
}
