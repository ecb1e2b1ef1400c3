//! The part of `deny.toml` that we check ourselves.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use toml::{Table, Value};

/// Allowed licences, allowed repetitions, reserved packages.
#[derive(Debug)]
pub(crate) struct Rules {
    allowed: Vec<String>,
    exceptions: Vec<(String, Vec<String>)>,
    clarified: Vec<(String, String)>,
    repeatable: Vec<String>,
    reserved: Vec<Reserved>,
}

/// A package that only these packages may name.
#[derive(Debug)]
struct Reserved {
    name: String,
    owners: Vec<String>,
    reason: String,
}

impl Rules {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("reading {}", path.display()))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let file: Table = text.parse()?;
        let list = |area: &str, name: &str| -> Vec<Value> {
            let list = file
                .get(area)
                .and_then(|area| area.get(name))
                .and_then(Value::as_array);
            list.cloned().unwrap_or_default()
        };
        let allowed = texts(&list("licenses", "allow"));
        let exceptions = list("licenses", "exceptions")
            .iter()
            .map(|entry| Ok((text_of(entry, "crate")?, texts_of(entry, "allow"))))
            .collect::<Result<_>>()?;
        let clarified = list("licenses", "clarify")
            .iter()
            .map(|entry| Ok((text_of(entry, "crate")?, text_of(entry, "expression")?)))
            .collect::<Result<_>>()?;
        let repeatable = list("bans", "skip")
            .iter()
            .map(|entry| text_of(entry, "reason").and(text_of(entry, "crate")))
            .collect::<Result<_>>()?;
        let reserved = list("bans", "deny")
            .iter()
            .map(Reserved::parse)
            .collect::<Result<_>>()?;
        Ok(Self {
            allowed,
            exceptions,
            clarified,
            repeatable,
            reserved,
        })
    }

    /// Whether a package may come under the licence.
    pub(crate) fn accepts(&self, package: &str, licence: &str) -> bool {
        let mut lists = self.exceptions.iter().filter(|(name, _)| name == package);
        self.allowed.iter().any(|allowed| allowed == licence)
            || lists.any(|(_, list)| list.iter().any(|allowed| allowed == licence))
    }

    /// The licence that we found by reading, for a package that names none.
    pub(crate) fn clarified(&self, package: &str) -> Option<&str> {
        let entry = self.clarified.iter().find(|(name, _)| name == package);
        entry.map(|(_, expression)| expression.as_str())
    }

    pub(crate) fn may_repeat(&self, package: &str) -> bool {
        self.repeatable.iter().any(|name| name == package)
    }

    pub(crate) fn repeatable(&self) -> impl Iterator<Item = &str> {
        self.repeatable.iter().map(String::as_str)
    }

    /// Why `package` may not depend on `needed`, if it may not.
    pub(crate) fn refuses(&self, package: &str, needed: &str) -> Option<&str> {
        let reserved = self
            .reserved
            .iter()
            .find(|reserved| reserved.name == needed)?;
        let is_owner = reserved.owners.iter().any(|owner| owner == package);
        (!is_owner).then_some(reserved.reason.as_str())
    }
}

impl Reserved {
    fn parse(entry: &Value) -> Result<Self> {
        Ok(Self {
            name: text_of(entry, "crate")?,
            owners: texts_of(entry, "wrappers"),
            reason: text_of(entry, "reason")?,
        })
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn texts_of(entry: &Value, name: &str) -> Vec<String> {
    texts(
        entry
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice),
    )
}

fn text_of(entry: &Value, name: &str) -> Result<String> {
    let text = entry.get(name).and_then(Value::as_str);
    Ok(text
        .with_context(|| format!("`{name}` is missing in {entry:?}"))?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_package_is_for_its_owners() {
        let rules = Rules::parse(
            r#"
            [bans]
            deny = [{ crate = "axum", wrappers = ["server"], reason = "HTTP lives in one place" }]
            "#,
        )
        .unwrap();

        assert_eq!(rules.refuses("server", "axum"), None);
        assert_eq!(
            rules.refuses("store", "axum"),
            Some("HTTP lives in one place")
        );
        assert_eq!(rules.refuses("store", "serde"), None);
    }

    #[test]
    fn licence_may_be_an_exception_for_one_package() {
        let rules = Rules::parse(
            r#"
            [licenses]
            allow = ["MIT"]
            exceptions = [{ crate = "roots", allow = ["CDLA-Permissive-2.0"] }]
            "#,
        )
        .unwrap();

        assert!(rules.accepts("roots", "CDLA-Permissive-2.0"));
        assert!(!rules.accepts("other", "CDLA-Permissive-2.0"));
    }

    #[test]
    fn repetition_without_a_reason_is_refused() {
        let error = Rules::parse("[bans]\nskip = [{ crate = \"syn\" }]").unwrap_err();

        assert!(error.to_string().contains("`reason` is missing"), "{error}");
    }
}
