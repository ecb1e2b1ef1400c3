//! Campaigns: who is written to by the toss of a known coin, and what would have happened either
//! way.

use super::order::{Intent, OrderKind};
use crate::calendar::Span;
use crate::chance::{self, Chance, Purpose};
use crate::params::CAMPAIGN_WINDOW_DAYS;
use crate::people::Person;
use crate::records::Account;
use crate::twin::Twin;
use crate::words::Words;

/// Chances of being written to, in turn.
const PROPENSITIES_PERMILLE: [u32; 3] = [500, 300, 700];

/// A campaign of the plan.
#[derive(Debug)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) channel: &'static str,
    /// First day of the window in which the effect shows; messages go out the evening before.
    pub(crate) window_day: u32,
    pub(crate) propensity_permille: u32,
}

impl Campaign {
    /// All campaigns whose windows lie inside the period.
    pub(crate) fn plan(span: Span, interval_days: u32, words: &Words) -> Vec<Self> {
        (1..)
            .map(|k| (k, k * interval_days))
            .take_while(|&(_, day)| day + CAMPAIGN_WINDOW_DAYS < span.n_days)
            .map(|(k, window_day)| {
                let idx = (k - 1) as usize;
                let (name, channel) = words.campaigns[idx % words.campaigns.len()];
                let date = span.civil(window_day);
                Self {
                    id: format!("CAM{k:04}"),
                    name: format!("{name} {:04}-{:02}", date.year, date.month),
                    channel,
                    window_day,
                    propensity_permille: PROPENSITIES_PERMILLE[idx % 3],
                }
            })
            .collect()
    }
}

/// One campaign and one person: the toss, the potential outcomes, the traces.
#[derive(Debug)]
pub(crate) struct Outreach {
    /// Position in the plan.
    pub(crate) campaign: usize,
    pub(crate) is_treated: bool,
    /// When the message went out, or would have.
    pub(crate) at: i64,
    pub(crate) opened_at: Option<i64>,
    pub(crate) clicked_at: Option<i64>,
    /// The day of the click, for the visit that follows.
    pub(crate) clicked_day: u32,
    /// Chance of at least one order in the window, given that the person leaves when it does.
    pub(crate) probability_without: f64,
    pub(crate) probability_with: f64,
    /// Whether there is an order in the window, by this person's own draws.
    pub(crate) outcome_without: bool,
    pub(crate) outcome_with: bool,
}

/// What chance has in store for one person in one campaign, drawn whether or not it matters.
struct Draws {
    is_treated: bool,
    second: i64,
    brings_order: bool,
    order_day: u32,
    patience: u32,
    open: u32,
    click: u32,
    open_delay: i64,
}

impl Draws {
    fn new(chance: &mut Chance, campaign: &Campaign, response_permille: i32) -> Self {
        Self {
            is_treated: chance.permille(campaign.propensity_permille),
            second: 18 * 3600 + i64::from(chance.below(2 * 3600)),
            brings_order: chance.between(0, 999) < response_permille,
            order_day: campaign.window_day + chance.below(CAMPAIGN_WINDOW_DAYS),
            patience: chance.below(1000),
            open: chance.below(1000),
            click: chance.below(1000),
            open_delay: i64::from(60 + chance.below(40 * 3600)),
        }
    }
}

/// All campaigns since the person's first order; none for those who did not agree to be written to,
/// on any of their accounts. The intents of those who are written to change: one more order, or
/// some that are withheld.
pub(crate) fn all_of(
    twin: &Twin,
    person: &Person,
    accounts: &[Account],
    intents: &mut Vec<Intent>,
) -> Vec<Outreach> {
    if accounts.iter().any(|account| !account.accepts_marketing) {
        return Vec::new();
    }
    let chance = &mut Chance::new(twin.params.seed, Purpose::Campaigns, person.index);
    let mut outreach = Vec::new();
    for (idx, campaign) in twin.campaigns.iter().enumerate() {
        let draws = Draws::new(chance, campaign, person.response_permille);
        if person.born_day + 1 < campaign.window_day {
            outreach.push(reach(twin, person, (idx, campaign), &draws, intents));
        }
    }
    outreach
}

fn reach(
    twin: &Twin,
    person: &Person,
    (idx, campaign): (usize, &Campaign),
    draws: &Draws,
    intents: &mut Vec<Intent>,
) -> Outreach {
    let window = campaign.window_day..campaign.window_day + CAMPAIGN_WINDOW_DAYS;
    let strength = person.response_permille.min(0).unsigned_abs();
    let is_kept = |intent: &Intent| intent.patience >= strength;
    let in_window = |intent: &&Intent| window.contains(&intent.day);
    let is_open_to = draws.brings_order && draws.order_day < person.end_day(twin);
    let outcome_without = intents.iter().any(|intent| in_window(&intent));
    let outcome_with = is_open_to || intents.iter().filter(in_window).any(is_kept);
    if draws.is_treated {
        intents.retain(|intent| is_kept(intent) || !in_window(&intent));
        if is_open_to {
            intents.push(Intent {
                day: draws.order_day,
                kind: OrderKind::Campaign,
                patience: draws.patience,
            });
        }
    }
    let (probability_without, probability_with) = probabilities(twin, person, campaign);
    let at = person.at(twin, campaign.window_day - 1, draws.second);
    let is_customer = campaign.window_day <= person.end_day(twin);
    let (opened_at, clicked_at) = traces(draws, at, is_customer, is_open_to);
    let click_second = clicked_at.map_or(0, |clicked| clicked - at + draws.second);
    Outreach {
        campaign: idx,
        is_treated: draws.is_treated,
        at,
        opened_at,
        clicked_at,
        clicked_day: campaign.window_day - 1 + (click_second / 86_400) as u32,
        probability_without,
        probability_with,
        outcome_without,
        outcome_with,
    }
}

/// When the message is opened and its link followed, if it is sent. An order that it brings shows
/// both.
fn traces(draws: &Draws, at: i64, is_customer: bool, brings: bool) -> (Option<i64>, Option<i64>) {
    if !draws.is_treated {
        return (None, None);
    }
    let chance_to_open = if is_customer { 450 } else { 50 };
    let is_opened = brings || draws.open < chance_to_open;
    let is_clicked = brings || (is_opened && draws.click < 280);
    let opened = if brings {
        at + draws.open_delay.min(3600)
    } else {
        at + draws.open_delay
    };
    (
        is_opened.then_some(opened),
        is_clicked.then_some(opened + 20),
    )
}

/// Chances of an order in the window without and with the message.
///
/// Without: one minus the chance that the Poisson process is silent. With, where the person
/// responds: one minus the chance that both the process and the message fail. Where the person is
/// put off: the process thinned.
fn probabilities(twin: &Twin, person: &Person, campaign: &Campaign) -> (f64, f64) {
    let (from, to) = (
        campaign.window_day,
        campaign.window_day + CAMPAIGN_WINDOW_DAYS,
    );
    let end = to.min(person.end_day(twin)).max(from);
    let season = twin.seasons.of(person.segment, person.culture);
    let hazard = season.expected(person.orders_per_year, from, end);
    let silent = chance::exp(-hazard);
    let response = f64::from(person.response_permille) / 1000.0;
    let with = if response < 0.0 {
        1.0 - chance::exp(-hazard * (1.0 + response))
    } else {
        let days_left = f64::from(end - from) / f64::from(CAMPAIGN_WINDOW_DAYS);
        1.0 - silent * (1.0 - response * days_left)
    };
    (1.0 - silent, with)
}
