//! The types of custom fields and their values: what a value must be, and its standard form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Date, EmailAddress, PhoneNumber, Timestamp};

/// The type of a custom field's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CustomFieldKind {
    /// Free text of at most 2,000 characters.
    Text,
    /// Free text of at most 20,000 characters, of several lines.
    LongText,
    /// A finite number.
    Number,
    /// A whole number of at most 15 digits.
    Integer,
    /// Yes or no.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    Timestamp,
    /// An address on the web.
    Url,
    /// An e-mail address.
    Email,
    /// A phone number with its country code.
    Phone,
    /// One of the options.
    Choice {
        /// What may be chosen, as records hold it.
        options: Vec<String>,
        /// What options are called on the screen, where it is something else.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        labels: BTreeMap<String, String>,
    },
    /// Any of the options.
    MultipleChoice {
        /// What may be chosen, as records hold it.
        options: Vec<String>,
        /// What options are called on the screen, where it is something else.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        labels: BTreeMap<String, String>,
    },
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

/// The largest whole number that a `f64` and every reader of JSON hold exactly, in round digits.
const INTEGER_MAX: f64 = 999_999_999_999_999.0;

impl CustomFieldKind {
    /// One of these options.
    pub fn choice<'o>(options: impl IntoIterator<Item = &'o str>) -> Self {
        Self::Choice {
            options: options.into_iter().map(str::to_owned).collect(),
            labels: BTreeMap::new(),
        }
    }

    /// Any of these options.
    pub fn multiple_choice<'o>(options: impl IntoIterator<Item = &'o str>) -> Self {
        Self::MultipleChoice {
            options: options.into_iter().map(str::to_owned).collect(),
            labels: BTreeMap::new(),
        }
    }

    /// What may be chosen; none for other types.
    pub fn options(&self) -> Option<&[String]> {
        match self {
            Self::Choice { options, .. } | Self::MultipleChoice { options, .. } => Some(options),
            _ => None,
        }
    }

    /// What options are called on the screen; none for other types.
    pub fn labels(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Self::Choice { labels, .. } | Self::MultipleChoice { labels, .. } => Some(labels),
            _ => None,
        }
    }

    /// The option that a text names, by what records hold or by its label, whatever the case.
    pub fn option_named(&self, text: &str) -> Option<&str> {
        let folded = text.trim().to_lowercase();
        let label = |option: &String| self.labels()?.get(option).map(|it| it.to_lowercase());
        let options = self.options()?.iter();
        let mut named = options.filter(|option| {
            option.to_lowercase() == folded || label(option).is_some_and(|it| it == folded)
        });
        named.next().map(String::as_str)
    }

    /// Whether values are texts that people write.
    pub const fn is_textual(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::LongText | Self::Url | Self::Email | Self::Phone
        )
    }

    pub(crate) const fn can_be_unique(&self) -> bool {
        !matches!(
            self,
            Self::LongText | Self::Boolean | Self::Choice { .. } | Self::MultipleChoice { .. }
        )
    }

    pub(crate) const fn can_be_indexed(&self) -> bool {
        !matches!(self, Self::LongText | Self::MultipleChoice { .. })
    }

    /// The standard form of a value; none where it is blank. Instants are written in UTC with all
    /// their digits, so that their texts sort as they do.
    pub(crate) fn read(&self, value: CustomValue) -> Result<Option<CustomValue>, String> {
        let read = match (self, value) {
            (Self::Boolean, CustomValue::Boolean(value)) => Some(CustomValue::Boolean(value)),
            (Self::Number | Self::Integer, CustomValue::Number(number)) => self.read_number(number),
            (Self::MultipleChoice { .. }, CustomValue::Choices(chosen)) => {
                if chosen.is_empty() {
                    return Ok(None);
                }
                self.read_choices(&chosen)
            }
            (Self::Boolean | Self::Number | Self::Integer | Self::MultipleChoice { .. }, _) => None,
            (_, CustomValue::Text(text)) => {
                if text.trim().is_empty() {
                    return Ok(None);
                }
                self.read_text(text.trim()).map(CustomValue::Text)
            }
            _ => None,
        };
        read.map(Some).ok_or_else(|| self.expected())
    }

    fn read_number(&self, number: f64) -> Option<CustomValue> {
        let is_whole = number.fract() == 0.0 && number.abs() <= INTEGER_MAX;
        let is_good = number.is_finite() && (*self == Self::Number || is_whole);
        // There is no minus nought.
        is_good.then_some(CustomValue::Number(number + 0.0))
    }

    fn read_choices(&self, chosen: &[String]) -> Option<CustomValue> {
        let options = self.options()?;
        if !chosen.iter().all(|choice| options.contains(choice)) {
            return None;
        }
        let in_order = options.iter().filter(|option| chosen.contains(option));
        Some(CustomValue::Choices(in_order.cloned().collect()))
    }

    fn read_text(&self, text: &str) -> Option<String> {
        let within = |max: usize| text.chars().count() <= max && !text.contains('\0');
        match self {
            Self::Text => within(2_000).then(|| text.to_owned()),
            Self::LongText => within(20_000).then(|| text.to_owned()),
            Self::Url => (within(2_000) && is_web_address(text)).then(|| text.to_owned()),
            Self::Email => text.parse::<EmailAddress>().ok().map(|it| it.to_string()),
            Self::Phone => text.parse::<PhoneNumber>().ok().map(|it| it.to_string()),
            Self::Date => {
                let date = text.parse::<Date>().ok()?.to_string();
                is_of_four_digit_year(&date).then_some(date)
            }
            Self::Timestamp => {
                let instant = text.parse::<Timestamp>().ok()?.to_sortable();
                is_of_four_digit_year(&instant).then_some(instant)
            }
            Self::Choice { options, .. } => {
                let chosen = options.iter().find(|option| *option == text);
                chosen.cloned()
            }
            Self::Number | Self::Integer | Self::Boolean | Self::MultipleChoice { .. } => None,
        }
    }

    /// The form of a value, for people.
    pub fn expected(&self) -> String {
        let fixed = match self {
            Self::Text => "a text of at most 2,000 characters",
            Self::LongText => "a text of at most 20,000 characters",
            Self::Number => "a number",
            Self::Integer => "a whole number of at most 15 digits",
            Self::Boolean => "true or false",
            Self::Date => "a date such as 2026-11-24",
            Self::Timestamp => "an instant such as 2026-11-24T09:30:00Z",
            Self::Url => "an address such as https://example.com",
            Self::Email => "an e-mail address such as name@example.com",
            Self::Phone => "a phone number with its country code such as +442079460958",
            Self::Choice { options, .. } => return format!("one of {}", options.join(", ")),
            Self::MultipleChoice { options, .. } => {
                return format!("a list with any of {}", options.join(", "));
            }
        };
        fixed.to_owned()
    }
}

