//! The contact: one person, one record, whatever the channels.

use crate::error::{check_length, check_text};
use crate::{
    CompanyId, ContactId, Currency, CustomValues, EmailAddress, Invalid, PhoneNumber, Timestamp,
    UserId, Violation,
};

/// Where someone lives or an organization sits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Street and number, further lines joined by line feeds.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, province or county.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, as the source gave it.
    pub country: Option<String>,
}

/// A person. `name` is what lists show; it is never blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Identifier.
    pub id: ContactId,
    /// Full name, or the best stand-in (e-mail, phone, external id).
    pub name: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Main e-mail address.
    pub email: Option<EmailAddress>,
    /// Main phone number.
    pub phone: Option<PhoneNumber>,
    /// Job title.
    pub title: Option<String>,
    /// Employer.
    pub company_id: Option<CompanyId>,
    /// Colleague in charge.
    pub owner_id: Option<UserId>,
    /// Main address.
    pub address: Address,
    /// Labels, without repeats.
    pub tags: Vec<String>,
    /// Language the person writes in, as a BCP 47 tag.
    pub language: Option<String>,
    /// Custom field values.
    pub custom: CustomValues,
    /// Distinct orders, returns left out. Derived from the orders.
    pub n_orders: i64,
    /// Sum of all order amounts, returns subtracted, in minor units. Derived from the orders.
    pub total_spent_minor: i64,
    /// Currency of `total_spent_minor`.
    pub currency: Option<Currency>,
    /// First order. Derived from the orders.
    pub first_order_at: Option<Timestamp>,
    /// Latest order. Derived from the orders.
    pub last_order_at: Option<Timestamp>,
    /// Latest sign of life: as yet the latest order.
    pub last_activity_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record itself.
    pub updated_at: Timestamp,
    /// Grows by one with every change; guards against lost updates.
    pub version: i64,
}

impl Contact {
    /// A contact that has only a name; everything else empty.
    pub fn named(id: ContactId, name: impl Into<String>, at: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            first_name: None,
            last_name: None,
            email: None,
            phone: None,
            title: None,
            company_id: None,
            owner_id: None,
            address: Address::default(),
            tags: Vec::new(),
            language: None,
            custom: CustomValues::new(),
            n_orders: 0,
            total_spent_minor: 0,
            currency: None,
            first_order_at: None,
            last_order_at: None,
            last_activity_at: None,
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    /// Checks the fields that people type.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 200);
        let texts = [
            ("/first_name", &self.first_name, 100),
            ("/last_name", &self.last_name, 100),
            ("/title", &self.title, 200),
            ("/street", &self.address.street, 500),
            ("/city", &self.address.city, 100),
            ("/region", &self.address.region, 100),
            ("/postal_code", &self.address.postal_code, 20),
            ("/country", &self.address.country, 100),
        ];
        for (pointer, text, max) in texts {
            check_length(
                &mut violations,
                pointer,
                text.as_deref().unwrap_or_default(),
                max,
            );
        }
        if self.tags.len() > 100 || self.tags.iter().any(|tag| tag.trim().is_empty()) {
            let message = "use at most 100 tags, none blank";
            violations.push(Violation::new("/tags", "bad_tags", message));
        }
        Invalid::check(violations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_name_and_a_long_title_are_both_reported() {
        let mut contact = Contact::named(
            ContactId::from_uuid(uuid::Uuid::nil()),
            " ",
            Timestamp::from_millis(0),
        );
        contact.title = Some("x".repeat(201));

        let invalid = contact.check().unwrap_err();

        let pointers: Vec<_> = invalid.violations.iter().map(|v| v.pointer).collect();
        assert_eq!(pointers, ["/name", "/title"]);
    }
}
