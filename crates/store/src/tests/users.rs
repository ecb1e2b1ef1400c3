//! Users, sessions, failed sign-ins and settings.

use std::time::Duration;

use rapport_domain::{Currency, Language, Role, User, UserId};

use super::{TestStore, now};
use crate::StoreError;
use crate::sessions::{self, Browser, SessionToken};
use crate::settings::{self, WorkspaceSettings};
use crate::sign_ins::{self, SignInAttempt, SignInLimits};
use crate::users::{self, NewUser};

const DAY: Duration = Duration::from_secs(86_400);

async fn ada(store: &TestStore) -> User {
    let new = NewUser {
        id: store.id(),
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Member,
        language: Language::Zh,
        password: "correct horse".to_owned(),
    };
    users::create(store, new, now()).await.unwrap()
}

#[tokio::test]
async fn only_the_right_password_of_an_enabled_user_signs_in() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    let sign_in = async |email: &str, password: &str| {
        users::authenticate(&store, email, password.to_owned())
            .await
            .unwrap()
    };

    assert_eq!(
        sign_in(" Ada@Example.com", "correct horse").await,
        Some(ada.clone())
    );
    assert_eq!(sign_in("ada@example.com", "wrong horse").await, None);
    assert_eq!(sign_in("bob@example.com", "correct horse").await, None);
    assert_eq!(sign_in("no address", "correct horse").await, None);

    users::set_password(&store, ada.id, "battery staple".to_owned())
        .await
        .unwrap();
    assert_eq!(sign_in("ada@example.com", "correct horse").await, None);
    assert!(sign_in("ada@example.com", "battery staple").await.is_some());

    users::change(&store, ada.id, |ada| ada.disabled_at = Some(now()))
        .await
        .unwrap();
    assert_eq!(sign_in("ada@example.com", "battery staple").await, None);
}

#[tokio::test]
async fn an_address_is_taken_once() {
    let store = TestStore::open().await;
    let first = ada(&store).await;
    let second = NewUser {
        id: store.id(),
        email: first.email.clone(),
        name: "Other".to_owned(),
        role: Role::Viewer,
        language: Language::En,
        password: "correct horse".to_owned(),
    };

    let refused = users::create(&store, second, now()).await;

    assert!(matches!(
        refused,
        Err(StoreError::Duplicate { object: "user" })
    ));
    let listed = users::list(&store).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&first));
    assert_eq!(
        users::find_by_email(&store, &first.email).await.unwrap(),
        Some(first)
    );
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let store = TestStore::open().await;
    let mut first = ada(&store).await;
    first = users::change(&store, first.id, |first| first.role = Role::Admin)
        .await
        .unwrap();
    let change_to =
        async |changed: User| users::change(&store, changed.id, |user| *user = changed).await;
    let is_refused = async |changed: User| {
        let refused = change_to(changed).await;
        matches!(refused, Err(StoreError::LastAdministrator))
    };
    let demoted = User {
        role: Role::Viewer,
        ..first.clone()
    };
    let disabled = User {
        disabled_at: Some(now()),
        ..first.clone()
    };

    assert!(is_refused(demoted.clone()).await);
    assert!(is_refused(disabled).await);
    let second = NewUser {
        id: store.id(),
        email: "bob@example.com".parse().unwrap(),
        name: "Bob".to_owned(),
        role: Role::Admin,
        language: Language::En,
        password: "correct horse".to_owned(),
    };
    let second = users::create(&store, second, now()).await.unwrap();
    assert_eq!(change_to(demoted.clone()).await.unwrap(), demoted);
    assert!(
        is_refused(User {
            role: Role::Member,
            ..second
        })
        .await
    );
}

#[tokio::test]
async fn who_changes_a_name_leaves_what_others_changed_meanwhile() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    users::change(&store, ada.id, |ada| ada.disabled_at = Some(now()))
        .await
        .unwrap();

    let renamed = users::change(&store, ada.id, |ada| ada.name = "Ada L.".to_owned());

    assert!(renamed.await.unwrap().disabled_at.is_some());
    let gone = users::change(&store, UserId(uuid::Uuid::nil()), |_| ()).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_theme_is_remembered() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;

    users::set_theme(&store, ada.id, Some("dark".to_owned()))
        .await
        .unwrap();

    assert_eq!(
        users::find_theme(&store, ada.id).await.unwrap().as_deref(),
        Some("dark")
    );
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    let token = SessionToken::generate();
    sessions::create(&store, &token, ada.id, Browser::default(), now(), DAY)
        .await
        .unwrap();
    let token: SessionToken = token.to_string().parse().unwrap();
    let user_at = async |seconds| {
        let at = now().plus_seconds(seconds);
        sessions::find_user(&store, &token, at, DAY).await.unwrap()
    };

    assert_eq!(user_at(80_000).await, Some(ada));
    assert!(user_at(160_000).await.is_some());
    assert!(user_at(160_000 + 86_400).await.is_none());
}

