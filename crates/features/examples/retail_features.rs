//! Times the features of a retailer's year: `cargo run --release -p rapport-features --example
//! retail_features`. About 400,000 order lines by about 3,800 customers, read from compacted Parquet.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::time::Instant;

use rapport_domain::{ContactId, Event, EventKind, Timestamp};
use rapport_features::{build, sequences};
use rapport_lake::{CompactOptions, Lake, LakeLocation, LakeOptions};
use rapport_testing::{EventBuilder, at};
use uuid::Uuid;

const N_CUSTOMERS: u64 = 4_200;
const N_ORDERS: u64 = 19_000;
const LINES_PER_ORDER: u64 = 21;
const N_PRODUCTS: u64 = 3_600;
const MINUTES: u64 = 310 * 24 * 60;

/// A small seeded generator, so that every run times the same events: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

fn order_lines(start: Timestamp) -> Vec<Event> {
    let mut dice = Dice(7);
    let mut make = EventBuilder::new("shop");
    let mut events = Vec::new();
    for order in 0..N_ORDERS {
        // The lower of two throws: few customers buy much, many buy little.
        let who = dice.below(N_CUSTOMERS).min(dice.below(N_CUSTOMERS));
        let customer = ContactId(Uuid::from_u64_pair(who.wrapping_mul(0x9E37_79B9), who));
        let minute = dice.below(MINUTES);
        let when = start.plus_seconds(60 * minute.cast_signed());
        for _ in 0..1 + dice.below(2 * LINES_PER_ORDER) {
            let amount = 100 + dice.below(3000).cast_signed();
            let mut event = make.ordered(customer, when, &order.to_string(), amount);
            let product = dice.below(N_PRODUCTS);
            event.sku = Some(format!("sku-{product}"));
            event.category = Some(format!("category-{}", product % 12));
            if order % 50 == 0 {
                event.kind = EventKind::ProductReturned;
                event.amount_minor = Some(-amount);
                event.quantity = Some(-1.0);
            }
            events.push(event);
        }
    }
    events
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let location = LakeLocation::Directory(directory.path().to_owned());
    let lake = Lake::open(location, LakeOptions::default())?;
    let events = order_lines(at("2010-12-01T08:00:00Z"));
    let started = Instant::now();
    let mut segments = Vec::new();
    for chunk in events.chunks(20_000) {
        segments.push(lake.write_segment(chunk).await?);
    }
    println!(
        "{} events, {} files written in {:.2?}",
        events.len(),
        segments.len(),
        started.elapsed()
    );
    let started = Instant::now();
    let compacted = lake.compact(&segments, &CompactOptions::default()).await?;
    let bytes: u64 = compacted.iter().map(|segment| segment.bytes).sum();
    println!(
        "compacted to {} files of {bytes} bytes in {:.2?}",
        compacted.len(),
        started.elapsed()
    );
    for run in 1..=3 {
        for (layout, files) in [("as written", &segments), ("compacted", &compacted)] {
            let started = Instant::now();
            let snapshot = lake.snapshot(files, &[]).await?;
            let as_of = at("2011-10-15T00:00:00Z");
            let table = build(&snapshot, as_of).await?;
            let built = started.elapsed();
            let packed = sequences(&snapshot, as_of, 100).await?;
            println!(
                "run {run}, {layout}: {} customers x {} features in {built:.2?}, {} positions in {:.2?}",
                table.n_customers(),
                table.features.len(),
                packed.occurred_at.len(),
                started.elapsed() - built,
            );
        }
    }
    Ok(())
}
