//! What is told of a change: the types of events that it is, and the body, with the record as the API shows
//! it to the webhook's owner.

use axum::http::StatusCode;
use rapport_domain::{StageOutcome, Timestamp, WebhookObject, WebhookType};
use rapport_store::webhooks::{self, Change, ChangeKind};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::routes::shown::show;
use crate::state::Desk;
use crate::wire::Time;

/// The type of a test, for which nobody asks.
pub(crate) const TEST: &str = "webhook.test";
/// The end of the names of types that tell of a record by its id alone.
const DELETED: &str = ".deleted";

/// The types of events that a change is, in the order in which they are told. `stage` says what it means
/// for a deal to stand where it stands now.
pub(super) fn types_of(change: &Change, stage: Option<StageOutcome>) -> Vec<WebhookType> {
    use {ChangeKind as Kind, WebhookObject as Object, WebhookType as Type};
    let first = match (change.object, change.kind) {
        (Object::Contact, Kind::Created) => Type::ContactCreated,
        (Object::Contact, Kind::Updated) => Type::ContactUpdated,
        (Object::Contact, Kind::Deleted) => Type::ContactDeleted,
        (Object::Company, Kind::Created) => Type::CompanyCreated,
        (Object::Company, Kind::Updated) => Type::CompanyUpdated,
        (Object::Company, Kind::Deleted) => Type::CompanyDeleted,
        (Object::Deal, Kind::Created) => Type::DealCreated,
        (Object::Deal, Kind::Updated) => Type::DealUpdated,
        (Object::Deal, Kind::Moved) => Type::DealStageChanged,
        (Object::Deal, Kind::Deleted) => Type::DealDeleted,
        (Object::Ticket, Kind::Created) => Type::TicketCreated,
        (Object::Ticket, Kind::Updated) => Type::TicketUpdated,
        (Object::Ticket, Kind::Deleted) => Type::TicketDeleted,
        (Object::Task, Kind::Created) => Type::TaskCreated,
        (Object::Task, Kind::Updated) => Type::TaskUpdated,
        (Object::Task, Kind::Deleted) => Type::TaskDeleted,
        (Object::Note, Kind::Created) => Type::NoteCreated,
        (Object::Note, Kind::Updated) => Type::NoteUpdated,
        (Object::Note, Kind::Deleted) => Type::NoteDeleted,
        (Object::Import, _) => Type::ImportFinished,
        (Object::Segmentation, _) => Type::SegmentPublished,
        // Only deals move, and only imports and segmentations come to such ends.
        (_, Kind::Moved | Kind::Finished | Kind::Published) => return Vec::new(),
    };
    let arrives = matches!(change.kind, Kind::Created | Kind::Moved);
    let outcome = match stage.filter(|_| arrives) {
        Some(StageOutcome::Won) => Some(Type::DealWon),
        Some(StageOutcome::Lost) => Some(Type::DealLost),
        Some(StageOutcome::Open) | None => None,
    };
    std::iter::once(first).chain(outcome).collect()
}

/// What a change is about, as the owner of a webhook sees it: a record, or for a deleted one that it was
/// there. None where it was not the owner's to see.
pub(super) async fn subject_of(desk: &Desk, change: &Change) -> ApiResult<Option<Value>> {
    if change.kind == ChangeKind::Deleted {
        let saw = webhooks::saw_deleted(desk.store(), change).await?;
        return Ok(saw.then_some(Value::Null));
    }
    show(desk, change.object, change.record_id).await
}

/// What the desk's user may see of what was written of a record a while ago: all of it where the record is
/// there, and is seen with all its fields; where some are hidden, it with the record as it is seen now, for it
/// was written by the rules of then. None where the record is not seen. That a record was deleted is told by its
/// id alone.
pub(crate) async fn shown_body(
    desk: &Desk,
    body: &str,
    type_name: &str,
    record: Option<(WebhookObject, Uuid)>,
) -> ApiResult<Option<String>> {
    let Some((object, id)) = record.filter(|_| !type_name.ends_with(DELETED)) else {
        return Ok(Some(body.to_owned()));
    };
    let Some(record) = show(desk, object, id).await? else {
        return Ok(None);
    };
    Ok(Some(match desk.access().policy.hides_any() {
        true => with_record(body, record),
        false => body.to_owned(),
    }))
}

