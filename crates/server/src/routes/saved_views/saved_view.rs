//! A saved view as the API shows and takes it.

use rapport_domain::{User, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::permissions::may_change_view;
use crate::respond::Record;
use crate::wire::{ListKind, Patch, Time};

/// A list as somebody wants to see it again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedView {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The list.
    pub(crate) list: ListKind,
    /// What it is called.
    pub(crate) name: String,
    /// Query string of the list's page, without `?`.
    pub(crate) query: String,
    /// Whether everybody sees it.
    pub(crate) is_shared: bool,
    /// Whether the caller may change and delete it.
    pub(crate) may_change: bool,
    /// When it was made.
    pub(crate) created_at: Time,
    /// Latest change.
    pub(crate) updated_at: Time,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// The views that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedViewList {
    /// The views, of all lists.
    pub(crate) saved_views: Vec<SavedView>,
}

/// A new view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedViewInput {
    /// The list.
    pub(super) list: ListKind,
    /// What it is called; at most 80 characters.
    pub(super) name: String,
    /// Query string of the list's page, without `?`; at most 8,000 characters.
    pub(super) query: String,
    /// Whether everybody sees it.
    #[serde(default)]
    pub(super) is_shared: bool,
}

/// Fields to set: a merge patch.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedViewPatch {
    /// What it is called; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    name: Patch<String>,
    /// Query string of the list's page, without `?`.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    query: Patch<String>,
    /// Whether everybody sees it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_shared: Patch<bool>,
}

impl SavedViewPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(self, view: &mut rapport_domain::SavedView) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.name
            .apply_required(&mut view.name, "/name", &mut violations);
        self.query
            .apply_required(&mut view.query, "/query", &mut violations);
        self.is_shared
            .apply_required(&mut view.is_shared, "/is_shared", &mut violations);
        violations.extend(view.check().err().into_iter().flat_map(|e| e.violations));
        violations
    }
}

impl SavedView {
    /// The view as a user sees it.
    pub(super) fn of(view: rapport_domain::SavedView, user: &User) -> Self {
        Self {
            id: view.id.0,
            list: view.list.into(),
            may_change: may_change_view(user, &view),
            name: view.name,
            query: view.query,
            is_shared: view.is_shared,
            created_at: Time(view.created_at),
            updated_at: Time(view.updated_at),
            version: view.version,
        }
    }
}

impl From<SavedView> for Record<SavedView> {
    fn from(view: SavedView) -> Self {
        Self {
            version: view.version,
            body: view,
        }
    }
}
