//! What the columns of a table mean, in words that a salesperson uses.

use rapport_domain::{Currency, LocalizedText};
use serde::{Deserialize, Serialize};

/// What one column means. The engine knows no feature by heart; everything that it says about
/// segments is put together from these.
///
/// Where a method needs one feature for a role (recency, say), it takes the first of that role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureInfo {
    /// Its name in tables and model files, such as `n_orders`.
    pub name: String,
    /// What people call it, such as "Orders" and "订单数".
    pub label: LocalizedText,
    /// What it counts.
    pub unit: Unit,
    /// What it says about a customer.
    pub role: Role,
    /// How customers high in it are told from others, such as "many orders" and "订单多".
    pub higher: LocalizedText,
    /// How customers low in it are told from others, such as "few orders" and "订单少".
    pub lower: LocalizedText,
}

impl FeatureInfo {
    /// A column of which only the name is known: any table can be segmented.
    pub fn unknown(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            label: LocalizedText::new(name.clone(), name.clone()),
            unit: Unit::Number,
            role: Role::Other,
            higher: LocalizedText::new(format!("high {name}"), format!("{name}高")),
            lower: LocalizedText::new(format!("low {name}"), format!("{name}低")),
            name,
        }
    }
}

/// What a feature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nothing that is known.
    Number,
    /// Things.
    Count,
    /// Days.
    Days,
    /// Parts of one.
    Share,
    /// Major units of a currency.
    Money(Currency),
}

/// What a feature says about a customer. Features of one role are taken as views of one thing: they
/// share the weight of the role in distances, and at most one of them gives a phrase to a name.
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
    /// How much is in one order.
    Basket,
    /// How much they spend.
    Monetary,
    /// How much comes back.
    Returns,
    /// How many different things they order.
    Diversity,
    /// How they look around, ask and answer.
    Engagement,
    /// What they like to order.
    Preference,
    /// When they order.
    Habit,
    /// Anything else; each feature of this role is a thing of its own.
    Other,
}

impl Role {
    /// What the features of a role count together in squared distances.
    ///
    /// Segments are there to act on, so where customers stand and what they are worth leads; tastes
    /// come second, and at which hour somebody orders colors the picture and no more.
    pub fn weight(self) -> f64 {
        match self {
            Self::Recency
            | Self::Trend
            | Self::Tenure
            | Self::Frequency
            | Self::Basket
            | Self::Monetary
            | Self::Other => 1.0,
            Self::Returns | Self::Diversity | Self::Engagement | Self::Preference => 0.5,
            Self::Habit => 0.25,
        }
    }

    /// The name of the role in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Trend => "trend",
            Self::Tenure => "tenure",
            Self::Frequency => "frequency",
            Self::Basket => "basket",
            Self::Monetary => "monetary",
            Self::Returns => "returns",
            Self::Diversity => "diversity",
            Self::Engagement => "engagement",
            Self::Preference => "preference",
            Self::Habit => "habit",
            Self::Other => "other",
        }
    }
}
