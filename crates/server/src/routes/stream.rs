//! `GET /stream`: jobs, imports, segmentations, runs and models as they change, as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use rapport_domain::Action;
use rapport_pipelines::Change;
use rapport_store::sessions::{self, SessionToken};
use rapport_store::{ListQuery, Op, access, imports, jobs, models, runs, segmentations};
use serde::Serialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadRecords;
use crate::routes::imports::Import;
use crate::routes::jobs::Job;
use crate::routes::models::ModelSummary;
use crate::routes::runs::RunSummary;
use crate::routes::segmentations::Segmentation;
use crate::session::{Allowed, IDLE, OpenStream, read_cookie};
use crate::state::{AppState, Desk};

/// A line without meaning is sent this often, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A stream ends this long after its user has signed out elsewhere, or what the user may see was changed
/// by another process, at most.
const SESSION_CHECK: Duration = Duration::from_secs(60);

/// What is sent at once at most when a stream begins.
const N_CURRENT: u64 = 50;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show_stream))
}

/// Streams events named `job`, `import`, `segmentation`, `run` and `model`, each with the object as its
/// data.
///
/// An event named `reset`, with an empty object as its data, says that changes may have been missed:
/// read anew what is shown. It comes first on every connection, and again where the connection was
/// too slow to be told of every change. Everything that is under way follows it. A session has at
/// most eight streams; one more is answered with 429. Jobs and imports are told to who may see everybody's
/// records.
#[utoipa::path(
    get, path = "/stream", tag = "stream",
    responses((status = 200, content_type = "text/event-stream", body = String)),
)]
async fn show_stream(
    Allowed { app, .. }: Allowed<ReadRecords>,
    headers: HeaderMap,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let token = read_cookie(&headers).ok_or_else(needs_session)?;
    let place = app.open_streams().open(&token).ok_or_else(too_many)?;
    let follower = Follower::start(app, token, place).await?;
    let events = futures::stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn needs_session() -> ApiError {
    let detail = "changes are streamed to signed-in browsers; with an API key ask again from time \
                  to time";
    ApiError::new(StatusCode::FORBIDDEN, "session_needed", detail)
}

fn too_many() -> ApiError {
    let detail = "this session follows changes in too many places; close another tab";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail)
}

/// One browser that follows along.
struct Follower {
    app: Desk,
    token: SessionToken,
    _place: OpenStream,
    changes: Receiver<Change>,
    session_check: Interval,
    waiting: VecDeque<Event>,
}

impl Follower {
    async fn start(app: Desk, token: SessionToken, place: OpenStream) -> ApiResult<Self> {
        // Listen first and read afterwards: a change in between is sent twice rather than not.
        let changes = app.workspace().changes.subscribe();
        let mut session_check = interval(SESSION_CHECK);
        session_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        session_check.reset();
        let waiting = VecDeque::new();
        let mut follower = Self {
            app,
            token,
            _place: place,
            changes,
            session_check,
            waiting,
        };
        follower.begin_anew().await?;
        Ok(follower)
    }

    /// The next event; none at shutdown, after a sign-out, or when the records fail.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let read = tokio::select! {
                () = self.app.shutdown().cancelled() => return None,
                _ = self.session_check.tick() => self.check_session().await,
                change = self.changes.recv() => match change {
                    Ok(change) => self.push(change).await,
                    Err(RecvError::Lagged(_)) => self.begin_anew().await,
                    Err(RecvError::Closed) => return None,
                },
            };
            if let Err(error) = read {
                // The browser connects anew and is told the status then.
                tracing::debug!(code = error.code, "a stream of changes ended");
                return None;
            }
        }
    }

    /// Whether the user may be told of jobs and imports, which are about everybody's records.
    fn sees_everything(&self) -> bool {
        let policy = &self.app.access().policy;
        policy.allows(Action::ReadEverything)
    }

    async fn check_session(&self) -> ApiResult<()> {
        let app = &self.app;
        let user = sessions::find_user(app.store(), &self.token, app.now(), IDLE).await?;
        let user = user.ok_or_else(|| ApiError::not_found("session"))?;
        // What the user may see has been changed: the browser connects anew and reads all anew.
        if access::of(app.store(), &user).await? == *app.access() {
            Ok(())
        } else {
            Err(ApiError::not_found("session"))
        }
    }

    async fn push(&mut self, change: Change) -> ApiResult<()> {
        let store = self.app.store();
        let event = match change {
            Change::Access => {
                self.check_session().await?;
                None
            }
            Change::Job(_) | Change::Import(_) if !self.sees_everything() => None,
            Change::Job(id) => jobs::find(store, id)
                .await?
                .map(|job| event("job", &Job::from(job))),
            Change::Import(id) => match imports::find(store, id).await? {
                Some(import) => Some(event("import", &Import::of(import, self.app.now())?)),
                None => None,
            },
            Change::Segmentation(id) => segmentations::find(store, id)
                .await?
                .map(|found| event("segmentation", &Segmentation::from(found))),
            Change::Run(id) => runs::find(store, id)
                .await?
                .map(|found| event("run", &RunSummary::from(found))),
            Change::Model(id) => models::find_line_of(store, id)
                .await?
                .map(|line| event("model", &ModelSummary::from(line))),
        };
        self.waiting.extend(event.transpose()?);
        Ok(())
    }

    /// Says that changes may have been missed, and tells everything that is under way. What ended
    /// meanwhile is not told one by one: the browser reads anew what it shows.
    async fn begin_anew(&mut self) -> ApiResult<()> {
        self.waiting.push_back(event("reset", &json!({}))?);
        if !self.sees_everything() {
            return Ok(());
        }
        let query = ListQuery {
            limit: N_CURRENT,
            ..ListQuery::default()
        };
        let query = query.with("status", Op::In, "queued,running");
        for job in jobs::list(self.app.store(), &query).await?.items {
            self.waiting.push_back(event("job", &Job::from(job))?);
        }
        for import in imports::list(self.app.store(), &query).await?.items {
            let import = Import::of(import, self.app.now())?;
            self.waiting.push_back(event("import", &import)?);
        }
        Ok(())
    }
}

fn event(name: &str, data: &impl Serialize) -> ApiResult<Event> {
    Event::default()
        .event(name)
        .json_data(data)
        .map_err(|error| ApiError::internal(format!("an event cannot be written: {error}")))
}
