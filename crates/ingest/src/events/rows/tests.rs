//! Traits become the rows that a file would have.

use serde_json::json;

use super::*;

fn told(value: serde_json::Value) -> Told {
    serde_json::from_value(value).unwrap()
}

fn rows(value: serde_json::Value) -> Vec<ParsedRow> {
    let options = ReadOptions {
        default_currency: Currency::GBP,
        default_region: Some("CN".to_owned()),
    };
    told(value).rows(1, &options)
}

fn contact(value: serde_json::Value) -> ContactRow {
    let found = rows(value).into_iter().find_map(|row| match row {
        ParsedRow::Contact(row) => Some(row),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn traits_of_both_protocols_become_fields() {
    let segment = contact(json!({ "user_id": "u1", "traits": {
        "email": "Ada@Example.com", "firstName": "Ada", "lastName": "King", "title": "Countess",
        "phone": "+14155550123", "company": "Analytical", "locale": "en-GB",
        "address": { "street": "1 St", "city": "London", "state": "LDN", "postalCode": "E1", "country": "UK" },
    }}));
    let sensors = contact(json!({ "user_id": "u2", "traits": {
        "$name": "王小明", "$mobile": "13800138000", "$province": "广东", "$city": "深圳",
    }}));

    assert_eq!(segment.person.email.unwrap().as_str(), "ada@example.com");
    assert_eq!(segment.person.last_name.as_deref(), Some("King"));
    assert_eq!(segment.title.as_deref(), Some("Countess"));
    assert_eq!(segment.company.name.as_deref(), Some("Analytical"));
    assert_eq!(segment.address.postal_code.as_deref(), Some("E1"));
    assert_eq!(sensors.person.name.as_deref(), Some("王小明"));
    assert_eq!(sensors.person.phone.unwrap().to_string(), "+8613800138000");
    assert_eq!(sensors.address.region.as_deref(), Some("广东"));
    assert_eq!(sensors.address.city.as_deref(), Some("深圳"));
}

#[test]
fn an_id_that_is_an_address_is_one_and_nobody_makes_no_row() {
    let by_id = contact(json!({ "user_id": "ada@example.com" }));

    assert_eq!(by_id.person.email.unwrap().as_str(), "ada@example.com");
    assert!(rows(json!({ "traits": { "name": "Ada" } })).is_empty());
    assert!(rows(json!({ "traits": { "email": "none", "phone": "x" } })).is_empty());
}

#[test]
fn what_no_record_can_keep_is_left_out() {
    let row = contact(json!({ "user_id": "u1", "traits": {
        "title": "x".repeat(201), "name": "A\0", "firstName": ["Ada"], "city": "", "address": "1 St",
    }}));

    assert_eq!(
        (row.title, row.person.name, row.person.first_name),
        (None, None, None)
    );
    assert_eq!(row.address, Address::default());
}

#[test]
fn a_group_is_a_company_by_its_name_or_else_its_domain() {
    let company = |traits: serde_json::Value| {
        let rows = rows(json!({ "user_id": "u1", "company": traits }));
        match (&rows[0], rows.last()) {
            (ParsedRow::Company(row), Some(ParsedRow::Contact(contact))) => {
                assert_eq!(contact.company, row.keys());
                row.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    let named = company(json!({
        "name": "Initech", "website": "https://www.Initech.com/x", "employees": 120, "industry": "IT",
    }));
    let unnamed = company(json!({ "domain": "initech.com" }));

    assert_eq!(
        (named.name.as_deref(), named.n_employees),
        (Some("Initech"), Some(120))
    );
    assert_eq!(named.domain.as_deref(), Some("initech.com"));
    assert_eq!(
        (unnamed.name.as_deref(), unnamed.domain.as_deref()),
        (None, Some("initech.com"))
    );
    assert_eq!(
        rows(json!({ "user_id": "u1", "company": { "plan": "gold" } })).len(),
        1
    );
}

#[test]
fn an_order_is_a_row_for_each_product_with_a_price() {
    let rows = rows(
        json!({ "user_id": "u1", "order": { "at": 1_000_000, "properties": {
            "order_id": 1001, "currency": "USD", "products": [
                { "sku": "A", "name": "Mug", "price": 10.5, "quantity": 2, "category": "Home" },
                { "product_id": "B", "price": "3" },
                { "sku": "free of a price" }, { "price": 1 }, 7,
            ],
        }}}),
    );

    let lines: Vec<_> = rows
        .iter()
        .filter_map(|row| match row {
            ParsedRow::OrderLine(row) => Some(row),
            _ => None,
        })
        .collect();
    let told: Vec<_> = lines
        .iter()
        .map(|row| (row.sku.as_str(), row.quantity, row.amount.amount_minor))
        .collect();
    assert_eq!(told, [("A", 2.0, 2_100), ("B", 1.0, 300)]);
    assert_eq!(
        (lines[0].order_id.as_str(), lines[0].amount.currency),
        ("1001", Currency::USD)
    );
    assert_eq!(lines[0].ordered_at, Timestamp::from_micros(1_000_000));
}
