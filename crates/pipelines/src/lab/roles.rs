//! Roles: which column of a file stands for what, as `--map role=column` says.

use std::collections::BTreeMap;

use super::table::LabError;

/// Columns by role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles(BTreeMap<String, String>);

impl Roles {
    /// Reads `role=column` wishes.
    ///
    /// # Errors
    /// [`LabError::Role`] for a role that is not `known`, is given twice, or has no column.
    pub fn parse(wishes: &[String], known: &[&str]) -> Result<Self, LabError> {
        let mut roles = BTreeMap::new();
        for wish in wishes {
            let refuse = |reason: &str| {
                let known = known.join(", ");
                Err(LabError::Role(format!(
                    "--map {wish:?} {reason}; roles are {known}"
                )))
            };
            let Some((role, column)) = wish.split_once('=') else {
                return refuse("must be ROLE=COLUMN");
            };
            if column.is_empty() {
                return refuse("names no column");
            }
            if !known.contains(&role) {
                return refuse("has a role that the task does not know");
            }
            if roles.insert(role.to_owned(), column.to_owned()).is_some() {
                return refuse("gives a role twice");
            }
        }
        Ok(Self(roles))
    }

    /// The column of a role.
    pub(super) fn get(&self, role: &str) -> Option<&str> {
        self.0.get(role).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(wishes: &[&str]) -> Result<Roles, LabError> {
        let wishes: Vec<String> = wishes.iter().map(|wish| (*wish).to_owned()).collect();
        Roles::parse(&wishes, &["id", "label"])
    }

    #[test]
    fn a_role_names_a_column_or_an_index() {
        let roles = parse(&["id=Customer ID", "label=#3"]).unwrap();

        assert_eq!(roles.get("id"), Some("Customer ID"));
        assert_eq!(roles.get("label"), Some("#3"));
    }

    #[test]
    fn what_is_no_role_is_refused_with_the_known_ones() {
        for wish in ["id", "id=", "target=x"] {
            let error = parse(&[wish]).unwrap_err().to_string();
            assert!(error.contains("id, label"), "{error}");
        }
        assert!(parse(&["id=a", "id=b"]).is_err());
    }
}
