//! The columns of exported tables: a name, and where its value stands in the record's JSON.

use std::borrow::Cow;

use rapport_domain::{CUSTOM_PREFIX, CustomField, CustomFieldKind, ObjectKind, RolePolicy};
use rapport_ingest::value::tags;
use rapport_ingest::{Cell, CellKind, TableColumn};
use serde_json::Value;

use super::rows::ExportedList;
use crate::wire::Money;

/// A column of a table. An amount of money has a second one beside it, for its currency.
#[derive(Debug, Clone)]
pub(super) struct Column {
    name: Cow<'static, str>,
    /// JSON pointer into the record.
    pointer: Cow<'static, str>,
    kind: CellKind,
    /// The kind of record that the row must be about for the cell to hold anything.
    subject: Option<&'static str>,
}

const fn of_kind(kind: CellKind, name: &'static str, pointer: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        pointer: Cow::Borrowed(pointer),
        kind,
        subject: None,
    }
}

/// The id of what a task or a note is about, where that is of a kind.
const fn about(name: &'static str, kind: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        pointer: Cow::Borrowed("/subject/id"),
        kind: CellKind::Text,
        subject: Some(kind),
    }
}

/// A text; several with semicolons between them.
const fn text(name: &'static str, pointer: &'static str) -> Column {
    of_kind(CellKind::Text, name, pointer)
}

const fn count(name: &'static str, pointer: &'static str) -> Column {
    of_kind(CellKind::Integer, name, pointer)
}

const fn instant(name: &'static str, pointer: &'static str) -> Column {
    of_kind(CellKind::Instant, name, pointer)
}

const fn date(name: &'static str, pointer: &'static str) -> Column {
    of_kind(CellKind::Date, name, pointer)
}

const fn money(name: &'static str, pointer: &'static str) -> Column {
    of_kind(CellKind::Amount, name, pointer)
}

