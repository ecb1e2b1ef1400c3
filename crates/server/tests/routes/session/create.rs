use std::time::Duration;

use rapport_domain::Role;
use rapport_store::sign_ins::{self, SignInAttempt, SignInLimits};
use tokio::time::{sleep, timeout};

use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn signing_in_sets_a_cookie_out_of_reach_of_scripts() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;

    let answer = app.anonymous().sign_in("ann@example.com", PASSWORD).await;

    let cookie = answer.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("rapport_session="), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let user = &answer.json(200)["user"];
    assert_eq!(user["email"], "ann@example.com");
    assert_eq!(user["role"], "member");
    assert_eq!(user["language"], "en");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_answer_alike() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let mut client = app.anonymous();

    let wrong = client.sign_in("ann@example.com", "not the password").await;
    let unknown = client.sign_in("bob@example.com", PASSWORD).await;

    let wrong = wrong.problem(401, "wrong_credentials");
    let unknown = unknown.problem(401, "wrong_credentials");
    assert_eq!(wrong["detail"], unknown["detail"]);
}

#[tokio::test]
async fn guessing_one_account_is_slowed_down_for_a_while() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let mut client = app.anonymous();
    for _ in 0..10 {
        client
            .sign_in("ann@example.com", "guess")
            .await
            .problem(401, "wrong_credentials");
    }

    let limited = client.sign_in("ann@example.com", PASSWORD).await;

    let seconds: i64 = limited.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=15 * 60 + 1).contains(&seconds), "{seconds}");
    limited.problem(429, "too_many_attempts");
    app.advance_seconds(seconds);
    client
        .sign_in("ann@example.com", PASSWORD)
        .await
        .expect_status(200);
}

#[tokio::test]
async fn a_body_without_password_is_pointed_at() {
    let app = TestApp::start().await;
    let body = serde_json::json!({ "email": "ann@example.com", "password": 5 });

    let pointers = app
        .anonymous()
        .post("/api/v1/session", &body)
        .await
        .pointers(422, "wrong_shape");

    assert_eq!(pointers, ["/password"]);
}

#[tokio::test]
async fn guesses_count_although_the_browser_hangs_up() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let attempt = SignInAttempt {
        account: "ann@example.com",
        address: "127.0.0.1",
    };
    let limits = SignInLimits::default();

    for _ in 0..500 {
        let mut client = app.anonymous();
        let guess = client.sign_in("ann@example.com", "guess");
        // Long enough for the hashing to begin, too short for it to end.
        let _ = timeout(Duration::from_millis(3), guess).await;
        sleep(Duration::from_millis(10)).await;
        let store = &app.workspace.store;
        let wait = sign_ins::retry_after(store, attempt, &limits, app.now()).await;
        if wait.unwrap().is_some() {
            return;
        }
    }
    panic!("guesses whose browser hung up are not counted");
}

#[tokio::test]
async fn a_stranger_who_guesses_does_not_lock_the_owner_out() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let store = &app.workspace.store;
    let attempt = SignInAttempt {
        account: "ann@example.com",
        address: "192.0.2.7",
    };
    for _ in 0..50 {
        let limits = SignInLimits::default();
        sign_ins::record_failure(store, attempt, &limits, app.now())
            .await
            .unwrap();
    }

    let mut owner = app.anonymous();
    let answer = owner.sign_in("ann@example.com", PASSWORD).await;

    answer.expect_status(200);
}
