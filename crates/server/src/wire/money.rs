//! Money as whole minor units with its currency.

use rapport_domain::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount in whole minor units (cents, pence, fen) of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Money {
    /// Whole minor units; negative for refunds.
    pub(crate) amount_minor: i64,
    /// ISO 4217 code of three letters.
    #[schema(value_type = String, pattern = "^[A-Z]{3}$")]
    pub(crate) currency: Currency,
}

impl Money {
    pub(crate) const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self {
            amount_minor,
            currency,
        }
    }
}

impl From<rapport_domain::Money> for Money {
    fn from(money: rapport_domain::Money) -> Self {
        Self::new(money.amount_minor, money.currency)
    }
}

impl From<Money> for rapport_domain::Money {
    fn from(money: Money) -> Self {
        Self::new(money.amount_minor, money.currency)
    }
}
