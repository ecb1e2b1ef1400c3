//! What events tell of who somebody is: the person's other names, traits, employer and orders. It is
//! kept as it was said until contacts are made and completed of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What precedes an anonymous id where a source's name for a person is meant, so that it is never
/// taken for the id of a user.
const ANONYMOUS: &str = "anonymous:";

/// What the source calls a browser or device whose person it may not know.
pub fn anonymous_key(id: &str) -> String {
    format!("{ANONYMOUS}{id}")
}

/// What one event tells of a person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// What the source calls the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Other names that the source has for the same person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Whether the sender says that all these names are one person's, so that somebody known by one of
    /// them is known by all. Who identifies a user on a browser does not say so: others may use it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_joined: bool,
    /// Names that are the person's no longer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub freed: Vec<String>,
    /// What the person is like.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub traits: Map<String, Value>,
    /// What the company is like to which the person belongs.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub company: Map<String, Value>,
    /// The order that the person has placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<ToldOrder>,
}

/// An order that was placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldOrder {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Its number, currency and products, as Segment's "E-commerce spec" has them.
    pub properties: Map<String, Value>,
}

impl Told {
    /// The number of the order that it tells of.
    pub fn order_number(&self) -> Option<String> {
        super::rows::order_number(self.order.as_ref()?)
    }

    /// Whether it tells of anybody: a trait without an id, an address or a number is nobody's.
    pub(super) fn is_about_somebody(&self) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| self.traits.contains_key(*name));
        self.user_id.is_some() || !self.freed.is_empty() || has(super::EMAIL) || has(super::PHONE)
    }
}
