//! What API keys can be given: the one table from scopes to actions and to the addresses that they
//! are taken at.
//!
//! A key acts as its user, so that a scope only ever narrows what the user's role allows. What stands
//! in no row is out of every key's reach: passwords, sessions, accounts, and keys themselves, or a
//! lost key could make itself another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Action;

macro_rules! scopes {
    ($($(#[$doc:meta])* $variant:ident $name:tt: $action:ident on $resources:tt;)+) => {
        /// Something that an API key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum Scope {$(
            $(#[$doc])*
            #[serde(rename = $name)]
            $variant,
        )+}

        impl Scope {
            /// All scopes, in the order in which people choose them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the records and in the API.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The action, and the first segments of the addresses where it is allowed; none means
            /// all of them.
            const fn grant(self) -> (Action, &'static [&'static str]) {
                match self { $(Self::$variant => (Action::$action, &$resources)),+ }
            }
        }
    };
}

scopes! {
    /// See everything that its user sees, search and reports included.
    RecordsRead "records:read": ReadRecords on [];
    /// See contacts with their profiles and timelines, and which may be one person.
    ContactsRead "contacts:read": ReadRecords on ["contacts", "match_pairs"];
    /// Create, change and delete contacts.
    ContactsWrite "contacts:write": WriteRecords on ["contacts", "match_pairs"];
    /// See companies.
    CompaniesRead "companies:read": ReadRecords on ["companies"];
    /// Create, change and delete companies.
    CompaniesWrite "companies:write": WriteRecords on ["companies"];
    /// See deals and pipelines.
    DealsRead "deals:read": ReadRecords on ["deals", "pipelines"];
    /// Create, change and delete deals and pipelines.
    DealsWrite "deals:write": WriteRecords on ["deals", "pipelines"];
    /// See tickets.
    TicketsRead "tickets:read": ReadRecords on ["tickets"];
    /// Create, change and delete tickets.
    TicketsWrite "tickets:write": WriteRecords on ["tickets"];
    /// See tasks.
    TasksRead "tasks:read": ReadRecords on ["tasks"];
    /// Create, change and delete tasks.
    TasksWrite "tasks:write": WriteRecords on ["tasks"];
    /// See bulk edits and what became of them.
    BulkEditsRead "bulk_edits:read": ReadRecords on ["bulk_edits"];
    /// Stop bulk edits and take them back.
    BulkEditsWrite "bulk_edits:write": WriteRecords on ["bulk_edits"];
    /// See notes.
    NotesRead "notes:read": ReadRecords on ["notes"];
    /// Write, change and delete notes.
    NotesWrite "notes:write": WriteRecords on ["notes"];
    /// See products and orders.
    OrdersRead "orders:read": ReadRecords on ["orders", "products"];
    /// See campaigns.
    CampaignsRead "campaigns:read": ReadRecords on ["campaigns"];
    /// See segments and their members.
    SegmentsRead "segments:read": ReadRecords on ["segmentations", "segments"];
    /// See models and training runs.
    ModelsRead "models:read": ReadRecords on ["models", "runs"];
    /// Train segments.
    ModelsTrain "models:train": TrainModels on ["segmentations"];
    /// Change which model serves.
    ModelsPromote "models:promote": PromoteModels on ["models", "segmentations"];
    /// See imports, jobs and sources.
    ImportsRead "imports:read": ReadRecords
        on ["imports", "import_fields", "import_presets", "jobs", "sources", "ledger", "match_runs"];
    /// Upload files, and run, stop and undo imports.
    ImportsRun "imports:run": ImportFiles on ["imports", "jobs", "match_runs"];
    /// Take whole lists away as files.
    ExportsRead "exports:read": ExportRecords on ["exports", "imports", "bulk_edits"];
    /// See settings, custom fields, teams and colleagues' names.
    SettingsRead "settings:read": ReadRecords on ["settings", "custom_fields", "users", "teams"];
    /// Change the workspace's settings.
    SettingsWrite "settings:write": ManageSettings on ["settings"];
    /// Define custom fields.
    FieldsWrite "fields:write": DefineFields on ["custom_fields"];
    /// Add sources, and make and revoke their write keys.
    SourcesWrite "sources:write": ManageSources on ["sources", "write_keys"];
    /// Add, change and remove mailboxes, and have them read; their passwords are shown to nobody.
    MailboxesWrite "mailboxes:write": ManageMailboxes on ["mailboxes", "mailbox_checks"];
    /// Keep webhooks, which tell what its user sees, whatever else the key may read.
    WebhooksWrite "webhooks:write": ManageWebhooks on ["webhooks"];
    /// See who changed and saw what, with the values, whatever else the key may read.
    AuditRead "audit:read": ReadAudit on ["audit"];
}

impl Scope {
    /// The action that the scope is about.
    pub(crate) const fn action(self) -> Action {
        self.grant().0
    }

    /// The scope of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }
}

/// Whether a key with these scopes may do something at addresses that begin with `resource`. Every
/// key may ask whose it is. That a role must see or change everything to do something is the role's matter:
/// for a key it is one more thing to read or to write.
pub(crate) fn covers(scopes: &[Scope], action: Action, resource: &str) -> bool {
    let action = match action {
        Action::KeepOwnAccount => return resource == "session",
        Action::ReadEverything => Action::ReadRecords,
        Action::ArrangePipelines => Action::WriteRecords,
        action => action,
    };
    scopes.iter().any(|scope| {
        let (granted, resources) = scope.grant();
        granted == action && (resources.is_empty() || resources.contains(&resource))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_known_by_its_name() {
        for &scope in Scope::ALL {
            assert_eq!(Scope::named(scope.name()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.name());
        }
        assert_eq!(Scope::named("contacts:*"), None);
    }

    #[test]
    fn a_scope_covers_its_action_at_its_addresses_alone() {
        let scopes = [Scope::ContactsWrite];

        assert!(covers(&scopes, Action::WriteRecords, "contacts"));
        assert!(!covers(&scopes, Action::ReadRecords, "contacts"));
        assert!(!covers(&scopes, Action::WriteRecords, "companies"));
        assert!(covers(&[Scope::RecordsRead], Action::ReadRecords, "search"));
        assert!(!covers(
            &[Scope::RecordsRead],
            Action::ExportRecords,
            "exports"
        ));
        assert!(!covers(&[], Action::ReadRecords, "contacts"));
        assert!(covers(
            &[Scope::ImportsRead],
            Action::ReadEverything,
            "jobs"
        ));
        assert!(!covers(
            &[Scope::ImportsRead],
            Action::ArrangePipelines,
            "pipelines"
        ));
        assert!(covers(
            &[Scope::DealsWrite],
            Action::ArrangePipelines,
            "pipelines"
        ));
    }

    #[test]
    fn no_scope_reaches_accounts() {
        let all = Scope::ALL;

        for resource in ["me", "api_keys", "users", "saved_views"] {
            assert!(!covers(all, Action::KeepOwnAccount, resource), "{resource}");
            assert!(!covers(all, Action::ManageUsers, resource), "{resource}");
        }
        assert!(covers(&[], Action::KeepOwnAccount, "session"));
    }
}