/// Whether a text is an address that a browser may follow from a page: never a script.
fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with(['/', '?', '#'])
            && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

/// Whether a date begins with a year of four digits, as all must that are sorted as texts.
fn is_of_four_digit_year(text: &str) -> bool {
    text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[0].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> CustomValue {
        CustomValue::Text(text.to_owned())
    }

    fn choices<const N: usize>(chosen: [&str; N]) -> CustomValue {
        CustomValue::Choices(chosen.map(str::to_owned).to_vec())
    }

    #[test]
    fn a_value_must_be_of_the_fields_type() {
        use CustomFieldKind as K;
        let check = |kind: K, value: CustomValue, expected: Option<CustomValue>| {
            let read = kind.read(value.clone()).ok().flatten();
            assert_eq!(read, expected, "{kind:?} {value:?}");
        };
        let same = |kind: K, value: CustomValue| check(kind, value.clone(), Some(value));

        same(K::Number, CustomValue::Number(4.5));
        check(K::Number, CustomValue::Number(f64::NAN), None);
        check(K::Number, text("4.5"), None);
        same(K::Integer, CustomValue::Number(-12.0));
        check(K::Integer, CustomValue::Number(4.5), None);
        check(K::Integer, CustomValue::Number(1e16), None);
        same(K::Date, text("2026-02-28"));
        check(K::Date, text("2026-02-30"), None);
        check(
            K::Timestamp,
            text("2026-02-28T10:00:00.5+02:00"),
            Some(text("2026-02-28T08:00:00.500000Z")),
        );
        check(K::Text, text("  a "), Some(text("a")));
        check(K::Text, text("a\0b"), None);
        check(K::Text, text(&"字".repeat(2_001)), None);
        same(K::Url, text("https://example.com/a?b=c"));
        check(K::Url, text("javascript:alert(1)"), None);
        check(K::Url, text("https://a b"), None);
        check(K::Email, text("nobody"), None);
        same(K::Phone, text("+442079460958"));
        same(K::choice(["a", "b"]), text("a"));
        check(K::choice(["a", "b"]), text("c"), None);
        check(
            K::multiple_choice(["a", "b"]),
            choices(["b", "a", "b"]),
            Some(choices(["a", "b"])),
        );
        check(K::multiple_choice(["a", "b"]), choices(["c"]), None);
        check(K::Boolean, text("true"), None);
    }

    #[test]
    fn what_is_blank_is_no_value() {
        assert_eq!(CustomFieldKind::Text.read(text("  ")), Ok(None));
        let several = CustomFieldKind::multiple_choice(["a"]);
        assert_eq!(several.read(choices([])), Ok(None));
    }

    #[test]
    fn an_option_goes_by_its_label_too() {
        let mut kind = CustomFieldKind::choice(["gold", "silver"]);
        if let CustomFieldKind::Choice { labels, .. } = &mut kind {
            labels.insert("gold".to_owned(), "Gold tier".to_owned());
        }

        assert_eq!(kind.option_named(" GOLD TIER "), Some("gold"));
        assert_eq!(kind.option_named("Silver"), Some("silver"));
        assert_eq!(kind.option_named("bronze"), None);
    }

    #[test]
    fn a_type_reads_back_what_earlier_versions_wrote() {
        let json = r#"{"kind":"choice","options":["a","b"]}"#;

        let kind: CustomFieldKind = serde_json::from_str(json).unwrap();

        assert_eq!(kind, CustomFieldKind::choice(["a", "b"]));
        assert_eq!(serde_json::to_string(&kind).unwrap(), json);
    }
}
