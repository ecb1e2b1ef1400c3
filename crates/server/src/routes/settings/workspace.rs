//! The workspace's settings as the API shows and takes them.

use rapport_domain::{Currency, Violation};
use rapport_store::settings::WorkspaceSettings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What holds for the whole workspace.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Settings {
    /// Name of the workspace.
    pub(crate) workspace_name: String,
    /// Currency of amounts whose source tells none, as an ISO 4217 code.
    pub(crate) default_currency: String,
    /// Country whose phone numbers may lack their country code, as two letters (ISO 3166).
    pub(crate) default_region: String,
    /// Whether contacts are attached to the company of their e-mail domain by themselves.
    pub(crate) attaches_companies: bool,
}

/// Settings to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsPatch {
    /// Name of the workspace.
    pub(super) workspace_name: Option<String>,
    /// Currency of amounts whose source tells none.
    pub(super) default_currency: Option<String>,
    /// Country whose phone numbers may lack their country code.
    pub(super) default_region: Option<String>,
    /// Whether contacts are attached to the company of their e-mail domain by themselves.
    pub(super) attaches_companies: Option<bool>,
}

impl From<WorkspaceSettings> for Settings {
    fn from(settings: WorkspaceSettings) -> Self {
        Self {
            workspace_name: settings.name,
            default_currency: settings.default_currency.to_string(),
            default_region: settings.default_region,
            attaches_companies: settings.attaches_companies,
        }
    }
}

impl SettingsPatch {
    /// Sets what is present; tells the rules that it breaks.
    pub(super) fn apply(self, settings: &mut WorkspaceSettings) -> Vec<Violation> {
        let mut violations = Vec::new();
        if let Some(name) = self.workspace_name {
            settings.name = name.trim().to_owned();
            if settings.name.is_empty() || settings.name.chars().count() > 100 {
                let message = "write a name of 1 to 100 characters";
                violations.push(Violation::new("/workspace_name", "bad_length", message));
            }
        }
        match self.default_currency.map(|code| code.parse::<Currency>()) {
            Some(Ok(currency)) => settings.default_currency = currency,
            Some(Err(_)) => {
                let message = "use a code of three letters such as EUR";
                violations.push(Violation::new(
                    "/default_currency",
                    "not_a_currency",
                    message,
                ));
            }
            None => {}
        }
        if let Some(region) = self.default_region {
            settings.default_region = region.trim().to_ascii_uppercase();
            let letters = settings.default_region.as_bytes();
            if letters.len() != 2 || !letters.iter().all(u8::is_ascii_uppercase) {
                let message = "use a country code of two letters such as CN";
                violations.push(Violation::new("/default_region", "not_a_region", message));
            }
        }
        if let Some(attaches) = self.attaches_companies {
            settings.attaches_companies = attaches;
        }
        violations
    }
}
