//! Tickets and mails: questions after orders, complaints after returns and before people leave.

use super::clock;
use super::order::{Order, OrderKind};
use crate::chance::{Chance, Purpose};
use crate::people::{Culture, Person, full_name_latin};
use crate::records::Account;
use crate::segment::TrueSegment;
use crate::twin::Twin;
use crate::words::Phrase;

/// Tickets of one person at most; ticket numbers have 6 bits per person.
const N_TICKETS_MAX: usize = 60;

const AFTER_ORDER_PERMILLE: u32 = 45;
const AFTER_RETURN_PERMILLE: u32 = 350;
const BEFORE_CHURN_PERMILLE: u32 = 350;

/// A request for help.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) solved_at: Option<i64>,
    pub(crate) channel: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) name: String,
    /// Position of the account whose address is used.
    pub(crate) account: usize,
    /// The phone number in E.164, where the ticket came by phone.
    pub(crate) phone: Option<String>,
    pub(crate) intent: &'static str,
    pub(crate) sentiment: &'static str,
    pub(crate) language: &'static str,
}

/// What makes somebody write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Occasion {
    Order,
    Return,
    Leaving,
}

impl Occasion {
    fn fits(self, phrase: &Phrase) -> bool {
        match self {
            Self::Order => !matches!(phrase.intent, "return" | "cancel"),
            Self::Return => matches!(phrase.intent, "return" | "quality"),
            Self::Leaving => {
                phrase.sentiment == "negative" && matches!(phrase.intent, "cancel" | "quality")
            }
        }
    }
}

/// All tickets of a person.
pub(crate) fn all_of(
    twin: &Twin,
    person: &Person,
    accounts: &[Account],
    orders: &[Order],
) -> Vec<Ticket> {
    let chance = &mut Chance::new(twin.params.seed, Purpose::Tickets, person.index);
    let mut tickets = Vec::new();
    for order in orders {
        let (occasion, share) = match order.kind {
            OrderKind::Return => (Occasion::Return, AFTER_RETURN_PERMILLE),
            _ => (Occasion::Order, AFTER_ORDER_PERMILLE),
        };
        let day = order.day + 1 + chance.below(6);
        if chance.permille(share) && day < twin.span.n_days && tickets.len() < N_TICKETS_MAX {
            tickets.push(write(
                chance,
                twin,
                person,
                accounts,
                (occasion, order, day),
                tickets.len(),
            ));
        }
    }
    if person.is_churned(twin) && chance.permille(BEFORE_CHURN_PERMILLE) {
        let before = chance.below(20).min(person.last_day - person.born_day);
        let day = person.last_day - before;
        let last = orders.iter().rfind(|order| order.day <= day);
        // On the very first day the ticket would come before the account.
        if let Some(order) = last.filter(|order| order.day < day) {
            let leaving = (Occasion::Leaving, order, day);
            tickets.push(write(
                chance,
                twin,
                person,
                accounts,
                leaving,
                tickets.len(),
            ));
        }
    }
    tickets
}

fn write(
    chance: &mut Chance,
    twin: &Twin,
    person: &Person,
    accounts: &[Account],
    (occasion, order, day): (Occasion, &Order, u32),
    k: usize,
) -> Ticket {
    let is_chinese = person.culture == Culture::Chinese && chance.permille(850);
    let fitting = || {
        let of_language = move |phrase: &&Phrase| phrase.is_chinese == is_chinese;
        let phrases = twin.words.phrases.iter().filter(of_language);
        phrases.filter(move |phrase| occasion.fits(phrase))
    };
    let n = u32::try_from(fitting().count()).expect("the list is short");
    let phrase = fitting()
        .nth(chance.below(n) as usize)
        .expect("a number below the count is a position");
    let item = &twin.catalog.items[chance.pick(&order.lines).item];
    let (product, name) = if is_chinese {
        (item.name_zh, format!("{}{}", person.family, person.given))
    } else {
        (item.name, full_name_latin(person))
    };
    let fill = |text: &str| {
        text.replace("{product}", product)
            .replace("{order}", &order.id)
            .replace("{name}", &name)
    };
    let at = person.at(twin, day, clock::second(chance, TrueSegment::Business));
    let channel = ["email", "chat", "phone", "web"][chance.weighted(&[55, 20, 10, 15])];
    let days_to_solve = 1 + chance.below(5);
    let is_solved = day + days_to_solve < twin.span.n_days;
    Ticket {
        id: twin.identifiers.ticket(person.index, k),
        at,
        solved_at: is_solved.then_some(at + i64::from(days_to_solve) * 86_400 - 3600),
        channel,
        priority: priority(chance, phrase),
        subject: fill(phrase.subject),
        body: fill(phrase.body),
        name,
        account: order.account.min(accounts.len() - 1),
        phone: (channel == "phone").then(|| {
            twin.identifiers
                .phone(person, false)
                .e164()
                .as_str()
                .to_owned()
        }),
        intent: phrase.intent,
        sentiment: phrase.sentiment,
        language: if is_chinese { "zh" } else { "en" },
    }
}

fn priority(chance: &mut Chance, phrase: &Phrase) -> &'static str {
    let drawn = chance.below(100);
    match (phrase.sentiment, drawn) {
        ("negative", ..15) => "urgent",
        ("negative", 15..55) => "high",
        ("positive", _) => "low",
        _ => "normal",
    }
}

impl crate::twin::Identifiers {
    fn ticket(&self, index: u64, k: usize) -> String {
        debug_assert!(k < 1 << 6, "tickets of a person are capped");
        format!("T{:010}", self.ticket.apply(index << 6 | k as u64))
    }
}
