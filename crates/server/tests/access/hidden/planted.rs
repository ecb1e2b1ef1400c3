//! Fields that may be hidden, each with a value that nothing else holds.

use serde_json::{Value, json};

/// A field, with a value that nothing else holds.
pub(super) struct Planted {
    /// Which of [`crate::access::OWNED`] it is of, by position.
    pub(super) object: usize,
    /// The name under which it is set and ruled.
    pub(super) name: &'static str,
    /// A text that stands in every answer that tells it.
    pub(super) sentinel: &'static str,
    /// A field of lists that tells it.
    pub(super) listed: Option<&'static str>,
    /// Whether records are found by it.
    pub(super) is_searched: bool,
}

/// Every field that may be hidden, and a custom one of each kind.
pub(super) const PLANTED: [Planted; 20] = [
    planted(0, "email", "qaemail", Some("email"), true),
    planted(0, "phone", "15177712345", Some("phone"), true),
    planted(0, "title", "Qatitle", None, false),
    planted(0, "address", "Qacity", Some("city"), false),
    planted(0, "tags", "qatag", Some("tags"), false),
    planted(0, "language", "qalanguage", Some("language"), false),
    planted(0, SECRET, "qasecret", Some(SECRET), true),
    planted(1, "domain", "qbdomain", Some("domain"), true),
    planted(1, "industry", "Qbindustry", Some("industry"), false),
    planted(1, "n_employees", "76543219", Some("n_employees"), false),
    planted(1, "address", "Qbcity", Some("city"), false),
    planted(1, "tags", "qbtag", Some("tags"), false),
    planted(1, SECRET, "qbsecret", Some(SECRET), true),
    planted(2, "amount", "98765431", Some("amount"), false),
    planted(
        2,
        "expected_close_on",
        "2031-03-07",
        Some("expected_close_on"),
        false,
    ),
    planted(2, SECRET, "qcsecret", Some(SECRET), false),
    planted(3, "body", "Qdbody", None, true),
    planted(3, SECRET, "qdsecret", Some(SECRET), false),
    planted(4, SECRET, "qesecret", Some(SECRET), false),
    planted(4, "custom.second", "qesecond", Some("custom.second"), false),
];

const SECRET: &str = "custom.secret";

const fn planted(
    object: usize,
    name: &'static str,
    sentinel: &'static str,
    listed: Option<&'static str>,
    is_searched: bool,
) -> Planted {
    Planted {
        object,
        name,
        sentinel,
        listed,
        is_searched,
    }
}

impl Planted {
    pub(super) fn value(&self) -> Value {
        let sentinel = self.sentinel;
        match self.name {
            "email" => json!(format!("{sentinel}@hidden.example")),
            "phone" => json!(format!("+49{sentinel}")),
            "address" => json!({ "city": sentinel }),
            "tags" => json!([sentinel]),
            "domain" => json!(format!("{sentinel}.example")),
            "n_employees" => json!(76_543_219),
            "amount" => json!({ "amount_minor": 98_765_431, "currency": "EUR" }),
            "body" => json!(format!("{sentinel} of the letter")),
            _ => json!(sentinel),
        }
    }

    /// What says that there is no value.
    pub(super) fn nothing(&self) -> Value {
        match self.name {
            "body" => json!(""),
            "tags" => json!([]),
            _ => json!(null),
        }
    }

    /// Whether a text tells the value, if only as a file writes it.
    pub(super) fn is_told_by(&self, text: &str) -> bool {
        text.contains(self.sentinel) || (self.name == "amount" && text.contains("987654.31"))
    }
}

/// A patch that sets all planted fields of a kind.
pub(super) fn all_values(kind: usize) -> Value {
    let mut body = json!({});
    for field in PLANTED.iter().filter(|field| field.object == kind) {
        set(&mut body, field.name, field.value());
    }
    body
}

pub(super) fn set(body: &mut Value, name: &str, value: Value) {
    match name.strip_prefix("custom.") {
        Some(key) => body["custom"][key] = value,
        None => body[name] = value,
    }
}

pub(super) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}
