//! What comes back with people who were deleted in bulk, once that is taken back.

use futures::FutureExt as _;
use rapport_domain::{BulkAction, BulkEditId, ContactId, Language, ObjectKind, Role};
use serde_json::json;
use uuid::Uuid;

use super::segmentations::learned;
use super::{TestStore, now};
use crate::bulk_edits::{self, NewBulkEdit};
use crate::entities::score;
use crate::jobs::NewJob;
use crate::users::{self, NewUser};
use crate::{bulk, contacts, scores, segmentations};

impl TestStore {
    fn bulk_job(&self, kind: &str) -> NewJob {
        NewJob {
            id: self.id(),
            kind: kind.to_owned(),
            payload: json!({}),
            unique_key: None,
            run_at: now(),
            attempts_max: 1,
        }
    }

    /// Deletes contacts in one bulk edit.
    async fn delete_all(&self, ids: &[Uuid]) -> BulkEditId {
        let new = NewUser {
            id: self.id(),
            email: "ada@example.com".parse().unwrap(),
            name: "Ada".to_owned(),
            role: Role::Member,
            language: Language::En,
            password: "correct horse".to_owned(),
        };
        let user = users::create(self, new, now()).await.unwrap();
        let new = NewBulkEdit {
            id: self.id(),
            action: BulkAction::Delete(ObjectKind::Contact),
            asked: json!({}),
            chosen: bulk_edits::choose_ids(self, ObjectKind::Contact, ids)
                .await
                .unwrap(),
            created_by: user.id,
        };
        let id = new.id;
        bulk_edits::create(self, new, self.bulk_job("bulk_edit"), now())
            .await
            .unwrap();
        bulk_edits::start(self, id, now()).await.unwrap();
        let done = bulk_edits::run_batch(self, id, now()).await.unwrap();
        assert_eq!(done.batches_done, done.n_batches);
        bulk_edits::finish(self, id, now()).await.unwrap();
        id
    }

    async fn take_back(&self, id: BulkEditId) {
        bulk_edits::queue_undo(self, id, self.bulk_job("undo_bulk_edit"), now())
            .await
            .unwrap();
        bulk_edits::start_undo(self, id).await.unwrap();
        bulk_edits::undo_batch(self, id, now()).await.unwrap();
        bulk_edits::finish_undo(self, id, now()).await.unwrap();
    }

    async fn keep_score(&self, contact: ContactId, model: Uuid) {
        let row = score::Model {
            contact_id: contact.into(),
            kind: "churn".to_owned(),
            model_id: model,
            value: 0.1 + 0.2,
            lower: Some(0.2),
            upper: None,
            reasons: "[]".to_owned(),
            snapshot: None,
            seed: 7,
            as_of: now().as_micros(),
        };
        self.write(move |tx| {
            async move { bulk::insert::<score::Entity>(tx, vec![row], "").await }.boxed()
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn segments_and_scores_come_back_where_their_model_is_still_there() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let bob = contacts::create(&store, store.contact("Bob"))
        .await
        .unwrap();
    let people = [ada, bob];
    let new = learned(&store, &people).await;
    let (division, model) = (new.segmentation.id, new.origin.as_ref().unwrap().model.id);
    segmentations::publish(&store, new).await.unwrap();
    let [ada, bob] = people.map(|person| person.id);
    store.keep_score(ada, model.into()).await;
    let known = async |id: ContactId| {
        let membership = segmentations::find_membership(&store, division, id).await;
        (
            membership.unwrap(),
            scores::list_of(&store, id).await.unwrap(),
        )
    };
    let before = [known(ada).await, known(bob).await];
    assert!(before[0].0.is_some() && before[0].1.len() == 1);

    let edit = store.delete_all(&[ada.into(), bob.into()]).await;
    assert_eq!(known(ada).await.0, None);
    store.take_back(edit).await;

    assert_eq!([known(ada).await, known(bob).await], before);
    let query = crate::ListQuery::default();
    let left = bulk_edits::list_conflicts(&store, edit, &query).await;
    assert!(left.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_score_of_a_model_that_is_gone_stays_away() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let bob = contacts::create(&store, store.contact("Bob"))
        .await
        .unwrap();
    let people = [ada, bob];
    let new = learned(&store, &people).await;
    let division = new.segmentation.id;
    let model = Uuid::from(new.origin.as_ref().unwrap().model.id);
    segmentations::publish(&store, new).await.unwrap();
    let ada = people[0].id;
    store.keep_score(ada, model).await;
    let edit = store.delete_all(&[ada.into()]).await;
    store
        .write(move |tx| {
            async move {
                let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
                let text = "DELETE FROM models WHERE id = ?";
                crate::sql::Sql::of(backend, text, [crate::sql::id(model)])
                    .execute(tx)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .unwrap();

    store.take_back(edit).await;

    assert!(contacts::find(&store, ada).await.unwrap().is_some());
    assert!(scores::list_of(&store, ada).await.unwrap().is_empty());
    // The segmentation outlives its model.
    let membership = segmentations::find_membership(&store, division, ada).await;
    assert!(membership.unwrap().is_some());
}
