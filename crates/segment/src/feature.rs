//! What the columns of a table mean, in words that a salesperson uses.

use rapport_domain::LocalizedText;
use serde::{Deserialize, Serialize};

/// What one column means. The engine knows no feature by heart; everything that it says about
/// segments is put together from these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureInfo {
    /// Its name in tables and model files, such as `n_orders`.
    pub name: String,
    /// What people call it, such as "Orders" and "订单数".
    pub label: LocalizedText,
    /// Its unit, such as "days"; empty for plain numbers.
    pub unit: LocalizedText,
    /// What it says about a customer.
    pub role: Role,
    /// The word for customers high in it, to stand before "customers", such as "frequent" and
    /// "高频".
    pub higher: LocalizedText,
    /// The word for customers low in it, such as "one-time" and "低频".
    pub lower: LocalizedText,
}

impl FeatureInfo {
    /// A column of which only the name is known: any table can be segmented.
    pub fn unknown(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            label: LocalizedText::new(name.clone(), name.clone()),
            unit: LocalizedText::new("", ""),
            role: Role::Other,
            higher: LocalizedText::new(format!("high-{name}"), format!("高{name}")),
            lower: LocalizedText::new(format!("low-{name}"), format!("低{name}")),
            name,
        }
    }
}

/// What a feature says about a customer. Features of one role are taken as views of one thing: they
/// share one weight in distances, and at most one of them gives a word to a segment's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// How long ago the last order was; lower is better.
    Recency,
    /// Where it is going: growing or shrinking.
    Trend,
    /// How long they have been customers.
    Tenure,
    /// How often they order.
    Frequency,
    /// When they order.
    Habit,
    /// How much is in one order.
    Basket,
    /// How much comes back.
    Returns,
    /// How much they spend.
    Monetary,
    /// Anything else; features of this role do not share a weight.
    Other,
}

impl Role {
    /// The name of the role in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Trend => "trend",
            Self::Tenure => "tenure",
            Self::Frequency => "frequency",
            Self::Habit => "habit",
            Self::Basket => "basket",
            Self::Returns => "returns",
            Self::Monetary => "monetary",
            Self::Other => "other",
        }
    }
}
