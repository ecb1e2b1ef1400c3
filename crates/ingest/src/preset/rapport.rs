//! What Rapport itself exports: its lists, and the files of `rapport export --all`. The id of a record is
//! its key, so that files which are imported under one source find each other's records.
//!
//! Columns that are worked out from others (`n_orders`, `segment`) feed nothing; those of custom fields
//! are recognized by their names.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    preset(
        "rapport_contacts",
        EntityKind::Contacts,
        ("Rapport contacts", "Rapport 联系人"),
        &[
            &["id"],
            &["first_name"],
            &["last_activity_at"],
            &["company_id"],
        ],
        CONTACTS,
    ),
    preset(
        "rapport_companies",
        EntityKind::Companies,
        ("Rapport companies", "Rapport 公司"),
        &[&["id"], &["domain"], &["n_employees"], &["n_contacts"]],
        COMPANIES,
    ),
    preset(
        "rapport_deals",
        EntityKind::Deals,
        ("Rapport deals", "Rapport 商机"),
        &[&["id"], &["stage"], &["stage_entered_at"], &["contact_id"]],
        DEALS,
    ),
    preset(
        "rapport_tickets",
        EntityKind::Tickets,
        ("Rapport tickets", "Rapport 工单"),
        &[&["id"], &["subject"], &["solved_at"], &["contact_id"]],
        TICKETS,
    ),
    preset(
        "rapport_tasks",
        EntityKind::Tasks,
        ("Rapport tasks", "Rapport 任务"),
        &[&["id"], &["due_on"], &["done_at"], &["ticket_id"]],
        TASKS,
    ),
    preset(
        "rapport_notes",
        EntityKind::Notes,
        ("Rapport notes", "Rapport 备注"),
        &[&["id"], &["body"], &["author"], &["ticket_id"]],
        NOTES,
    ),
    preset(
        "rapport_products",
        EntityKind::Products,
        ("Rapport products", "Rapport 商品"),
        &[&["id"], &["sku"], &["units_sold"], &["price_currency"]],
        PRODUCTS,
    ),
    preset(
        "rapport_campaigns",
        EntityKind::Campaigns,
        ("Rapport campaigns", "Rapport 营销活动"),
        &[&["id"], &["channel"], &["budget"], &["budget_currency"]],
        CAMPAIGNS,
    ),
    preset(
        "rapport_order_lines",
        EntityKind::OrderLines,
        ("Rapport order lines", "Rapport 订单明细"),
        &[
            &["order_id"],
            &["line_no"],
            &["line_amount"],
            &["contact_id"],
        ],
        ORDER_LINES,
    ),
    preset(
        "rapport_events",
        EntityKind::Events,
        ("Rapport events", "Rapport 事件"),
        &[
            &["message_id"],
            &["event"],
            &["occurred_at"],
            &["received_at"],
        ],
        EVENTS,
    ),
];

const fn preset(
    key: &'static str,
    entity: EntityKind,
    label: (&'static str, &'static str),
    signature: &'static [&'static [&'static str]],
    columns: &'static [Column],
) -> Preset {
    Preset {
        key,
        system: "Rapport",
        entity,
        label,
        notice: None,
        signature,
        columns,
        keys: KeyStyle::AsWritten,
    }
}

const CONTACTS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Name, &["name"]),
    column(F::FirstName, &["first_name"]),
    column(F::LastName, &["last_name"]),
    column(F::Email, &["email"]),
    column(F::Phone, &["phone"]),
    column(F::Title, &["title"]),
    column(F::Company, &["company"]),
    column(F::CompanyExternalId, &["company_id"]),
    column(F::Owner, &["owner"]),
    column(F::Street, &["street"]),
    column(F::City, &["city"]),
    column(F::Region, &["region"]),
    column(F::PostalCode, &["postal_code"]),
    column(F::Country, &["country"]),
    column(F::Tags, &["tags"]),
    column(F::Language, &["language"]),
    column(F::CreatedAt, &["created_at"]),
    column(F::Consents, &["consents"]),
];

