//! What records are found by.

use rapport_domain::{Company, Contact, Order, Product};

use crate::codec;

/// What a contact is found by: its own fields and further words (keys at sources).
pub(crate) fn contact_text(contact: &Contact, words: &[&str]) -> String {
    let email = contact.email.as_ref().map(|email| email.as_str());
    let digits = contact.phone.as_ref().map(|phone| &phone.as_str()[1..]);
    let own = [Some(contact.name.as_str()), email, digits];
    joined(own.into_iter().flatten().chain(words.iter().copied()))
}

/// What a company is found by: its own fields and further words.
pub(crate) fn company_text(company: &Company, words: &[&str]) -> String {
    let own = [Some(company.name.as_str()), company.domain.as_deref()];
    joined(own.into_iter().flatten().chain(words.iter().copied()))
}

/// What a product is found by.
pub(crate) fn product_text(product: &Product) -> String {
    let own = [
        Some(product.name.as_str()),
        Some(product.sku.as_str()),
        product.category.as_deref(),
    ];
    joined(own.into_iter().flatten())
}

/// What an order is found by.
pub(crate) fn order_text(order: &Order) -> String {
    codec::name_key(&order.external_id)
}

/// Words with a line feed between them, so that no phrase runs across two; repeats left out.
fn joined<'t>(words: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for word in words {
        let word = codec::name_key(word);
        if !word.is_empty() && !text.split('\n').any(|known| known == word) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&word);
        }
    }
    text
}
