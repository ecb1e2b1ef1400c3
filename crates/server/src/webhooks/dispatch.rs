//! From the outbox to the queues of webhooks: each change becomes an event for each webhook that asked for
//! it and whose owner sees the record.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use rapport_domain::{
    Action, Actor, StageId, StageOutcome, UserId, WebhookDeliveryId, WebhookId, WebhookObject,
};
use rapport_store::webhooks::{self, Change, ChangeKind, NewDelivery, WebhookRow};
use rapport_store::{access, pipelines, users};
use serde_json::Value;
use uuid::Uuid;

use super::event::{body_of, is_of_record, subject_of, types_of};
use crate::error::ApiResult;
use crate::state::{AppState, Desk};

/// Changes that are told in one transaction.
const N_CHANGES: u64 = 200;

/// Queues what is told of the next changes; whether there may be more.
pub(super) async fn dispatch(app: &AppState) -> ApiResult<bool> {
    let store = app.system();
    let changes = webhooks::read_outbox(store, N_CHANGES).await?;
    if changes.is_empty() {
        return Ok(false);
    }
    let live = webhooks::list_live(store).await?;
    let outcomes = outcomes(app, &changes).await?;
    let hear_files = hear_files(app, &changes, &live).await?;
    let mut eyes = Eyes::default();
    let mut told = Vec::new();
    for change in &changes {
        let stage = change.stage_after.and_then(|stage| outcomes.get(&stage));
        for type_of_event in types_of(change, stage.copied()) {
            for WebhookRow { webhook, .. } in &live {
                let is_wanted = webhook.types.contains(&type_of_event)
                    && (!change.is_bulk || hear_files.contains(&webhook.id));
                if !is_wanted {
                    continue;
                }
                let Some(record) = eyes.look(app, webhook.owner_id, change).await? else {
                    continue;
                };
                let name = type_of_event.name();
                let delivery = NewDelivery {
                    id: app.new_id::<WebhookDeliveryId>(),
                    webhook_id: webhook.id,
                    type_name: name.to_owned(),
                    object: Some(change.object),
                    record_id: Some(change.record_id),
                    body: body_of(name, change, record, app.now()),
                };
                told.push((change.no, delivery));
            }
        }
    }
    webhooks::queue(store, &changes, told, app.now()).await?;
    Ok(changes.len() as u64 == N_CHANGES)
}

/// The webhooks that are told what files bring: they ask for it, and not too much waits at them. They are
/// known before a record is looked at, for there may be a million.
async fn hear_files(
    app: &AppState,
    changes: &[Change],
    live: &[WebhookRow],
) -> ApiResult<BTreeSet<WebhookId>> {
    if !changes.iter().any(|change| change.is_bulk) {
        return Ok(BTreeSet::new());
    }
    let asking = live.iter().filter(|row| row.webhook.with_imports);
    let asking: BTreeSet<WebhookId> = asking.map(|row| row.webhook.id).collect();
    let full = webhooks::full_webhooks(app.system(), asking.iter().copied()).await?;
    Ok(&asking - &full)
}

/// What the stages of all pipelines mean, where a deal has come to one.
async fn outcomes(app: &AppState, changes: &[Change]) -> ApiResult<HashMap<StageId, StageOutcome>> {
    let arrives = |change: &Change| {
        let kind = change.kind;
        change.stage_after.is_some() && matches!(kind, ChangeKind::Created | ChangeKind::Moved)
    };
    if !changes.iter().any(arrives) {
        return Ok(HashMap::new());
    }
    let pipelines = pipelines::list(app.system()).await?;
    let stages = pipelines.into_iter().flat_map(|pipeline| pipeline.stages);
    Ok(stages.map(|stage| (stage.id, stage.outcome)).collect())
}

/// A record as somebody sees it: the person, and what of which record.
type Look = (UserId, WebhookObject, Uuid, bool);

/// The records of some changes as the owners of webhooks see them, each looked at once.
#[derive(Debug, Default)]
struct Eyes {
    desks: HashMap<UserId, Option<Desk>>,
    seen: HashMap<Look, Option<Value>>,
}

impl Eyes {
    async fn look(
        &mut self,
        app: &AppState,
        owner: UserId,
        change: &Change,
    ) -> ApiResult<Option<&Value>> {
        let desk = match self.desks.entry(owner) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(desk_of(app, owner).await?),
        };
        let Some(desk) = desk else {
            return Ok(None);
        };
        let is_deleted = change.kind == ChangeKind::Deleted;
        let look = (owner, change.object, change.record_id, is_deleted);
        let subject = match self.seen.entry(look) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(readable_subject(desk, change).await?),
        };
        Ok(subject.as_ref())
    }
}

/// What a change is about, and nothing where the record cannot be read: one that is damaged must not keep all
/// others from being told.
async fn readable_subject(desk: &Desk, change: &Change) -> ApiResult<Option<Value>> {
    match subject_of(desk, change).await {
        Err(error) if is_of_record(&error) => {
            let cause = error.cause.as_deref().unwrap_or(&error.detail);
            let (object, id) = (change.object, change.record_id);
            tracing::error!(?object, %id, cause, "a record cannot be read; its change is not told");
            Ok(None)
        }
        subject => subject,
    }
}

/// The application as the owner of a webhook sees it now; none where the owner may not sign in, or may not
/// keep webhooks any more.
pub(super) async fn desk_of(app: &AppState, owner: UserId) -> ApiResult<Option<Desk>> {
    let store = app.system();
    let user = users::find(store, owner).await?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(None);
    };
    let access = access::of(store, &user).await?;
    if !access.policy.allows(Action::ManageWebhooks) {
        return Ok(None);
    }
    Ok(Some(app.desk_of(access, Actor::User(owner))))
}