/// A body with another state of its record. One that cannot be read tells nothing of it.
fn with_record(body: &str, record: Value) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap_or_else(|_| json!({ "data": {} }));
    if body.pointer("/data/record").is_some() {
        body["data"]["record"] = record;
    }
    body.to_string()
}

/// Whether it is the record that cannot be read, and not the database that cannot be reached: another try
/// would end alike.
pub(crate) fn is_of_record(error: &ApiError) -> bool {
    error.status == StatusCode::INTERNAL_SERVER_ERROR
}

/// The body of an event: what Standard Webhooks proposes.
pub(super) fn body_of(type_name: &str, change: &Change, record: &Value, now: Timestamp) -> String {
    let mut data = json!({ "object": change.object, "id": change.record_id });
    if !record.is_null() {
        data["record"] = record.clone();
    }
    if let Some(stage) = change.stage_before {
        data["previous_stage_id"] = json!(stage);
    }
    write(type_name, change.at.unwrap_or(now), data)
}

/// The body of a test.
pub(crate) fn test_body(now: Timestamp) -> String {
    let message = "This is a test. Nothing has changed.";
    write(TEST, now, json!({ "message": message }))
}

fn write(type_name: &str, at: Timestamp, data: Value) -> String {
    json!({ "type": type_name, "timestamp": Time(at), "data": data }).to_string()
}

#[cfg(test)]
mod tests {
    use rapport_domain::StageId;
    use rapport_store::StoreError;

    use super::*;

    fn change(object: WebhookObject, kind: ChangeKind) -> Change {
        Change {
            no: 1,
            object,
            kind,
            record_id: Uuid::from_u128(1),
            is_bulk: false,
            owner_id: None,
            subject: None,
            stage_before: None,
            stage_after: None,
            at: None,
        }
    }

    #[test]
    fn a_deal_that_comes_to_its_end_is_told_twice() {
        use {ChangeKind as Kind, WebhookType as Type};
        let deal = |kind| change(WebhookObject::Deal, kind);
        let (won, lost) = (Some(StageOutcome::Won), Some(StageOutcome::Lost));

        assert_eq!(
            types_of(&deal(Kind::Moved), won),
            [Type::DealStageChanged, Type::DealWon]
        );
        assert_eq!(
            types_of(&deal(Kind::Created), lost),
            [Type::DealCreated, Type::DealLost]
        );
        // A deal that stays where it was won is not won once more.
        assert_eq!(types_of(&deal(Kind::Updated), won), [Type::DealUpdated]);
        assert_eq!(
            types_of(&deal(Kind::Moved), Some(StageOutcome::Open)),
            [Type::DealStageChanged]
        );
    }

    #[test]
    fn a_record_that_cannot_be_read_is_told_from_a_database_that_cannot_be_reached() {
        let reason = "it is cut off".to_owned();
        let column = "contacts.tags";
        let unreadable = StoreError::Decode { column, reason };
        assert!(is_of_record(&unreadable.into()));
        let reason = "connection refused".to_owned();
        for error in [
            StoreError::Unreachable { reason },
            StoreError::Busy,
            StoreError::Closed,
            StoreError::DiskFull,
        ] {
            assert!(!is_of_record(&error.into()));
        }
    }

    #[test]
    fn a_body_has_type_instant_and_data() {
        let moved = Change {
            stage_before: Some(StageId(Uuid::from_u128(2))),
            at: Some(Timestamp::from_millis(1_767_603_600_000)),
            ..change(WebhookObject::Deal, ChangeKind::Moved)
        };

        let body = body_of(
            "deal.stage_changed",
            &moved,
            &json!({ "name": "Big" }),
            Timestamp::from_millis(0),
        );

        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["type"], "deal.stage_changed");
        assert_eq!(body["timestamp"], "2026-01-05T09:00:00Z");
        assert_eq!(body["data"]["object"], "deal");
        assert_eq!(body["data"]["record"]["name"], "Big");
        assert_eq!(
            body["data"]["previous_stage_id"],
            Uuid::from_u128(2).to_string()
        );
    }

    #[test]
    fn what_is_deleted_is_told_by_its_id_alone() {
        let deleted = change(WebhookObject::Note, ChangeKind::Deleted);

        let body = body_of(
            "note.deleted",
            &deleted,
            &Value::Null,
            Timestamp::from_millis(0),
        );

        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["data"]["id"], Uuid::from_u128(1).to_string());
        assert!(body["data"].get("record").is_none());
    }
}
