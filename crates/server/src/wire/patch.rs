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
    /// The new value of a field that may be empty; none where the field is left.
    pub(crate) fn value<U: From<T>>(self) -> Option<Option<U>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value.into())),
        }
    }

    /// The new value of a field that always has one; `null` is a violation.
    pub(crate) fn required<U: From<T>>(
        self,
        pointer: &'static str,
        violations: &mut Vec<Violation>,
    ) -> Option<U> {
        match self {
            Self::Keep => None,
            Self::Clear => {
                violations.push(Violation::new(
                    pointer,
                    "required",
                    "cannot be empty: leave it out or give a value",
                ));
                None
            }
            Self::Set(value) => Some(value.into()),
        }
    }

    /// Changes a field that may be empty.
    pub(crate) fn apply<U: From<T>>(self, field: &mut Option<U>) {
        if let Some(value) = self.value() {
            *field = value;
        }
    }

    /// Changes a field that always has a value; `null` is a violation.
    pub(crate) fn apply_required<U: From<T>>(
        self,
        field: &mut U,
        pointer: &'static str,
        violations: &mut Vec<Violation>,
    ) {
        if let Some(value) = self.required(pointer, violations) {
            *field = value;
        }
    }
}

impl Patch<String> {
    /// The new value of a text that may be empty; a blank text clears it.
    pub(crate) fn text(self) -> Option<Option<String>> {
        let text = self.value::<String>()?;
        let text = text.map(|text| text.trim().to_owned());
        Some(text.filter(|text| !text.is_empty()))
    }

    /// The new value of a field that is read from text, such as an e-mail address; blank clears it. A text
    /// that cannot be read is a violation.
    pub(crate) fn parsed<U: std::str::FromStr<Err = rapport_domain::Invalid>>(
        self,
        violations: &mut Vec<Violation>,
    ) -> Option<Option<U>> {
        let Some(text) = self.text()? else {
            return Some(None);
        };
        match text.parse() {
            Ok(value) => Some(Some(value)),
            Err(invalid) => {
                violations.extend(invalid.violations);
                None
            }
        }
    }
}

impl Patch<Vec<String>> {
    /// The new list of labels; `null` empties it. Blanks and repeats are dropped.
    pub(crate) fn labels(self) -> Option<Vec<String>> {
        let given = self.value::<Vec<String>>()?;
        let mut labels: Vec<String> = Vec::new();
        for label in given.unwrap_or_default() {
            let label = label.trim();
            if !label.is_empty() && !labels.iter().any(|known| known == label) {
                labels.push(label.to_owned());
            }
        }
        Some(labels)
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

    fn patched(json: &str) -> Option<Option<String>> {
        let form: Form = serde_json::from_str(json).unwrap();
        form.title.text()
    }

    #[test]
    fn absent_keeps_null_clears_and_a_value_replaces() {
        assert_eq!(patched("{}"), None);
        assert_eq!(patched(r#"{"title":null}"#), Some(None));
        assert_eq!(patched(r#"{"title":"  "}"#), Some(None));
        let new = Some("new".to_owned());
        assert_eq!(patched(r#"{"title":" new "}"#), Some(new));
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
