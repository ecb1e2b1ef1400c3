//! The permissions that handlers ask for, and who may change what bears a name. What a role allows is
//! [`rapport_domain::RolePolicy`].

mod scopes;

use rapport_domain::{ObjectKind, Reach, RolePolicy, SavedView, User, UserId, Webhook};

pub(crate) use rapport_domain::Action;
pub(crate) use scopes::{Scope, covers};

/// Whether somebody who may write records may change or delete a note of this author: it bears the author's name, and
/// nobody else puts words under that but an administrator. A note from a file is nobody's.
pub(crate) fn may_change_note(user: &User, author: Option<UserId>) -> bool {
    user.is_administrator() || author.is_none_or(|author| author == user.id)
}

/// Whether somebody sees a view: the own ones, and those that are shared.
pub(crate) fn may_see_view(user: &User, view: &SavedView) -> bool {
    view.is_shared || view.owner_id == user.id
}

/// Whether somebody may change or delete a view: the own ones, and administrators those that are
/// shared, for who made them may be gone.
pub(crate) fn may_change_view(user: &User, view: &SavedView) -> bool {
    view.owner_id == user.id || (view.is_shared && user.is_administrator())
}

/// Whether somebody who may keep webhooks sees and changes this one: the own ones, and administrators all of
/// them.
pub(crate) fn may_keep_webhook(user: &User, webhook: &Webhook) -> bool {
    user.is_administrator() || webhook.owner_id == user.id
}

/// Whether somebody may stop a bulk edit or take it back: the own ones, and whoever may change every record of
/// the kind those of others. Anyone else would end the edit without a way to change its records.
pub(crate) fn may_steer_bulk_edit(
    user: &User,
    policy: &RolePolicy,
    author: Option<UserId>,
    object: ObjectKind,
) -> bool {
    author == Some(user.id) || policy.grant(object).write == Reach::All
}

/// Whether somebody may show views to everybody.
pub(crate) fn may_share_views(policy: &RolePolicy) -> bool {
    policy.allows(Action::WriteRecords)
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
    ReadEverything,
    KeepOwnAccount,
    WriteRecords,
    ImportFiles,
    ExportRecords,
    TrainModels,
    PromoteModels,
    DefineFields,
    ArrangePipelines,
    ManageUsers,
    ManageMailboxes,
    ManageSettings,
    ManageSources,
    ManageWebhooks,
    ReadAudit,
}
