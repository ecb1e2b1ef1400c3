//! Requests with a key whose work takes longer than their clients may wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use rapport_domain::{Currency, IdGenerator, Language, Role, Timestamp};
use rapport_pipelines::{Clock, OpenOptions, Workspace};
use rapport_store::api_keys::KeyHolder;
use rapport_store::users::{self, NewUser};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::*;
use crate::config::ServerConfig;
use crate::edge::within_time;

async fn app_in(directory: &tempfile::TempDir) -> AppState {
    let options = OpenOptions {
        database: rapport_testing::database_of(directory.path()),
        lake: None,
        currency: Currency::EUR,
        region: "DE".to_owned(),
        memory_limit_bytes: 64 << 20,
        clock: Clock::fixed(Timestamp::from_millis(1_767_603_600_000)),
        ids: IdGenerator::new(1),
    };
    let workspace = Workspace::open(directory.path(), options).await.unwrap();
    AppState::new(workspace, ServerConfig::default(), CancellationToken::new())
}

async fn caller_of(app: &AppState) -> Caller {
    let ids = IdGenerator::new(2);
    let new = NewUser {
        id: ids.next(app.now()),
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Member,
        language: Language::En,
        password: "correct horse battery".to_owned(),
    };
    let user = users::create(app.system(), new, app.now()).await.unwrap();
    Caller::from(KeyHolder {
        id: ids.next(app.now()),
        user,
        scopes: Vec::new(),
    })
}

#[tokio::test]
async fn work_that_takes_longer_than_its_client_may_wait_is_done_once_and_its_answer_kept() {
    let directory = tempfile::TempDir::new().unwrap();
    let app = app_in(&directory).await;
    let caller = caller_of(&app).await;
    let may_end = Arc::new(Semaphore::new(0));
    let n_done = Arc::new(AtomicU64::new(0));
    let (gate, count) = (Arc::clone(&may_end), Arc::clone(&n_done));
    let work = async move || {
        gate.acquire().await.unwrap().forget();
        count.fetch_add(1, Ordering::SeqCst);
        (StatusCode::CREATED, "made")
    };
    let limit = Duration::from_millis(500);
    let router = Router::new()
        .route("/", post(work))
        .layer(from_fn_with_state(app.clone(), do_once))
        .layer(from_fn_with_state(limit, within_time))
        .with_state(app);
    let send = async || {
        let mut request = Request::post("/")
            .header(KEY, "k1")
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(caller.clone());
        router.clone().oneshot(request).await.unwrap()
    };

    let given_up = send().await.status();
    let meanwhile = send().await.status();
    may_end.add_permits(1);
    let kept = loop {
        let answer = send().await;
        if answer.status() != StatusCode::CONFLICT {
            break answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };

    assert_eq!(given_up, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(meanwhile, StatusCode::CONFLICT);
    assert_eq!(kept.status(), StatusCode::CREATED);
    assert_eq!(kept.headers()[&REPLAYED], "true");
    assert_eq!(n_done.load(Ordering::SeqCst), 1);
}
