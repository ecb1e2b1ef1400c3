//! What was told of people as the rows that a file would have: contacts, companies and lines of orders
//! come from events by the same rules as from files.

use rapport_domain::{Address, Currency, Money, Timestamp};
use serde_json::{Map, Value};

use super::{EMAIL, PHONE, Told, ToldOrder};
use crate::row::domain;
use crate::value::phone::PhoneReader;
use crate::value::{country, name, text};
use crate::{
    CompanyKeys, CompanyRow, ContactRow, OrderLineRow, ParsedRow, PersonKeys, ReadOptions,
};

const NAME: &[&str] = &["name", "$name", "nickname"];
const FIRST_NAME: &[&str] = &["firstName", "first_name", "firstname"];
const LAST_NAME: &[&str] = &["lastName", "last_name", "lastname"];
const TITLE: &[&str] = &["title", "jobTitle", "job_title", "position"];
const COMPANY: &[&str] = &["company", "companyName", "company_name"];
const LANGUAGE: &[&str] = &["language", "locale"];
const STREET: &[&str] = &["street", "$address"];
const CITY: &[&str] = &["city", "$city"];
const REGION: &[&str] = &["state", "region", "province", "$province"];
const POSTAL_CODE: &[&str] = &["postalCode", "postal_code", "zip"];
const COUNTRY: &[&str] = &["country", "$country"];
const DOMAIN: &[&str] = &["domain", "website", "url"];
const N_EMPLOYEES: &[&str] = &["employees", "employee_count", "numberOfEmployees"];
const PRODUCT_ID: &[&str] = &["sku", "product_id", "productId", "id", "name"];

/// Longest texts that a record takes, in characters; longer ones are left out.
const SHORT_MAX: usize = 100;
const TITLE_MAX: usize = 200;
const STREET_MAX: usize = 500;
const POSTAL_CODE_MAX: usize = 20;
/// Most lines of one order that are read.
const LINES_MAX: usize = 500;

impl Told {
    /// The rows that a file would have: the company's, the person's, those of the order. Where it is
    /// about nobody, there are none. `line` is the number that all of them bear.
    pub fn rows(&self, line: u64, options: &ReadOptions) -> Vec<ParsedRow> {
        let person = self.person(options);
        if person.is_anonymous() {
            return Vec::new();
        }
        let company = self.company_row(line);
        let employer = company.as_ref().map(CompanyRow::keys);
        let contact = self.contact_row(line, person.clone(), employer);
        let order = self.order.iter();
        let lines = order.flat_map(|order| order_lines(order, &person, line, options));
        let company = company.map(ParsedRow::Company);
        let rows = company.into_iter().chain([ParsedRow::Contact(contact)]);
        rows.chain(lines.map(ParsedRow::OrderLine)).collect()
    }

    fn person(&self, options: &ReadOptions) -> PersonKeys {
        let traits = &self.traits;
        let of_traits = short(traits, EMAIL, SHORT_MAX * 3).and_then(|text| text.parse().ok());
        let of_id = || self.user_id.as_deref().and_then(|id| id.parse().ok());
        let full = short(traits, NAME, TITLE_MAX).map(|text| name::tidy(&text));
        let parts = full.as_deref().map(name::split);
        let (first, last) = parts.map_or((None, None), |parts| (parts.first, parts.last));
        let phone = short(traits, PHONE, SHORT_MAX);
        let region = self.country_code().or(options.default_region.as_deref());
        let phone = phone.and_then(|text| PhoneReader::default().read(&text, region));
        PersonKeys {
            external_id: self.user_id.clone(),
            email: of_traits.or_else(of_id),
            phone,
            first_name: short(traits, FIRST_NAME, SHORT_MAX).or(first),
            last_name: short(traits, LAST_NAME, SHORT_MAX).or(last),
            name: full,
        }
    }