const COMPANIES: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Name, &["name"]),
    column(F::Domain, &["domain"]),
    column(F::Industry, &["industry"]),
    column(F::NEmployees, &["n_employees"]),
    column(F::Owner, &["owner"]),
    column(F::Street, &["street"]),
    column(F::City, &["city"]),
    column(F::Region, &["region"]),
    column(F::PostalCode, &["postal_code"]),
    column(F::Country, &["country"]),
    column(F::Tags, &["tags"]),
    column(F::CreatedAt, &["created_at"]),
];

const DEALS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Name, &["name"]),
    column(F::Pipeline, &["pipeline"]),
    column(F::Stage, &["stage"]),
    column(F::Amount, &["amount"]),
    column(F::Currency, &["amount_currency"]),
    column(F::ExpectedCloseOn, &["expected_close_on"]),
    column(F::CustomerName, &["contact"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::Company, &["company"]),
    column(F::CompanyExternalId, &["company_id"]),
    column(F::Owner, &["owner"]),
    column(F::CreatedAt, &["created_at"]),
];

const TICKETS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Subject, &["subject"]),
    column(F::Body, &["body"]),
    column(F::Status, &["status"]),
    column(F::Priority, &["priority"]),
    column(F::Channel, &["channel"]),
    column(F::CustomerName, &["contact"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::Owner, &["owner"]),
    column(F::CreatedAt, &["created_at"]),
    column(F::SolvedAt, &["solved_at"]),
];

const TASKS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Subject, &["title"]),
    column(F::Status, &["status"]),
    column(F::Priority, &["priority"]),
    column(F::DueOn, &["due_on"]),
    column(F::Owner, &["owner"]),
    column(F::CreatedAt, &["created_at"]),
    column(F::DoneAt, &["done_at"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::CompanyExternalId, &["company_id"]),
    column(F::DealExternalId, &["deal_id"]),
    column(F::TicketExternalId, &["ticket_id"]),
];

const NOTES: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Body, &["body"]),
    column(F::Owner, &["author"]),
    column(F::CreatedAt, &["created_at"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::CompanyExternalId, &["company_id"]),
    column(F::DealExternalId, &["deal_id"]),
    column(F::TicketExternalId, &["ticket_id"]),
];

const PRODUCTS: &[Column] = &[
    column(F::Sku, &["sku"]),
    column(F::Name, &["name"]),
    column(F::Category, &["category"]),
    column(F::Price, &["price"]),
    column(F::Currency, &["price_currency"]),
];

const CAMPAIGNS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::Name, &["name"]),
    column(F::Channel, &["channel"]),
    column(F::Status, &["status"]),
    column(F::StartsAt, &["starts_at"]),
    column(F::EndsAt, &["ends_at"]),
    column(F::Budget, &["budget"]),
    column(F::Currency, &["budget_currency"]),
];

const ORDER_LINES: &[Column] = &[
    // Two sources may call two orders by one number.
    column(F::OrderId, &["order_id"]),
    column(F::OrderedAt, &["ordered_at"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::Sku, &["sku"]),
    column(F::ProductName, &["product_name"]),
    column(F::ProductName, &["description"]),
    column(F::Quantity, &["quantity"]),
    column(F::UnitPrice, &["unit_price"]),
    column(F::LineAmount, &["line_amount"]),
    column(F::Currency, &["currency"]),
];

const EVENTS: &[Column] = &[
    column(F::MessageId, &["message_id"]),
    column(F::EventKind, &["event"]),
    column(F::OccurredAt, &["occurred_at"]),
    column(F::CustomerExternalId, &["contact_id"]),
    column(F::OrderId, &["order_id"]),
    column(F::Sku, &["sku"]),
    column(F::Category, &["category"]),
    column(F::Quantity, &["quantity"]),
    column(F::Amount, &["amount"]),
    column(F::Currency, &["currency"]),
    column(F::Properties, &["properties"]),
];
