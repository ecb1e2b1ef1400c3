//! The terms of records follow the records.

use futures::FutureExt as _;
use rapport_domain::Company;
use sea_orm::{ConnectionTrait as _, Value};

use super::searches::{found, people, titles};
use super::{TestStore, now};
use crate::entities::company;
use crate::sql::{self, Sql};
use crate::{bulk, search};

#[tokio::test]
async fn what_was_there_before_is_indexed_in_pieces() {
    let store = TestStore::open().await;
    people(&store).await;
    // As a database is after the step that brought the index.
    store
        .write(|tx| {
            Box::pin(async move {
                use sea_orm::{ConnectionTrait as _, DbBackend};
                if tx.get_database_backend() == DbBackend::Sqlite {
                    tx.execute_unprepared("DELETE FROM search_index").await?;
                }
                tx.execute_unprepared("DELETE FROM search_entries").await?;
                tx.execute_unprepared("INSERT INTO search_backfill (object) VALUES (0), (1)")
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    assert!(found(&store, "lm").await.is_empty());

    let mut n_pieces = 0;
    while search::catch_up(&store, 3).await.unwrap() {
        n_pieces += 1;
    }

    // Two pieces of contacts, and one that finds no more of each kind.
    assert_eq!(n_pieces, 4);
    assert_eq!(found(&store, "lm").await, ["李明"]);
    assert!(!search::catch_up(&store, 3).await.unwrap());
}

#[tokio::test]
async fn what_one_transaction_makes_changes_and_deletes_is_found_as_it_ends() {
    let store = TestStore::open().await;
    people(&store).await;
    let [kept, renamed, gone] =
        ["Quentin", "Quirin", "Quillan"].map(|name| Company::named(store.id(), name, now()));
    let ids = [kept.id, renamed.id, gone.id].map(sql::id);
    let rows = [kept.clone(), renamed, gone].map(|it| company::Model::with_words(it, &[]));
    let again = company::Model::with_words(kept, &[]);
    store
        .write(move |tx| {
            async move {
                let run = async |text: &str, id: Value| {
                    Sql::of(tx.get_database_backend(), text, [id])
                        .execute(tx)
                        .await
                };
                bulk::insert::<company::Entity>(tx, rows, "").await?;
                let [kept, renamed, gone] = ids;
                let rename =
                    "UPDATE companies SET search_text = 'ulrich', name_key = 'ulrich' WHERE id = ?";
                run(rename, renamed).await?;
                // The number of the last row is given again to the next one.
                run("DELETE FROM companies WHERE id = ?", gone).await?;
                run("DELETE FROM companies WHERE id = ?", kept).await?;
                bulk::insert::<company::Entity>(tx, [again], "").await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .unwrap();

    assert_eq!(titles(&store, "qu").await, ["Quentin"]);
    assert_eq!(titles(&store, "ulrich").await, ["Quirin"]);
    let count = async |text: &str| -> i64 {
        let rows = Sql::of(store.backend(), text, [])
            .all(store.reader())
            .await
            .unwrap();
        rows[0].try_get("", "n").unwrap()
    };
    let entries = count("SELECT count(*) AS n FROM search_entries WHERE object = 1").await;
    assert_eq!(entries, count("SELECT count(*) AS n FROM companies").await);
}
