//! Deals: what the sales team talks about with people who buy for a company, from the first talk until it
//! is won, lost, or still open where the days end. The chances of the stages are true ones: of the deals
//! that reach a stage, as many are won as the stage promises.

use rapport_domain::{StageOutcome, UsualStage};

use super::clock;
use crate::chance::{Chance, Purpose};
use crate::people::{Company, Culture, Person};
use crate::records::Account;
use crate::segment::TrueSegment;
use crate::twin::Twin;

/// Deals of one person at most; deal numbers have 2 bits per person.
const N_DEALS_MAX: u64 = 4;

/// Mean days in an open stage, gamma distributed with shape 2.
const DAYS_IN_STAGE: f64 = 16.0;

/// Deals that nobody cares for stay this many times longer in each stage.
const STALLED_FACTOR: f64 = 5.0;
const STALLED_PERMILLE: u32 = 120;

const NO_AMOUNT_PERMILLE: u32 = 50;

/// Where deals that are won and lost stand among the usual stages.
const WON: usize = 4;
const LOST: usize = 5;

/// What deals are about.
const GOODS: [&str; 6] = [
    "Annual order",
    "Gifts for staff",
    "Office supplies",
    "Refit",
    "First order",
    "Framework contract",
];
const GOODS_ZH: [&str; 6] = [
    "年度采购",
    "员工礼品",
    "办公用品",
    "门店翻新",
    "首单合作",
    "框架协议",
];

/// A possible sale.
#[derive(Debug, Clone)]
pub(crate) struct Deal {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) amount_minor: Option<i64>,
    /// When it closed, or is expected to.
    pub(crate) close_at: i64,
    /// Position of the account whose address the sales team writes to.
    pub(crate) account: usize,
    /// The stages that it went through, in order, each with the instant of its entry.
    pub(crate) stages: Vec<(&'static UsualStage, i64)>,
}

impl Deal {
    pub(crate) fn created_at(&self) -> i64 {
        self.stages[0].1
    }

    /// Where it stands, and since when.
    pub(crate) fn standing(&self) -> (&'static UsualStage, i64) {
        *self.stages.last().expect("a deal begins in a stage")
    }
}

/// All deals of a person: none where there is no company to sell to.
pub(crate) fn all_of(twin: &Twin, person: &Person, accounts: &[Account]) -> Vec<Deal> {
    let Some(company) = &person.company else {
        return Vec::new();
    };
    let chance = &mut Chance::new(twin.params.seed, Purpose::Deals, person.index);
    let n = 1 + chance.weighted(&[30, 30, 25, 15]) as u64;
    debug_assert!(n <= N_DEALS_MAX, "deals of a person are capped");
    (0..n)
        .map(|k| deal(chance, twin, person, company, accounts, k))
        .collect()
}

fn deal(
    chance: &mut Chance,
    twin: &Twin,
    person: &Person,
    company: &Company,
    accounts: &[Account],
    k: u64,
) -> Deal {
    let goods = match company.culture {
        Culture::Chinese => chance.pick(&GOODS_ZH),
        _ => chance.pick(&GOODS),
    };
    let name = format!("{} · {goods}", company.name);
    let amount = amount(chance, company);
    let account = chance.below(u32::try_from(accounts.len()).expect("accounts are few")) as usize;
    let stages = stages(chance, twin, person);
    let (stage, entered_at) = *stages.last().expect("a deal begins in a stage");
    let close_at = match stage.outcome {
        StageOutcome::Open => entered_at + (15 + i64::from(chance.below(75))) * 86_400,
        StageOutcome::Won | StageOutcome::Lost => entered_at,
    };
    Deal {
        id: twin.identifiers.deal(person.index, k),
        name,
        amount_minor: amount,
        close_at,
        account,
        stages,
    }
}

/// In hundreds of the currency's units; large companies buy more.
fn amount(chance: &mut Chance, company: &Company) -> Option<i64> {
    let mean = 60_000.0 + 3_000.0 * f64::from(company.n_employees);
    let hundreds = (chance.gamma(2.0, mean) / 10_000.0) as i64 + 1;
    (!chance.permille(NO_AMOUNT_PERMILLE)).then_some(hundreds * 10_000)
}

/// The way of a deal through the stages, up to the end of the days.
fn stages(chance: &mut Chance, twin: &Twin, person: &Person) -> Vec<(&'static UsualStage, i64)> {
    let n_days = person.end_day(twin) - person.born_day;
    // The later of two days: the company's business with companies grows.
    let begun = chance.below(n_days).max(chance.below(n_days));
    let factor = if chance.permille(STALLED_PERMILLE) {
        STALLED_FACTOR
    } else {
        1.0
    };
    let mut day = person.born_day + begun;
    let mut idx = 0;
    let mut entered = Vec::new();
    loop {
        let at = person.at(twin, day, clock::second(chance, TrueSegment::Business));
        let stage = &UsualStage::ALL[idx];
        entered.push((stage, at));
        // A float beyond the range becomes the largest number, which is after the end anyway.
        let days = 1 + chance.gamma(2.0, DAYS_IN_STAGE * factor) as u32;
        let has_won_on = chance.permille(onward_permille(idx));
        day = day.saturating_add(days);
        if stage.outcome != StageOutcome::Open || day >= twin.span.n_days {
            return entered;
        }
        idx = if has_won_on { idx + 1 } else { LOST };
    }
}

/// The chance to go from a stage to the next: what makes this one's promise of what that one's is.
fn onward_permille(idx: usize) -> u32 {
    if idx >= WON {
        return 0;
    }
    let (here, next) = (&UsualStage::ALL[idx], &UsualStage::ALL[idx + 1]);
    (1000.0 * here.probability / next.probability + 0.5) as u32
}

impl crate::twin::Identifiers {
    fn deal(&self, index: u64, k: u64) -> String {
        format!("D{:08}", self.deal.apply(index << 2 | k))
    }
}