const CONTACTS: &[Column] = &[
    text("id", "/id"),
    text("name", "/name"),
    text("first_name", "/first_name"),
    text("last_name", "/last_name"),
    text("email", "/email"),
    text("phone", "/phone"),
    text("title", "/title"),
    text("company", "/company/name"),
    text("owner", "/owner/name"),
    text("street", "/address/street"),
    text("city", "/address/city"),
    text("region", "/address/region"),
    text("postal_code", "/address/postal_code"),
    text("country", "/address/country"),
    text("tags", "/tags"),
    text("language", "/language"),
    text("segment", "/segment/name/en"),
    count("n_orders", "/n_orders"),
    money("total_spent", "/total_spent"),
    instant("first_order_at", "/first_order_at"),
    instant("last_order_at", "/last_order_at"),
    instant("last_activity_at", "/last_activity_at"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
    text("company_id", "/company/id"),
    text("consents", "/consents"),
];

const COMPANIES: &[Column] = &[
    text("id", "/id"),
    text("name", "/name"),
    text("domain", "/domain"),
    text("industry", "/industry"),
    count("n_employees", "/n_employees"),
    text("owner", "/owner/name"),
    count("n_contacts", "/n_contacts"),
    text("street", "/address/street"),
    text("city", "/address/city"),
    text("region", "/address/region"),
    text("postal_code", "/address/postal_code"),
    text("country", "/address/country"),
    text("tags", "/tags"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
];

const DEALS: &[Column] = &[
    text("id", "/id"),
    text("name", "/name"),
    text("stage", "/stage/name"),
    money("amount", "/amount"),
    date("expected_close_on", "/expected_close_on"),
    text("contact", "/contact/name"),
    text("company", "/company/name"),
    text("owner", "/owner/name"),
    instant("stage_entered_at", "/stage_entered_at"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
    text("contact_id", "/contact/id"),
    text("company_id", "/company/id"),
    text("pipeline", "/pipeline/name"),
];

const TICKETS: &[Column] = &[
    text("id", "/id"),
    text("subject", "/subject"),
    text("body", "/body"),
    text("status", "/status"),
    text("priority", "/priority"),
    text("channel", "/channel"),
    text("contact", "/contact/name"),
    text("owner", "/owner/name"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
    instant("solved_at", "/solved_at"),
    text("contact_id", "/contact/id"),
];

const TASKS: &[Column] = &[
    text("id", "/id"),
    text("title", "/title"),
    text("status", "/status"),
    text("priority", "/priority"),
    date("due_on", "/due_on"),
    text("contact", "/contact/name"),
    text("owner", "/owner/name"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
    instant("done_at", "/done_at"),
    about("contact_id", "contact"),
    about("company_id", "company"),
    about("deal_id", "deal"),
    about("ticket_id", "ticket"),
];

const NOTES: &[Column] = &[
    text("id", "/id"),
    text("body", "/body"),
    text("author", "/author/name"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
    about("contact_id", "contact"),
    about("company_id", "company"),
    about("deal_id", "deal"),
    about("ticket_id", "ticket"),
];

const PRODUCTS: &[Column] = &[
    text("id", "/id"),
    text("sku", "/sku"),
    text("name", "/name"),
    text("category", "/category"),
    money("price", "/price"),
    of_kind(CellKind::Number, "units_sold", "/units_sold"),
    money("revenue", "/revenue"),
    instant("created_at", "/created_at"),
];

const ORDERS: &[Column] = &[
    text("id", "/id"),
    text("external_id", "/external_id"),
    text("source", "/source/name"),
    text("contact", "/contact/name"),
    text("contact_id", "/contact/id"),
    instant("ordered_at", "/ordered_at"),
    text("status", "/status"),
    money("amount", "/amount"),
    count("n_lines", "/n_lines"),
];

const CAMPAIGNS: &[Column] = &[
    text("id", "/id"),
    text("name", "/name"),
    text("channel", "/channel"),
    text("status", "/status"),
    instant("starts_at", "/starts_at"),
    instant("ends_at", "/ends_at"),
    money("budget", "/budget"),
    instant("created_at", "/created_at"),
    instant("updated_at", "/updated_at"),
];

impl ExportedList {
    /// The object that the list's records are, where its custom fields are exported.
    pub(super) const fn object(self) -> Option<ObjectKind> {
        match self {
            Self::Contacts => Some(ObjectKind::Contact),
            Self::Companies => Some(ObjectKind::Company),
            Self::Deals => Some(ObjectKind::Deal),
            Self::Tickets => Some(ObjectKind::Ticket),
            Self::Tasks => Some(ObjectKind::Task),
            Self::Notes | Self::Products | Self::Orders | Self::Campaigns => None,
        }
    }

    /// The columns of the list that a role lets see, those of custom fields (`custom.key`) last.
    pub(super) fn columns(self, custom: Vec<CustomField>, policy: &RolePolicy) -> Vec<Column> {
        let own = match self {
            Self::Contacts => CONTACTS,
            Self::Companies => COMPANIES,
            Self::Deals => DEALS,
            Self::Tickets => TICKETS,
            Self::Tasks => TASKS,
            Self::Notes => NOTES,
            Self::Products => PRODUCTS,
            Self::Orders => ORDERS,
            Self::Campaigns => CAMPAIGNS,
        };
        let custom = custom.into_iter().map(|field| Column {
            name: format!("custom.{}", field.key).into(),
            // Keys are snake_case: nothing in them needs an escape.
            pointer: format!("/custom/{}", field.key).into(),
            kind: kind_of(&field.kind),
            subject: None,
        });
        let mut columns: Vec<Column> = own.iter().cloned().chain(custom).collect();
        if let Some(object) = self.object() {
            columns.retain(|column| !policy.hides(object, &column.field()));
        }
        columns
    }
}

fn kind_of(kind: &CustomFieldKind) -> CellKind {
    match kind {
        CustomFieldKind::Number => CellKind::Number,
        CustomFieldKind::Integer => CellKind::Integer,
        CustomFieldKind::Boolean => CellKind::Boolean,
        CustomFieldKind::Date => CellKind::Date,
        CustomFieldKind::Timestamp => CellKind::Instant,
        CustomFieldKind::Text
        | CustomFieldKind::LongText
        | CustomFieldKind::Url
        | CustomFieldKind::Email
        | CustomFieldKind::Phone
        | CustomFieldKind::Choice { .. }
        | CustomFieldKind::MultipleChoice { .. } => CellKind::Text,
    }
}

impl Column {
    /// The field that it tells, by the name that rules of roles have for it.
    fn field(&self) -> String {
        let place = self.pointer.trim_start_matches('/');
        match place.split_once('/') {
            Some(("custom", key)) => format!("{CUSTOM_PREFIX}{key}"),
            Some((field, _)) => field.to_owned(),
            None => place.to_owned(),
        }
    }

    /// Its columns in a file: one, or two of an amount of money.
    pub(super) fn in_file(&self) -> Vec<TableColumn> {
        let own = TableColumn {
            name: self.name.to_string(),
            kind: self.kind,
        };
        match self.kind {
            CellKind::Amount => {
                let currency = TableColumn {
                    name: format!("{}_currency", self.name),
                    kind: CellKind::Text,
                };
                vec![own, currency]
            }
            _ => vec![own],
        }
    }

    /// Its cells in a record's row; empty where the record has no value.
    pub(super) fn cells<'v>(&self, record: &'v Value) -> Vec<Cell<'v>> {
        let kind = record.pointer("/subject/kind").and_then(Value::as_str);
        let value = record.pointer(&self.pointer);
        let value = value.filter(|_| self.subject.is_none() || self.subject == kind);
        let value = value.unwrap_or(&Value::Null);
        let read = match (self.kind, value) {
            (CellKind::Amount, value) => return money_cells(value),
            (CellKind::Integer, Value::Number(number)) => number.as_i64().map(Cell::Integer),
            (CellKind::Number, Value::Number(number)) => number.as_f64().map(Cell::Number),
            (CellKind::Boolean, Value::Bool(yes)) => Some(Cell::Boolean(*yes)),
            (CellKind::Date, Value::String(text)) => text.parse().ok().map(Cell::Date),
            (CellKind::Instant, Value::String(text)) => text.parse().ok().map(Cell::Instant),
            _ => None,
        };
        // What is not of its column's kind is shown as it is, where the format can.
        vec![read.unwrap_or_else(|| Cell::text(plain_text(value)))]
    }
}

fn money_cells(value: &Value) -> Vec<Cell<'_>> {
    let money = serde_json::from_value::<Option<Money>>(value.clone());
    match money.ok().flatten().map(rapport_domain::Money::from) {
        Some(money) => vec![Cell::Amount(money), Cell::text(money.currency.to_string())],
        None => vec![Cell::Empty, Cell::Empty],
    }
}

fn plain_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(values) if values.is_empty() => Cow::Borrowed(""),
        Value::Array(values) if !values.iter().any(Value::is_object) => {
            let texts: Vec<_> = values.iter().map(plain_text).collect();
            Cow::Owned(tags::join(&texts))
        }
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::FieldRule;
    use serde_json::json;

    use super::*;

    #[test]
    fn hidden_fields_have_no_column() {
        let rules = ["email", "address"].map(|field| (field.to_owned(), FieldRule::Hidden));
        let policy = RolePolicy {
            fields: [(ObjectKind::Contact, rules.into())].into(),
            ..RolePolicy::default()
        };
        let all = ExportedList::Contacts.columns(Vec::new(), &RolePolicy::default());
        let seen = ExportedList::Contacts.columns(Vec::new(), &policy);

        let is_gone = |column: &&Column| !seen.iter().any(|kept| kept.name == column.name);
        let gone: Vec<&str> = all.iter().filter(is_gone).map(|it| &*it.name).collect();
        assert_eq!(
            gone,
            [
                "email",
                "street",
                "city",
                "region",
                "postal_code",
                "country"
            ]
        );
    }

    #[test]
    fn values_are_typed_cells_and_what_is_missing_is_empty() {
        let record = json!({
            "name": "Ann", "company": null, "tags": ["vip", "press"], "n_orders": 3,
            "total_spent": { "amount_minor": -1250, "currency": "GBP" },
            "due_on": "2026-11-27", "created_at": "2026-11-27T09:30:00Z",
            "subject": { "kind": "deal", "id": "7" },
            "custom": { "is_vip": true, "level": "high", "asked": ["a, b", "c"] },
            "consents": [{ "purpose": "marketing" }],
        });
        let cells = |column: Column| column.cells(&record);
        let yes = of_kind(CellKind::Boolean, "custom.is_vip", "/custom/is_vip");
        let wrong = of_kind(CellKind::Number, "custom.level", "/custom/level");

        assert_eq!(cells(text("name", "/name")), [Cell::text("Ann")]);
        assert_eq!(cells(text("company", "/company/name")), [Cell::Empty]);
        assert_eq!(cells(text("tags", "/tags")), [Cell::text("vip; press")]);
        let asked = cells(text("custom.asked", "/custom/asked"));
        assert_eq!(asked, [Cell::text(r#"["a, b","c"]"#)]);
        let consents = cells(text("consents", "/consents"));
        assert_eq!(consents, [Cell::text(r#"[{"purpose":"marketing"}]"#)]);
        assert_eq!(cells(count("n_orders", "/n_orders")), [Cell::Integer(3)]);
        let on = "2026-11-27".parse().unwrap();
        assert_eq!(cells(date("due_on", "/due_on")), [Cell::Date(on)]);
        let at = "2026-11-27T09:30:00Z".parse().unwrap();
        assert_eq!(
            cells(instant("created_at", "/created_at")),
            [Cell::Instant(at)]
        );
        assert_eq!(cells(about("deal_id", "deal")), [Cell::text("7")]);
        assert_eq!(cells(about("contact_id", "contact")), [Cell::Empty]);
        assert_eq!(cells(yes), [Cell::Boolean(true)]);
        assert_eq!(cells(wrong), [Cell::text("high")]);
        let pounds = rapport_domain::Money::new(-1250, "GBP".parse().unwrap());
        assert_eq!(
            cells(money("total_spent", "/total_spent")),
            [Cell::Amount(pounds), Cell::text("GBP")]
        );
        assert_eq!(
            cells(money("budget", "/budget")),
            [Cell::Empty, Cell::Empty]
        );
    }
}
