//! Fields that a company adds to an object: typed, per object, without a migration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{CustomFieldId, Date, Invalid, LocalizedText, Timestamp, Violation};

/// The objects that records belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// A possible sale.
    Deal,
    /// A request for help.
    Ticket,
    /// Something to do.
    Task,
    /// Something that is sold.
    Product,
    /// A purchase.
    Order,
    /// An outreach to many.
    Campaign,
}

/// The type of a custom field's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CustomFieldKind {
    /// Free text of at most 2,000 characters.
    Text,
    /// A finite number.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    Timestamp,
    /// One of the options.
    Choice {
        /// What may be chosen.
        options: Vec<String>,
    },
    /// Any of the options.
    MultipleChoice {
        /// What may be chosen.
        options: Vec<String>,
    },
}

/// A definition of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Identifier.
    pub id: CustomFieldId,
    /// The object that has the field.
    pub object: ObjectKind,
    /// Name in the API and in files: `snake_case`, unique per object.
    pub key: String,
    /// Name on the screen.
    pub label: LocalizedText,
    /// Type of the values.
    pub kind: CustomFieldKind,
    /// When the field was added.
    pub created_at: Timestamp,
}

/// One value of a custom field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CustomValue {
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text, a date, an instant or a choice.
    Text(String),
    /// Several choices.
    Choices(Vec<String>),
}

/// The custom values of one record by field key.
pub type CustomValues = BTreeMap<String, CustomValue>;

impl CustomField {
    /// Checks the definition.
    ///
    /// # Errors
    /// [`Invalid`] where the key is not `snake_case`, a label is blank or options are missing.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        if !is_snake_case(&self.key) || self.key.len() > 60 {
            let message = "use lower-case letters, digits and underscores, starting with a letter";
            violations.push(Violation::new("/key", "not_snake_case", message));
        }
        check_text(&mut violations, "/label/en", &self.label.en, 100);
        check_text(&mut violations, "/label/zh", &self.label.zh, 100);
        if let CustomFieldKind::Choice { options } | CustomFieldKind::MultipleChoice { options } =
            &self.kind
            && options.is_empty()
        {
            let message = "name at least one option";
            violations.push(Violation::new("/kind/options", "empty", message));
        }
        Invalid::check(violations)
    }

    /// Checks one value against the type.
    ///
    /// # Errors
    /// [`Invalid`] that names the expected form.
    pub fn check_value(&self, value: &CustomValue) -> Result<(), Invalid> {
        let expected = match (&self.kind, value) {
            (CustomFieldKind::Text, CustomValue::Text(text)) if text.chars().count() <= 2000 => {
                return Ok(());
            }
            (CustomFieldKind::Number, CustomValue::Number(number)) if number.is_finite() => {
                return Ok(());
            }
            (CustomFieldKind::Boolean, CustomValue::Boolean(_)) => return Ok(()),
            (CustomFieldKind::Date, CustomValue::Text(text)) if text.parse::<Date>().is_ok() => {
                return Ok(());
            }
            (CustomFieldKind::Timestamp, CustomValue::Text(text))
                if text.parse::<Timestamp>().is_ok() =>
            {
                return Ok(());
            }
            (CustomFieldKind::Choice { options }, CustomValue::Text(text))
                if options.contains(text) =>
            {
                return Ok(());
            }
            (CustomFieldKind::MultipleChoice { options }, CustomValue::Choices(chosen))
                if chosen.iter().all(|choice| options.contains(choice)) =>
            {
                return Ok(());
            }
            (CustomFieldKind::Text, _) => "a text of at most 2,000 characters".to_owned(),
            (CustomFieldKind::Number, _) => "a number".to_owned(),
            (CustomFieldKind::Boolean, _) => "true or false".to_owned(),
            (CustomFieldKind::Date, _) => "a date such as 2026-11-24".to_owned(),
            (CustomFieldKind::Timestamp, _) => "an instant such as 2026-11-24T09:30:00Z".to_owned(),
            (CustomFieldKind::Choice { options }, _) => format!("one of {}", options.join(", ")),
            (CustomFieldKind::MultipleChoice { options }, _) => {
                format!("a list with any of {}", options.join(", "))
            }
        };
        let message = format!("{} must be {expected}", self.key);
        Err(Invalid::one("/custom", "wrong_type", message))
    }
}

fn is_snake_case(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: CustomFieldKind) -> CustomField {
        CustomField {
            id: CustomFieldId::from_uuid(uuid::Uuid::nil()),
            object: ObjectKind::Contact,
            key: "shoe_size".to_owned(),
            label: LocalizedText::new("Shoe size", "鞋码"),
            kind,
            created_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_key_is_snake_case() {
        let mut wrong = field(CustomFieldKind::Number);
        wrong.key = "Shoe Size".to_owned();

        assert!(wrong.check().is_err());
        assert!(field(CustomFieldKind::Number).check().is_ok());
    }

    #[test]
    fn a_value_must_be_of_the_fields_type() {
        let options = vec!["a".to_owned(), "b".to_owned()];
        let text = |text: &str| CustomValue::Text(text.to_owned());
        let cases = [
            (CustomFieldKind::Number, CustomValue::Number(4.5), true),
            (
                CustomFieldKind::Number,
                CustomValue::Number(f64::NAN),
                false,
            ),
            (CustomFieldKind::Number, text("4.5"), false),
            (CustomFieldKind::Date, text("2026-02-28"), true),
            (CustomFieldKind::Date, text("2026-02-30"), false),
            (
                CustomFieldKind::Choice {
                    options: options.clone(),
                },
                text("a"),
                true,
            ),
            (
                CustomFieldKind::Choice {
                    options: options.clone(),
                },
                text("c"),
                false,
            ),
            (
                CustomFieldKind::MultipleChoice { options },
                CustomValue::Choices(vec!["b".into()]),
                true,
            ),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(
                field(kind.clone()).check_value(&value).is_ok(),
                expected,
                "{kind:?} {value:?}"
            );
        }
    }
}
