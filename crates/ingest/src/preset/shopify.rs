//! Shopify: customers and orders, as the admin exports them.
//!
//! Ids and phone numbers have an apostrophe in front, which every reader of cells takes off. Of an order
//! with several line items only the first row has the order's own columns.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        key: "shopify_customers",
        system: "Shopify",
        entity: EntityKind::Contacts,
        label: ("Shopify customers", "Shopify 客户"),
        notice: None,
        signature: &[
            &["Customer ID", "First Name"],
            &["Accepts Email Marketing", "Accepts Marketing"],
            &["Total Spent"],
            &["Total Orders", "Orders Count"],
        ],
        columns: CUSTOMERS,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "shopify_orders",
        system: "Shopify",
        entity: EntityKind::OrderLines,
        label: ("Shopify orders", "Shopify 订单"),
        notice: None,
        signature: &[
            &["Financial Status"],
            &["Lineitem name"],
            &["Lineitem price"],
        ],
        columns: ORDERS,
        keys: KeyStyle::AsWritten,
    },
];

const CUSTOMERS: &[Column] = &[
    column(F::ExternalId, &["Customer ID"]),
    column(F::FirstName, &["First Name"]),
    column(F::LastName, &["Last Name"]),
    column(F::Email, &["Email"]),
    column(
        F::ConsentEmail,
        &["Accepts Email Marketing", "Accepts Marketing"],
    ),
    column(F::ConsentSms, &["Accepts SMS Marketing"]),
    column(F::Company, &["Default Address Company", "Company"]),
    column(F::Street, &["Default Address Address1", "Address1"]),
    column(F::City, &["Default Address City", "City"]),
    column(
        F::Region,
        &["Default Address Province Code", "Province Code"],
    ),
    column(
        F::Country,
        &["Default Address Country Code", "Country Code"],
    ),
    column(F::PostalCode, &["Default Address Zip", "Zip"]),
    column(F::Phone, &["Phone"]),
    column(F::Phone, &["Default Address Phone"]),
    column(F::Note, &["Note"]),
    column(F::Tags, &["Tags"]),
];

const ORDERS: &[Column] = &[
    column(F::OrderId, &["Name"]),
    column(F::CustomerEmail, &["Email"]),
    column(F::Currency, &["Currency"]),
    column(F::OrderedAt, &["Created at"]),
    column(F::Quantity, &["Lineitem quantity"]),
    column(F::ProductName, &["Lineitem name"]),
    column(F::UnitPrice, &["Lineitem price"]),
    column(F::Sku, &["Lineitem sku"]),
    column(F::CustomerName, &["Billing Name"]),
    column(F::CustomerPhone, &["Phone"]),
    column(F::CustomerPhone, &["Billing Phone"]),
    column(F::Country, &["Billing Country"]),
];
