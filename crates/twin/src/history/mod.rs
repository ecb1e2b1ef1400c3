//! What a person does: orders and returns, answers to campaigns, page views, tickets, deals.

mod clock;
mod deal;
mod order;
mod outreach;
mod ticket;
mod visit;

pub(crate) use deal::Deal;
pub(crate) use order::{Order, OrderKind};
pub(crate) use outreach::{Campaign, Outreach};
pub(crate) use ticket::Ticket;
pub(crate) use visit::View;

use crate::people::Person;
use crate::records::Account;
use crate::twin::Twin;

/// Everything that one person did, in no more memory than that person needs.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) orders: Vec<Order>,
    pub(crate) outreach: Vec<Outreach>,
    pub(crate) views: Vec<View>,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) deals: Vec<Deal>,
}

impl History {
    pub(crate) fn of(twin: &Twin, person: &Person, accounts: &[Account]) -> Self {
        let mut intents = order::intents(twin, person);
        let outreach = outreach::all_of(twin, person, accounts, &mut intents);
        let orders = order::all_of(twin, person, accounts, intents);
        Self {
            views: visit::all_of(twin, person, accounts, &orders, &outreach),
            tickets: ticket::all_of(twin, person, accounts, &orders),
            deals: deal::all_of(twin, person, accounts),
            orders,
            outreach,
        }
    }
}