#[tokio::test]
async fn sessions_end_when_they_are_revoked_or_their_user_is_disabled() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    let tokens = [(); 3].map(|()| SessionToken::generate());
    for token in &tokens {
        sessions::create(&store, token, ada.id, Browser::default(), now(), DAY)
            .await
            .unwrap();
    }
    let is_open = async |token: &SessionToken| {
        sessions::find_user(&store, token, now(), DAY)
            .await
            .unwrap()
            .is_some()
    };

    sessions::revoke(&store, &tokens[0]).await.unwrap();
    assert!(!is_open(&tokens[0]).await);
    assert!(is_open(&tokens[1]).await);
    users::change(&store, ada.id, |ada| ada.disabled_at = Some(now()))
        .await
        .unwrap();
    assert!(!is_open(&tokens[1]).await);
    assert!(!is_open(&SessionToken::generate()).await);
}

#[tokio::test]
async fn expired_sessions_are_forgotten_and_tokens_tell_nothing() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    let token = SessionToken::generate();
    sessions::create(&store, &token, ada.id, Browser::default(), now(), DAY)
        .await
        .unwrap();

    sessions::delete_expired(&store, now().plus_days(2))
        .await
        .unwrap();

    assert_eq!(
        sessions::find_user(&store, &token, now(), DAY)
            .await
            .unwrap(),
        None
    );
    assert_eq!(format!("{token:?}"), "SessionToken(..)");
    assert!("00ff".parse::<SessionToken>().is_err());
}

#[tokio::test]
async fn too_many_failures_make_an_account_and_an_address_wait() {
    let store = TestStore::open().await;
    let limits = SignInLimits {
        window: Duration::from_secs(60),
        pair_max: 2,
        account_max: 4,
        address_max: 3,
    };
    let wait = async |account: &str, address: &str, seconds: i64| {
        let attempt = SignInAttempt { account, address };
        let at = now().plus_seconds(seconds);
        let wait = sign_ins::retry_after(&store, attempt, &limits, at).await;
        wait.unwrap().map(|wait| wait.as_secs())
    };
    let fail = async |account: &str, address: &str, seconds: i64| {
        let attempt = SignInAttempt { account, address };
        let at = now().plus_seconds(seconds);
        let recorded = sign_ins::record_failure(&store, attempt, &limits, at).await;
        recorded.unwrap();
    };
    let ada = "ada@example.com";

    fail(ada, "10.0.0.1", 0).await;
    assert_eq!(wait(ada, "10.0.0.1", 1).await, None);
    fail("ADA@example.com ", "10.0.0.1", 10).await;
    assert_eq!(wait(ada, "10.0.0.1", 20).await, Some(40));
    // Who guesses keeps nobody out but oneself.
    assert_eq!(wait(ada, "10.0.0.2", 20).await, None);
    assert_eq!(wait("bob@example.com", "10.0.0.1", 20).await, None);
    fail("bob@example.com", "10.0.0.1", 30).await;
    assert_eq!(wait("eve@example.com", "10.0.0.1", 30).await, Some(30));
    fail(ada, "10.0.0.2", 31).await;
    fail(ada, "10.0.0.3", 32).await;
    assert_eq!(wait(ada, "10.0.0.9", 40).await, Some(20));
    assert_eq!(wait(ada, "10.0.0.1", 60).await, None);
    let success = SignInAttempt {
        account: ada,
        address: "10.0.0.9",
    };
    sign_ins::record_success(&store, success).await.unwrap();
    assert_eq!(wait(ada, "10.0.0.9", 40).await, None);
}

#[tokio::test]
async fn settings_have_defaults_until_they_are_saved() {
    let store = TestStore::open().await;
    assert_eq!(
        settings::workspace(&store).await.unwrap(),
        WorkspaceSettings::default()
    );
    let changed = WorkspaceSettings {
        name: "晨光".to_owned(),
        default_currency: Currency::CNY,
        default_region: "CN".to_owned(),
        ..WorkspaceSettings::default()
    };

    settings::save_workspace(&store, &WorkspaceSettings::default())
        .await
        .unwrap();
    settings::save_workspace(&store, &changed).await.unwrap();

    assert_eq!(settings::workspace(&store).await.unwrap(), changed);
}

#[tokio::test]
async fn who_is_locked_out_stays_so_whatever_changes_at_the_same_time() {
    let store = TestStore::open().await;
    let ada = ada(&store).await;
    for round in 0..10 {
        users::change(&store, ada.id, |ada| ada.disabled_at = None)
            .await
            .unwrap();
        let rename = move |ada: &mut User| ada.name = format!("Ada {round}");

        let (renamed, disabled) = futures::join!(
            users::change(&store, ada.id, rename),
            users::change(&store, ada.id, |ada| ada.disabled_at = Some(now())),
        );

        renamed.unwrap();
        disabled.unwrap();
        let ada = users::find(&store, ada.id).await.unwrap().unwrap();
        assert_eq!(ada.disabled_at, Some(now()));
        assert_eq!(ada.name, format!("Ada {round}"));
    }
}
