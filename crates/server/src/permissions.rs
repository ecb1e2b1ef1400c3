//! Who may do what: the one place where it is decided.

mod scopes;

use rapport_domain::{Note, Role, SavedView, User};

pub(crate) use scopes::{Scope, covers};

/// Something that a user may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// See records, segments, imports, jobs and colleagues' names.
    ReadRecords,
    /// Change one's own name, language, theme and password, and keep views of lists.
    KeepOwnAccount,
    /// Create, change and delete records.
    WriteRecords,
    /// Upload files, map, run and stop imports.
    ImportFiles,
    /// Take whole lists away as files.
    ExportRecords,
    /// Train segments.
    TrainModels,
    /// Change which model serves.
    PromoteModels,
    /// Define custom fields.
    DefineFields,
    /// Add and change users, and see their accounts.
    ManageUsers,
    /// Change the workspace's settings.
    ManageSettings,
    /// Add sources of events, and make and revoke their keys.
    ManageSources,
}

/// Whether a role may do something.
pub(crate) const fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::ReadRecords | Action::KeepOwnAccount => true,
        Action::WriteRecords
        | Action::ImportFiles
        | Action::ExportRecords
        | Action::TrainModels => role.can_write(),
        Action::PromoteModels
        | Action::DefineFields
        | Action::ManageUsers
        | Action::ManageSettings
        | Action::ManageSources => role.can_administer(),
    }
}

/// Whether somebody who may write records may change or delete this note: it bears its author's name, and
/// nobody else puts words under that but an administrator. A note from a file is nobody's.
pub(crate) fn may_change_note(user: &User, note: &Note) -> bool {
    user.role.can_administer() || note.author_id.is_none_or(|author| author == user.id)
}

/// Whether somebody sees a view: the own ones, and those that are shared.
pub(crate) fn may_see_view(user: &User, view: &SavedView) -> bool {
    view.is_shared || view.owner_id == user.id
}

/// Whether somebody may change or delete a view: the own ones, and administrators those that are
/// shared, for who made them may be gone.
pub(crate) fn may_change_view(user: &User, view: &SavedView) -> bool {
    view.owner_id == user.id || (view.is_shared && user.role.can_administer())
}

/// Whether somebody may show views to everybody.
pub(crate) const fn may_share_views(user: &User) -> bool {
    user.role.can_write()
}

/// A type that stands for an [`Action`], so that a handler's signature says what it needs.
pub(crate) trait Permission {
    /// The action.
    const ACTION: Action;
}

macro_rules! permissions {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("Stands for [`Action::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $name;

        impl Permission for $name {
            const ACTION: Action = Action::$name;
        }
    )+};
}

permissions! {
    ReadRecords,
    KeepOwnAccount,
    WriteRecords,
    ImportFiles,
    ExportRecords,
    TrainModels,
    PromoteModels,
    DefineFields,
    ManageUsers,
    ManageSettings,
    ManageSources,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_only_reads_and_keeps_the_own_account() {
        let all = [
            Action::ReadRecords,
            Action::KeepOwnAccount,
            Action::WriteRecords,
            Action::ImportFiles,
            Action::ExportRecords,
            Action::TrainModels,
            Action::PromoteModels,
            Action::DefineFields,
            Action::ManageUsers,
            Action::ManageSettings,
            Action::ManageSources,
        ];

        let allowed: Vec<_> = all
            .into_iter()
            .filter(|&a| allows(Role::Viewer, a))
            .collect();

        assert_eq!(allowed, [Action::ReadRecords, Action::KeepOwnAccount]);
        assert!(all.into_iter().all(|action| allows(Role::Admin, action)));
        assert!(!allows(Role::Member, Action::ManageUsers));
        assert!(!allows(Role::Member, Action::PromoteModels));
    }
}