    fn country_code(&self) -> Option<&'static str> {
        let found = short(self.address(), COUNTRY, SHORT_MAX);
        found.as_deref().and_then(country::code)
    }

    /// The address as an object of its own, else among the traits.
    fn address(&self) -> &Map<String, Value> {
        let own = self.traits.get("address").and_then(Value::as_object);
        own.unwrap_or(&self.traits)
    }

    fn contact_row(
        &self,
        line: u64,
        person: PersonKeys,
        employer: Option<CompanyKeys>,
    ) -> ContactRow {
        let traits = &self.traits;
        let named = || CompanyKeys {
            name: short(traits, COMPANY, TITLE_MAX),
            ..CompanyKeys::default()
        };
        ContactRow {
            line,
            cells: Vec::new(),
            person,
            title: short(traits, TITLE, TITLE_MAX),
            company: employer.unwrap_or_else(named),
            merged_ids: Vec::new(),
            address: address_of(self.address()),
            tags: Vec::new(),
            language: short(traits, LANGUAGE, POSTAL_CODE_MAX),
            owner: None,
            created_at: None,
            consent_marketing: None,
            consent_email: None,
            consent_sms: None,
            consents: Vec::new(),
            note: None,
        }
    }

    /// The company of a group call, else of a trait that tells more of it than its name.
    fn company_row(&self, line: u64) -> Option<CompanyRow> {
        let of_trait = self.traits.get("company").and_then(Value::as_object);
        let said = Some(&self.company).filter(|said| !said.is_empty());
        let said = said.or(of_trait)?;
        let domain = short(said, DOMAIN, TITLE_MAX).and_then(|text| domain(&text));
        let name = short(said, NAME, TITLE_MAX);
        if name.is_none() && domain.is_none() {
            return None;
        }
        let n_employees = N_EMPLOYEES.iter().find_map(|key| whole(said.get(*key)?));
        let address = said.get("address").and_then(Value::as_object);
        Some(CompanyRow {
            line,
            cells: Vec::new(),
            external_id: None,
            merged_ids: Vec::new(),
            name,
            domain,
            industry: short(said, &["industry"], SHORT_MAX),
            n_employees,
            owner: None,
            address: address_of(address.unwrap_or(said)),
            tags: Vec::new(),
            created_at: None,
        })
    }
}

fn address_of(said: &Map<String, Value>) -> Address {
    Address {
        street: short(said, STREET, STREET_MAX),
        city: short(said, CITY, SHORT_MAX),
        region: short(said, REGION, SHORT_MAX),
        postal_code: short(said, POSTAL_CODE, POSTAL_CODE_MAX),
        country: short(said, COUNTRY, SHORT_MAX),
    }
}

/// What the source calls an order.
pub(super) fn order_number(order: &ToldOrder) -> Option<String> {
    short(&order.properties, &["order_id", "orderId"], SHORT_MAX * 2)
}

fn order_lines(
    order: &ToldOrder,
    person: &PersonKeys,
    line: u64,
    options: &ReadOptions,
) -> Vec<OrderLineRow> {
    let said = &order.properties;
    let named = short(said, &["currency"], 3).map(|code| code.parse());
    let currency: Currency = match named {
        None => options.default_currency,
        Some(Ok(currency)) => currency,
        Some(Err(_)) => return Vec::new(),
    };
    let Some(order_id) = order_number(order) else {
        return Vec::new();
    };
    let products = said.get("products").and_then(Value::as_array);
    let products = products.into_iter().flatten().filter_map(Value::as_object);
    let line_of = |product: &Map<String, Value>| {
        let quantity = product.get("quantity").map_or(Some(1.0), Value::as_f64)?;
        let price = short(product, &["price"], SHORT_MAX)?;
        let unit_price = Money::parse_decimal(&price, currency).ok()?;
        let amount = unit_price.times(quantity).filter(|_| quantity != 0.0)?;
        Some(OrderLineRow {
            line,
            cells: Vec::new(),
            person: person.clone(),
            order_id: order_id.clone(),
            ordered_at: Timestamp::from_micros(order.at),
            sku: short(product, PRODUCT_ID, SHORT_MAX)?,
            product_name: short(product, &["name"], TITLE_MAX),
            category: short(product, &["category"], SHORT_MAX),
            quantity,
            unit_price,
            amount,
            is_return: quantity < 0.0,
            country: None,
        })
    };
    products.take(LINES_MAX).filter_map(line_of).collect()
}

/// The first of these fields that is a text, or a number, and not too long.
fn short(said: &Map<String, Value>, names: &[&str], n_chars_max: usize) -> Option<String> {
    let text_of = |value: &Value| match value {
        Value::String(found) => Some(text::trim(found).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let is_kept = |found: &String| {
        !found.is_empty() && !found.contains('\0') && found.chars().count() <= n_chars_max
    };
    let values = names.iter().filter_map(|name| said.get(*name));
    values.filter_map(text_of).find(is_kept)
}

fn whole(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| *number >= 0)
}

#[cfg(test)]
mod tests;
