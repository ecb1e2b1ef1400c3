//! The columns of exported tables: a name, and where its value stands in the record's JSON.

use std::borrow::Cow;

use rapport_domain::{CUSTOM_PREFIX, CustomField, ObjectKind, RolePolicy};
use serde_json::Value;

use super::rows::ExportedList;
use crate::wire::Money;

/// What a value is in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A text, a number, yes or no; several with semicolons between them.
    Plain,
    /// An amount: a decimal, and its currency in a column of its own.
    Money,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    name: Cow<'static, str>,
    /// JSON pointer into the record.
    pointer: Cow<'static, str>,
    form: Form,
}

const fn plain(name: &'static str, pointer: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        pointer: Cow::Borrowed(pointer),
        form: Form::Plain,
    }
}

const fn money(name: &'static str, pointer: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        pointer: Cow::Borrowed(pointer),
        form: Form::Money,
    }
}

const CONTACTS: &[Column] = &[
    plain("id", "/id"),
    plain("name", "/name"),
    plain("first_name", "/first_name"),
    plain("last_name", "/last_name"),
    plain("email", "/email"),
    plain("phone", "/phone"),
    plain("title", "/title"),
    plain("company", "/company/name"),
    plain("owner", "/owner/name"),
    plain("street", "/address/street"),
    plain("city", "/address/city"),
    plain("region", "/address/region"),
    plain("postal_code", "/address/postal_code"),
    plain("country", "/address/country"),
    plain("tags", "/tags"),
    plain("language", "/language"),
    plain("segment", "/segment/name/en"),
    plain("n_orders", "/n_orders"),
    money("total_spent", "/total_spent"),
    plain("first_order_at", "/first_order_at"),
    plain("last_order_at", "/last_order_at"),
    plain("last_activity_at", "/last_activity_at"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
];

const COMPANIES: &[Column] = &[
    plain("id", "/id"),
    plain("name", "/name"),
    plain("domain", "/domain"),
    plain("industry", "/industry"),
    plain("n_employees", "/n_employees"),
    plain("owner", "/owner/name"),
    plain("n_contacts", "/n_contacts"),
    plain("street", "/address/street"),
    plain("city", "/address/city"),
    plain("region", "/address/region"),
    plain("postal_code", "/address/postal_code"),
    plain("country", "/address/country"),
    plain("tags", "/tags"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
];

const DEALS: &[Column] = &[
    plain("id", "/id"),
    plain("name", "/name"),
    plain("stage", "/stage/name"),
    money("amount", "/amount"),
    plain("expected_close_on", "/expected_close_on"),
    plain("contact", "/contact/name"),
    plain("company", "/company/name"),
    plain("owner", "/owner/name"),
    plain("stage_entered_at", "/stage_entered_at"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
];

const TICKETS: &[Column] = &[
    plain("id", "/id"),
    plain("subject", "/subject"),
    plain("body", "/body"),
    plain("status", "/status"),
    plain("priority", "/priority"),
    plain("channel", "/channel"),
    plain("contact", "/contact/name"),
    plain("owner", "/owner/name"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
    plain("solved_at", "/solved_at"),
];

const TASKS: &[Column] = &[
    plain("id", "/id"),
    plain("title", "/title"),
    plain("status", "/status"),
    plain("priority", "/priority"),
    plain("due_on", "/due_on"),
    plain("contact", "/contact/name"),
    plain("owner", "/owner/name"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
    plain("done_at", "/done_at"),
];

const PRODUCTS: &[Column] = &[
    plain("id", "/id"),
    plain("sku", "/sku"),
    plain("name", "/name"),
    plain("category", "/category"),
    money("price", "/price"),
    plain("units_sold", "/units_sold"),
    money("revenue", "/revenue"),
    plain("created_at", "/created_at"),
];

const ORDERS: &[Column] = &[
    plain("id", "/id"),
    plain("external_id", "/external_id"),
    plain("source", "/source/name"),
    plain("contact", "/contact/name"),
    plain("contact_id", "/contact/id"),
    plain("ordered_at", "/ordered_at"),
    plain("status", "/status"),
    money("amount", "/amount"),
    plain("n_lines", "/n_lines"),
];

const CAMPAIGNS: &[Column] = &[
    plain("id", "/id"),
    plain("name", "/name"),
    plain("channel", "/channel"),
    plain("status", "/status"),
    plain("starts_at", "/starts_at"),
    plain("ends_at", "/ends_at"),
    money("budget", "/budget"),
    plain("created_at", "/created_at"),
    plain("updated_at", "/updated_at"),
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
            Self::Products | Self::Orders | Self::Campaigns => None,
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
            Self::Products => PRODUCTS,
            Self::Orders => ORDERS,
            Self::Campaigns => CAMPAIGNS,
        };
        let custom = custom.into_iter().map(|field| Column {
            name: format!("custom.{}", field.key).into(),
            // Keys are snake_case: nothing in them needs an escape.
            pointer: format!("/custom/{}", field.key).into(),
            form: Form::Plain,
        });
        let mut columns: Vec<Column> = own.iter().cloned().chain(custom).collect();
        if let Some(object) = self.object() {
            columns.retain(|column| !policy.hides(object, &column.field()));
        }
        columns
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

    /// Names of its cells.
    pub(super) fn headers(&self) -> Vec<Cow<'_, str>> {
        match self.form {
            Form::Plain => vec![Cow::Borrowed(&*self.name)],
            Form::Money => vec![
                Cow::Borrowed(&*self.name),
                Cow::Owned(format!("{}_currency", self.name)),
            ],
        }
    }

    /// Its cells in a record's row; empty where the record has no value.
    pub(super) fn cells<'v>(&self, record: &'v Value) -> Vec<Cow<'v, str>> {
        let value = record.pointer(&self.pointer).unwrap_or(&Value::Null);
        match self.form {
            Form::Plain => vec![plain_text(value)],
            Form::Money => {
                let money = serde_json::from_value::<Option<Money>>(value.clone());
                let money = money.ok().flatten().map(rapport_domain::Money::from);
                let text = |text: Option<String>| Cow::Owned(text.unwrap_or_default());
                vec![
                    text(money.map(rapport_domain::Money::decimal)),
                    text(money.map(|money| money.currency.to_string())),
                ]
            }
        }
    }
}

fn plain_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().map(plain_text).collect();
            Cow::Owned(texts.join("; "))
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
    fn values_are_cells_and_what_is_missing_is_empty() {
        let record = json!({
            "name": "Ann", "company": null, "tags": ["vip", "press"], "n_orders": 3,
            "total_spent": { "amount_minor": -1250, "currency": "GBP" },
            "custom": { "is_vip": true },
        });
        let cells = |column: Column| column.cells(&record);

        assert_eq!(cells(plain("name", "/name")), ["Ann"]);
        assert_eq!(cells(plain("company", "/company/name")), [""]);
        assert_eq!(cells(plain("tags", "/tags")), ["vip; press"]);
        assert_eq!(cells(plain("n_orders", "/n_orders")), ["3"]);
        assert_eq!(cells(plain("custom.is_vip", "/custom/is_vip")), ["true"]);
        assert_eq!(
            cells(money("total_spent", "/total_spent")),
            ["-12.50", "GBP"]
        );
        assert_eq!(cells(money("budget", "/budget")), ["", ""]);
    }
}
