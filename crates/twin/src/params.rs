//! The parameters of a twin: all of them, with defaults, ranges and their check.

use rapport_domain::{Currency, Timestamp};

use crate::calendar::{self, Span};
use crate::error::TwinError;
use crate::people::Culture;
use crate::twin::Twin;

/// The most customers a twin can have; identifiers keep 24 bits for the person.
pub const N_CUSTOMERS_MAX: u64 = 10_000_000;

const DAYS_MIN: i64 = 90;
const DAYS_MAX: i64 = 3660;

/// Days after a campaign's message in which its effect shows.
pub const CAMPAIGN_WINDOW_DAYS: u32 = 7;

/// How many customers of each culture there are, as weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CultureMix {
    /// China; writes Chinese.
    pub chinese: u32,
    /// United States; writes English, as do all that follow.
    pub american: u32,
    /// United Kingdom.
    pub british: u32,
    /// Germany.
    pub german: u32,
    /// France.
    pub french: u32,
    /// Spain.
    pub spanish: u32,
}

impl Default for CultureMix {
    fn default() -> Self {
        Self {
            chinese: 45,
            american: 20,
            british: 12,
            german: 10,
            french: 7,
            spanish: 6,
        }
    }
}

impl CultureMix {
    /// The weights in the order of [`Culture::ALL`].
    pub(crate) fn weights(self) -> [u32; Culture::ALL.len()] {
        [
            self.chinese,
            self.american,
            self.british,
            self.german,
            self.french,
            self.spanish,
        ]
    }
}

/// What to make. Fields are public, [`check`](Self::check) refuses impossible combinations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinParams {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// Number of true people, 1 to [`N_CUSTOMERS_MAX`]. Person `i` is the same whatever the number.
    pub n_customers: u64,
    /// Nothing happens before this instant.
    pub start: Timestamp,
    /// Nothing happens at or after this instant; 90 to 3,660 days after the start.
    pub end: Timestamp,
    /// Where customers live, as weights.
    pub cultures: CultureMix,
    /// Currency of all prices; list prices keep their number of minor units.
    pub currency: Currency,
    /// Customers per thousand with a second shop account under another e-mail address.
    pub second_account_permille: u32,
    /// Contacts of the sales team per thousand that were entered twice.
    pub double_entry_permille: u32,
    /// Chance per thousand that each kind of damage (typing error, swapped names, missing e-mail
    /// or phone, old phone) hits a record.
    pub noise_permille: u32,
    /// Days from one campaign to the next, 14 to 366.
    pub campaign_interval_days: u32,
}

impl TwinParams {
    /// Parameters with the documented defaults: the years 2024 and 2025, the culture mix of
    /// [`CultureMix::default`], US dollars, 8 % second accounts, 6 % double entries, 6 % noise, a
    /// campaign every 56 days.
    pub fn new(seed: u64, n_customers: u64) -> Self {
        Self {
            seed,
            n_customers,
            start: Timestamp::from_millis(1_704_067_200_000),
            end: Timestamp::from_millis(1_767_225_600_000),
            cultures: CultureMix::default(),
            currency: Currency::USD,
            second_account_permille: 80,
            double_entry_permille: 60,
            noise_permille: 60,
            campaign_interval_days: 56,
        }
    }

    /// The same with another period: the customer base begins at `start` and is looked at at `end`.
    #[must_use]
    pub fn period(self, start: Timestamp, end: Timestamp) -> Self {
        Self { start, end, ..self }
    }

    /// Checks the parameters and plans the twin: catalog, seasons and campaigns, no customers yet.
    ///
    /// # Errors
    /// [`TwinError`] with the first parameter out of range.
    pub fn check(self) -> Result<Twin, TwinError> {
        if !(1..=N_CUSTOMERS_MAX).contains(&self.n_customers) {
            return Err(TwinError::Customers {
                n: self.n_customers,
                max: N_CUSTOMERS_MAX,
            });
        }
        self.check_shares()?;
        let span = self.check_period()?;
        Ok(Twin::plan(self, span))
    }

    fn check_shares(&self) -> Result<(), TwinError> {
        let shares = [
            ("second_account_permille", self.second_account_permille),
            ("double_entry_permille", self.double_entry_permille),
            ("noise_permille", self.noise_permille),
        ];
        if let Some(&(name, value)) = shares.iter().find(|(_, value)| *value > 1000) {
            return Err(TwinError::Share { name, value });
        }
        let total = self.cultures.weights().iter().map(|&w| u64::from(w)).sum();
        if !(1..=1_000_000).contains(&total) {
            return Err(TwinError::Cultures { total });
        }
        let (min, max) = (2 * CAMPAIGN_WINDOW_DAYS, 366);
        if !(min..=max).contains(&self.campaign_interval_days) {
            return Err(TwinError::CampaignInterval {
                days: self.campaign_interval_days,
                min,
                max,
            });
        }
        Ok(())
    }

    fn check_period(&self) -> Result<Span, TwinError> {
        let elapsed = self.end.as_micros().saturating_sub(self.start.as_micros());
        let days = elapsed.div_euclid(Timestamp::MICROS_PER_DAY);
        if !(DAYS_MIN..=DAYS_MAX).contains(&days) {
            return Err(TwinError::Period {
                days,
                min: DAYS_MIN,
                max: DAYS_MAX,
            });
        }
        let (first, last) = calendar::YEARS;
        let span = Span::between(self.start, self.end);
        let inside = |day| (first..=last).contains(&calendar::civil(day).year);
        if inside(span.first) && inside(span.first + i64::from(span.n_days)) {
            Ok(span)
        } else {
            Err(TwinError::Calendar { first, last })
        }
    }
}
