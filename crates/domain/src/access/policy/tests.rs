//! What roles allow, and which cannot be put together.

use super::*;

const ACTIONS: [Action; 15] = [
    Action::ReadRecords,
    Action::ReadEverything,
    Action::KeepOwnAccount,
    Action::WriteRecords,
    Action::ArrangePipelines,
    Action::ImportFiles,
    Action::ExportRecords,
    Action::TrainModels,
    Action::PromoteModels,
    Action::DefineFields,
    Action::ManageUsers,
    Action::ManageSettings,
    Action::ManageSources,
    Action::ManageWebhooks,
    Action::ReadAudit,
];

fn allowed(role: Role) -> Vec<Action> {
    let policy = RolePolicy::of(role);
    let allowed = ACTIONS.into_iter().filter(|action| policy.allows(*action));
    allowed.collect()
}

#[test]
fn built_in_roles_allow_what_they_always_did() {
    assert_eq!(allowed(Role::Admin), ACTIONS);
    assert_eq!(allowed(Role::Member), ACTIONS[..8]);
    assert_eq!(allowed(Role::Viewer), ACTIONS[..3]);
}

fn codes(policy: &RolePolicy) -> Vec<&'static str> {
    let invalid = policy.check().expect_err("the policy is refused");
    invalid.violations.iter().map(|v| v.code).collect()
}

#[test]
fn a_policy_that_contradicts_itself_is_refused() {
    let blind = Grant {
        read: Reach::Own,
        write: Reach::Team,
        ..Grant::default()
    };
    let policy = |object, grant: Grant, action: Option<Action>| RolePolicy {
        objects: [(object, grant)].into(),
        actions: action.into_iter().collect(),
        ..RolePolicy::default()
    };

    assert_eq!(
        codes(&policy(ObjectKind::Deal, blind, None)),
        ["wider_than_read"]
    );
    assert_eq!(
        codes(&policy(ObjectKind::Product, Grant::READ, None)),
        ["no_owner"]
    );
    let action = Some(Action::ManageUsers);
    assert_eq!(
        codes(&policy(ObjectKind::Deal, Grant::FULL, action)),
        ["not_given"]
    );
    let action = Some(Action::ImportFiles);
    assert_eq!(
        codes(&policy(ObjectKind::Deal, Grant::FULL, action)),
        ["needs_all"]
    );
    assert_eq!(RolePolicy::of(Role::Member).check(), Ok(()));
    let idle = Grant {
        pool: true,
        ..Grant::READ
    };
    assert_eq!(
        codes(&policy(ObjectKind::Deal, idle, None)),
        ["pool_needs_write"]
    );
}

#[test]
fn an_action_that_reaches_all_records_needs_grants_that_do() {
    let policy = |grant: Grant, action: Action| RolePolicy {
        objects: RolePolicy::OWNED.map(|object| (object, grant)).into(),
        actions: [action].into(),
        ..RolePolicy::default()
    };
    let keeps = Grant {
        delete: Reach::Own,
        ..Grant::FULL
    };
    let makes_none = Grant {
        create: false,
        ..Grant::FULL
    };
    let narrow = Grant {
        write: Reach::Own,
        delete: Reach::Own,
        ..Grant::FULL
    };

    for (action, refused, taken) in [
        (
            Action::ImportFiles,
            &[keeps, makes_none, narrow][..],
            Grant::FULL,
        ),
        (Action::ManageSources, &[narrow, Grant::READ][..], keeps),
        (Action::ManageSettings, &[narrow, Grant::READ][..], keeps),
        (Action::DefineFields, &[Grant::default()][..], narrow),
    ] {
        for grant in refused {
            assert_eq!(codes(&policy(*grant, action)), ["needs_all"], "{action:?}");
        }
        assert_eq!(policy(taken, action).check(), Ok(()), "{action:?}");
    }
}

fn hiding(policy: RolePolicy) -> RolePolicy {
    let rules = [("phone".to_owned(), FieldRule::Hidden)];
    RolePolicy {
        fields: [(ObjectKind::Contact, rules.into())].into(),
        ..policy
    }
}

#[test]
fn who_is_kept_from_a_field_is_kept_from_what_mixes_all_of_them() {
    let whole = RolePolicy::of(Role::Viewer);
    let part = hiding(whole.clone());

    assert!(whole.allows(Action::ReadEverything));
    assert!(!part.allows(Action::ReadEverything));
    assert!(part.hides(ObjectKind::Contact, "phone"));
    assert!(!part.hides(ObjectKind::Company, "phone"));
    assert_eq!(part.check(), Ok(()));
    assert_eq!(codes(&hiding(RolePolicy::of(Role::Member))), ["needs_all"]);
}

#[test]
fn a_policy_from_before_a_rule_is_bounded_by_it() {
    let blind = Grant {
        read: Reach::Own,
        write: Reach::All,
        delete: Reach::Team,
        create: true,
        pool: true,
    };
    let mut old = hiding(RolePolicy::of(Role::Admin));
    old.objects.insert(ObjectKind::Deal, blind);
    old.objects.insert(ObjectKind::Order, Grant::FULL);
    let rules = old.fields.get_mut(&ObjectKind::Contact).unwrap();
    rules.insert("name".to_owned(), FieldRule::Hidden);
    rules.insert("shoe_size".to_owned(), FieldRule::Hidden);

    let bounded = old.bounded();

    assert_eq!(bounded.check(), Ok(()));
    assert_eq!(bounded.grant(ObjectKind::Deal).write, Reach::Own);
    assert!(!bounded.allows(Action::ImportFiles) && !bounded.allows(Action::ManageUsers));
    assert!(bounded.allows(Action::ExportRecords));
    let name = bounded.field_rule(ObjectKind::Contact, "name");
    assert_eq!(name, Some(FieldRule::ReadOnly));
    let kept = RolePolicy::of(Role::Viewer);
    assert_eq!(kept.clone().bounded(), kept);
}
