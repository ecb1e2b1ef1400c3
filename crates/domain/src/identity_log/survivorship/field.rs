//! The fields for which rules are set.

use serde::{Deserialize, Serialize};

use super::CUSTOM;

/// A field, or fields that belong together, for which a rule is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivorshipField {
    /// Name, given name and family name, all of one contact.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Job title.
    Title,
    /// Employer.
    Company,
    /// Colleague in charge.
    Owner,
    /// All parts of the address, of one contact.
    Address,
    /// Language.
    Language,
    /// Each custom field by itself, where it has no rule of its own.
    Custom,
}

impl SurvivorshipField {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Title,
        Self::Company,
        Self::Owner,
        Self::Address,
        Self::Language,
        Self::Custom,
    ];

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Title => "title",
            Self::Company => "company",
            Self::Owner => "owner",
            Self::Address => "address",
            Self::Language => "language",
            Self::Custom => "custom",
        }
    }

    /// The field of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The name of the field, or of the custom field, that a column of contacts belongs to; none where no rule
    /// chooses it.
    pub fn of_column(column: &str) -> Option<String> {
        let field = match column {
            "name" | "name_key" | "first_name" | "last_name" => Self::Name,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "title" => Self::Title,
            "company_id" => Self::Company,
            "owner_id" => Self::Owner,
            "street" | "city" | "region" | "postal_code" | "country" => Self::Address,
            "language" => Self::Language,
            custom if custom.starts_with(CUSTOM) => return Some(custom.to_owned()),
            _ => return None,
        };
        Some(field.name().to_owned())
    }
}
