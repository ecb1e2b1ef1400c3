//! The declaration of a feature: everything that people and engines need to know of it.

use rapport_domain::LocalizedText;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Days,
    /// Major units of the workspace's currency.
    Money,
    /// A count.
    Count,
    /// A share from 0 to 1 (a trend: from -1 to 1).
    Share,
}

impl Unit {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Money => "money",
            Self::Count => "count",
            Self::Share => "share",
        }
    }
}

/// Which side of a customer a feature describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// How long ago.
    Recency,
    /// How often.
    Frequency,
    /// How much money.
    Monetary,
    /// For how long a customer.
    Tenure,
    /// What an order looks like.
    Basket,
    /// What comes back.
    Returns,
    /// At which times.
    Habit,
    /// Up or down.
    Trend,
    /// How many different things.
    Diversity,
    /// Views, tickets, answers to campaigns.
    Engagement,
    /// Which categories.
    Preference,
}

/// A feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Name in tables, models and the API.
    pub name: String,
    /// Name on the screen.
    pub label: LocalizedText,
    /// What it says, in a sentence.
    pub meaning: LocalizedText,
    /// What it counts.
    pub unit: Unit,
    /// Days that it looks back; none for all of history.
    pub window_days: Option<u32>,
    /// Which side of the customer it describes.
    pub role: Role,
    /// A phrase that tells customers with a high value from others.
    pub high: LocalizedText,
    /// A phrase that tells customers with a low value from others.
    pub low: LocalizedText,
}
