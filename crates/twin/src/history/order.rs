//! Orders: the first one opens the relation, repeats come as a Poisson process while it lasts,
//! campaigns add or withhold some, and some lines come back.

use super::clock;
use crate::chance::{Chance, Purpose};
use crate::people::Person;
use crate::records::Account;
use crate::segment::TrueSegment;
use crate::twin::Twin;

/// Repeat orders of one person that are kept at most; order numbers have 13 bits per person.
const N_REPEATS_MAX: usize = 3800;

/// Lines of a basket at most.
const N_LINES_MAX: usize = 12;

/// Why there is an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderKind {
    First,
    Repeat,
    Campaign,
    Return,
}

/// A day on which a person means to order, before campaigns have their say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Intent {
    pub(crate) day: u32,
    pub(crate) kind: OrderKind,
    /// In `0..1000`: withheld by an annoying campaign whose strength is above it.
    pub(crate) patience: u32,
}

/// One line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) item: usize,
    /// Units; negative when taken back.
    pub(crate) quantity: i64,
    pub(crate) unit_price_minor: i64,
}

/// An order, or a return as a document of its own.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) kind: OrderKind,
    pub(crate) day: u32,
    pub(crate) at: i64,
    /// Position of the buying account.
    pub(crate) account: usize,
    pub(crate) lines: Vec<Line>,
}

/// The days of the first order and of all repeats, in order of time.
pub(crate) fn intents(twin: &Twin, person: &Person) -> Vec<Intent> {
    let chance = &mut Chance::new(twin.params.seed, Purpose::Orders, person.index);
    let mut intents = vec![Intent {
        day: person.born_day,
        kind: OrderKind::First,
        patience: 1000,
    }];
    let season = twin.seasons.of(person.segment, person.culture);
    let (from, to) = (person.born_day + 1, person.end_day(twin));
    season.arrivals(chance, person.orders_per_year, from, to, |chance, day| {
        if intents.len() <= N_REPEATS_MAX {
            intents.push(Intent {
                day,
                kind: OrderKind::Repeat,
                patience: chance.below(1000),
            });
        }
    });
    intents
}

/// Turns intents into orders and returns.
pub(crate) fn all_of(
    twin: &Twin,
    person: &Person,
    accounts: &[Account],
    mut intents: Vec<Intent>,
) -> Vec<Order> {
    // A stream of its own, apart from the one that drew the days.
    let index = person.index | 1 << 40;
    let chance = &mut Chance::new(twin.params.seed, Purpose::Orders, index);
    intents.sort_by_key(|intent| intent.day);
    let mut orders = Vec::with_capacity(intents.len() + 2);
    for intent in intents {
        let order = Order {
            id: twin.identifiers.order(person.index, orders.len()),
            kind: intent.kind,
            day: intent.day,
            at: person.at(twin, intent.day, clock::second(chance, person.segment)),
            account: account_on(chance, accounts, intent.day),
            lines: basket(chance, twin, person, intent.day),
        };
        let returned = take_back(chance, twin, person, &order);
        orders.push(order);
        if let Some(mut returned) = returned {
            returned.id = twin.identifiers.order(person.index, orders.len());
            orders.push(returned);
        }
    }
    orders
}

/// One of the accounts that exist on a day.
pub(super) fn account_on(chance: &mut Chance, accounts: &[Account], day: u32) -> usize {
    let n = accounts
        .iter()
        .filter(|account| account.from_day <= day)
        .count();
    chance.below(n.max(1) as u32) as usize
}

fn basket(chance: &mut Chance, twin: &Twin, person: &Person, day: u32) -> Vec<Line> {
    let traits = person.segment.traits();
    let month = twin.span.civil(day).month;
    let mut lines: Vec<Line> = Vec::with_capacity(4);
    loop {
        let item = twin.catalog.pick(chance, person, month);
        let quantity = quantity(chance, person.segment);
        let price = twin.catalog.items[item].price_minor;
        let percent = if chance.permille(traits.discount_permille) {
            90 - 5 * i64::from(chance.below(5))
        } else {
            100
        };
        // A thing that is in the basket already is not a second line.
        if lines.iter().all(|line| line.item != item) {
            lines.push(Line {
                item,
                quantity,
                unit_price_minor: price * percent / 100,
            });
        }
        if lines.len() >= N_LINES_MAX || !chance.permille(traits.more_lines_permille) {
            return lines;
        }
    }
}

fn quantity(chance: &mut Chance, segment: TrueSegment) -> i64 {
    if segment == TrueSegment::Business {
        5 * i64::from(1 + chance.below(8))
    } else if chance.permille(800) {
        1
    } else {
        i64::from(2 + chance.below(2))
    }
}

/// The return of some lines of an order, three days to two weeks later.
fn take_back(chance: &mut Chance, twin: &Twin, person: &Person, order: &Order) -> Option<Order> {
    let share = person.segment.traits().return_permille;
    let lines: Vec<Line> = order
        .lines
        .iter()
        .filter(|_| chance.permille(share))
        .map(|line| Line {
            quantity: -line.quantity,
            ..*line
        })
        .collect();
    let day = order.day + 3 + chance.below(12);
    let second = clock::second(chance, TrueSegment::Business);
    if lines.is_empty() || day >= twin.span.n_days {
        return None;
    }
    Some(Order {
        id: String::new(),
        kind: OrderKind::Return,
        day,
        at: person.at(twin, day, second),
        account: order.account,
        lines,
    })
}

impl crate::twin::Identifiers {
    /// The order number of a person's order number `k`.
    fn order(&self, index: u64, k: usize) -> String {
        debug_assert!(k < 1 << 13, "orders of a person are capped");
        format!("SO{:012}", self.order.apply(index << 13 | k as u64))
    }
}
