//! The rules of merges as the API shows and takes them.

use std::collections::BTreeMap;

use rapport_domain::{SourceId, Survivorship, SurvivorshipField, Violation};
use rapport_store::{Store, sources};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::wire::SurvivorshipRule;

/// Sources that may be named.
const N_SOURCES_MAX: usize = 500;
/// Fields that may have rules.
const N_FIELDS_MAX: usize = 500;
/// What stands before the key of a custom field.
const CUSTOM: &str = "custom.";

/// Which values survive a merge of two contacts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SurvivorshipSettings {
    /// The rule of fields that have none of their own.
    usual: SurvivorshipRule,
    /// Rules of fields: `name`, `email`, `phone`, `title`, `company`, `owner`, `address`, `language`,
    /// `custom` (custom fields without a rule of their own) and `custom.` with the key of one.
    fields: BTreeMap<String, SurvivorshipRule>,
    /// Sources, the most trusted first; the others are trusted less than all of these.
    trusted_sources: Vec<Uuid>,
}

/// Rules of merges to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurvivorshipPatch {
    /// The rule of fields that have none of their own.
    usual: Option<SurvivorshipRule>,
    /// Rules of fields; those that are not named stay as they are, and with `null` a field has the usual rule.
    #[serde(default)]
    fields: BTreeMap<String, RuleOrUsual>,
    /// Sources, the most trusted first.
    trusted_sources: Option<Vec<Uuid>>,
}

/// A rule, or `null` for the usual one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct RuleOrUsual(Option<SurvivorshipRule>);

impl From<Survivorship> for SurvivorshipSettings {
    fn from(rules: Survivorship) -> Self {
        let fields = rules.fields.into_iter();
        let fields = fields.map(|(field, rule)| (field.name().to_owned(), rule.into()));
        let custom = rules.custom.into_iter();
        let custom = custom.map(|(key, rule)| (format!("{CUSTOM}{key}"), rule.into()));
        Self {
            usual: rules.usual.into(),
            fields: fields.chain(custom).collect(),
            trusted_sources: rules.trusted.into_iter().map(Into::into).collect(),
        }
    }
}

impl SurvivorshipPatch {
    /// Sets what is present; tells the rules that it breaks.
    pub(crate) fn apply(self, rules: &mut Survivorship) -> Vec<Violation> {
        let mut violations = Vec::new();
        if let Some(usual) = self.usual {
            rules.usual = usual.into();
        }
        for (name, RuleOrUsual(rule)) in self.fields {
            let rule = rule.map(Into::into);
            let custom = name.strip_prefix(CUSTOM).filter(|key| !key.is_empty());
            match (SurvivorshipField::named(&name), custom, rule) {
                (Some(field), _, Some(rule)) => drop(rules.fields.insert(field, rule)),
                (Some(field), _, None) => drop(rules.fields.remove(&field)),
                (None, Some(key), Some(rule)) => drop(rules.custom.insert(key.to_owned(), rule)),
                (None, Some(key), None) => drop(rules.custom.remove(key)),
                (None, None, _) => {
                    let message = format!(
                        "`{name}` is no field that has a rule; name a custom one as custom.KEY"
                    );
                    violations.push(Violation::new("/fields", "unknown_field", message));
                }
            }
        }
        if rules.custom.len() > N_FIELDS_MAX {
            let message = format!("give at most {N_FIELDS_MAX} custom fields rules of their own");
            violations.push(Violation::new("/fields", "too_many", message));
        }
        if let Some(sources) = self.trusted_sources {
            let mut trusted: Vec<SourceId> = Vec::new();
            for source in sources.into_iter().map(SourceId) {
                if !trusted.contains(&source) {
                    trusted.push(source);
                }
            }
            if trusted.len() > N_SOURCES_MAX {
                let message = format!("name at most {N_SOURCES_MAX} sources");
                violations.push(Violation::new("/trusted_sources", "too_many", message));
            }
            rules.trusted = trusted;
        }
        violations
    }
}

/// Refuses rules that name a source which is not there.
pub(crate) async fn check_sources(store: &Store, rules: &Survivorship) -> ApiResult<()> {
    for (source, at) in rules.trusted.iter().zip(0..) {
        if sources::find(store, *source).await?.is_none() {
            let pointer = format!("/trusted_sources/{at}");
            let message = "there is no such source; read the list of sources again";
            return Err(ApiError::unprocessable(
                pointer,
                "unknown_reference",
                message,
            ));
        }
    }
    Ok(())
}
