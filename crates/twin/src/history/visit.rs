//! Page views: a look around before each order, after a click, and now and then without either.

use super::clock;
use super::order::{Order, OrderKind, account_on};
use super::outreach::Outreach;
use crate::chance::{Chance, Purpose};
use crate::people::Person;
use crate::records::Account;
use crate::twin::Twin;

/// Sessions without an order: a base per year, and some for each order per year.
const BROWSING_BASE: f64 = 1.5;
const BROWSING_PER_ORDER: f64 = 0.5;

/// A page is looked at this long.
const SECONDS_PER_VIEW: i64 = 45;

/// A page that was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) at: i64,
    /// The person's session number.
    pub(crate) session: u32,
    /// Position of the viewing account.
    pub(crate) account: usize,
    /// The product of the page; `None` for the entry page.
    pub(crate) item: Option<usize>,
}

/// What brings a session to its end or start.
struct Session<'a> {
    day: u32,
    account: usize,
    n_views: u32,
    /// The products that are looked at last, because they are bought.
    bought: &'a [super::order::Line],
}

/// All page views of a person.
pub(crate) fn all_of(
    twin: &Twin,
    person: &Person,
    accounts: &[Account],
    orders: &[Order],
    outreach: &[Outreach],
) -> Vec<View> {
    let chance = &mut Chance::new(twin.params.seed, Purpose::Visits, person.index);
    let mut walk = Walk {
        twin,
        person,
        views: Vec::new(),
        n_sessions: 0,
    };
    for order in orders
        .iter()
        .filter(|order| order.kind != OrderKind::Return)
    {
        let session = Session {
            day: order.day,
            account: order.account,
            n_views: 1 + chance.below(4),
            bought: &order.lines,
        };
        walk.until(chance, &session, order.at);
    }
    for reached in outreach {
        if let Some(clicked_at) = reached.clicked_at {
            let session = Session {
                day: reached.clicked_day,
                account: 0,
                n_views: 1 + chance.below(2),
                bought: &[],
            };
            walk.from(chance, &session, clicked_at + 5);
        }
    }
    let rate = BROWSING_BASE + BROWSING_PER_ORDER * person.orders_per_year;
    let season = twin.seasons.of(person.segment, person.culture);
    let (from, to) = (person.born_day + 1, person.end_day(twin));
    season.arrivals(chance, rate, from, to, |chance, day| {
        let session = Session {
            day,
            account: account_on(chance, accounts, day),
            n_views: 1 + chance.below(3),
            bought: &[],
        };
        let at = person.at(twin, day, clock::second(chance, person.segment));
        walk.from(chance, &session, at);
    });
    walk.views
}

/// Collects the views of session after session.
struct Walk<'a> {
    twin: &'a Twin,
    person: &'a Person,
    views: Vec<View>,
    n_sessions: u32,
}

impl Walk<'_> {
    /// A session that ends half a minute to a minute and a half before an instant.
    fn until(&mut self, chance: &mut Chance, session: &Session<'_>, end: i64) {
        let length = SECONDS_PER_VIEW * i64::from(session.n_views - 1);
        let pause = 30 + i64::from(chance.below(60));
        self.from(chance, session, end - pause - length);
    }

    /// A session that starts at an instant.
    fn from(&mut self, chance: &mut Chance, session: &Session<'_>, start: i64) {
        let month = self
            .twin
            .span
            .civil(session.day.min(self.twin.span.n_days - 1))
            .month;
        for k in 0..session.n_views {
            let bought = session.bought.get((session.n_views - 1 - k) as usize);
            let item = match bought {
                Some(line) => Some(line.item),
                None if k == 0 && chance.permille(400) => None,
                None => Some(self.twin.catalog.pick(chance, self.person, month)),
            };
            self.views.push(View {
                at: start + SECONDS_PER_VIEW * i64::from(k),
                session: self.n_sessions,
                account: session.account,
                item,
            });
        }
        self.n_sessions += 1;
    }
}
