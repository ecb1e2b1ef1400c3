//! One field of a JSON merge patch (RFC 7396).

use rapport_domain::Violation;
use serde::{Deserialize, Deserializer};

/// What a merge patch says about one field: nothing, `null`, or a new value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Patch<T> {
    /// The field is absent: leave it.
    #[default]
    Keep,
    /// The field is `null`: clear it.
    Clear,
    /// The new value.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            None => Self::Clear,
            Some(value) => Self::Set(value),
        })
    }
}

impl<T> Patch<T> {
    /// Changes a field that may be empty.
    pub(crate) fn apply<U: From<T>>(self, field: &mut Option<U>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value.into()),
        }
    }

    /// Changes a field that always has a value; `null` is a violation.
    pub(crate) fn apply_required<U: From<T>>(
        self,
        field: &mut U,
        pointer: &'static str,
        violations: &mut Vec<Violation>,
    ) {
        match self {
            Self::Keep => {}
            Self::Clear => violations.push(Violation::new(
                pointer,
                "required",
                "cannot be empty: leave it out or give a value",
            )),
            Self::Set(value) => *field = value.into(),
        }
    }
}

impl Patch<String> {
    /// Changes a text that may be empty; a blank text clears it.
    pub(crate) fn apply_text(self, field: &mut Option<String>) {
        match self {
            Self::Set(text) if text.trim().is_empty() => *field = None,
            other => other.map(|text| text.trim().to_owned()).apply(field),
        }
    }

    /// Changes a field that is read from text, such as an e-mail address; blank clears it.
    pub(crate) fn apply_parsed<U: std::str::FromStr<Err = rapport_domain::Invalid>>(
        self,
        field: &mut Option<U>,
        violations: &mut Vec<Violation>,
    ) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(text) if text.trim().is_empty() => *field = None,
            Self::Set(text) => match text.trim().parse() {
                Ok(value) => *field = Some(value),
                Err(invalid) => violations.extend(invalid.violations),
            },
        }
    }
}

impl Patch<Vec<String>> {
    /// Replaces a list of labels; `null` empties it. Blanks and repeats are dropped.
    pub(crate) fn apply_list(self, field: &mut Vec<String>) {
        match self {
            Self::Keep => {}
            Self::Clear => field.clear(),
            Self::Set(labels) => {
                field.clear();
                for label in labels.iter().map(|label| label.trim()) {
                    if !label.is_empty() && !field.iter().any(|known| known == label) {
                        field.push(label.to_owned());
                    }
                }
            }
        }
    }
}

impl<T> Patch<T> {
    /// The same patch with its value turned into another.
    pub(crate) fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Form {
        #[serde(default)]
        title: Patch<String>,
    }

    fn patched(json: &str) -> Option<String> {
        let mut title = Some("old".to_owned());
        let form: Form = serde_json::from_str(json).unwrap();
        form.title.apply_text(&mut title);
        title
    }

    #[test]
    fn absent_keeps_null_clears_and_a_value_replaces() {
        assert_eq!(patched("{}").as_deref(), Some("old"));
        assert_eq!(patched(r#"{"title":null}"#), None);
        assert_eq!(patched(r#"{"title":" new "}"#).as_deref(), Some("new"));
        assert_eq!(patched(r#"{"title":"  "}"#), None);
    }

    #[test]
    fn a_required_field_cannot_be_cleared() {
        let (mut name, mut violations) = ("old".to_owned(), Vec::new());

        Patch::<String>::Clear.apply_required(&mut name, "/name", &mut violations);

        assert_eq!(name, "old");
        assert_eq!(
            (violations[0].pointer, violations[0].code),
            ("/name", "required")
        );
    }
}
