//! What stands between the tables and who may not see all of them.

use futures::FutureExt as _;
use rapport_domain::{Action, ObjectKind, Reach};
use sea_orm::{ConnectionTrait as _, DbBackend};
use uuid::Uuid;

use super::TestStore;
use crate::sql::{self, Sql};
use crate::{Store, StoreConfig, lens, migrations, roles, teams};

/// Tables whose `owner_id` names the keeper of a setting, or who was in charge of a record when it changed,
/// and not the colleague in charge of a record.
const OTHER_OWNERS: [&str; 3] = ["saved_views", "webhook_outbox", "webhooks"];

#[tokio::test]
async fn every_table_with_an_owner_is_guarded() {
    let store = TestStore::open().await;
    let text = match store.backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'owner_id'"
        }
        _ => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND p.name = 'owner_id'"
        }
    };
    let rows = Sql::of(store.backend(), text, []).all(store.reader()).await;
    let names = rows.unwrap().into_iter();
    let names: Vec<String> = names.map(|row| row.try_get("", "name").unwrap()).collect();

    assert!(names.len() > OTHER_OWNERS.len(), "{names:?}");
    for name in names {
        let is_other = OTHER_OWNERS.contains(&name.as_str());
        assert_eq!(lens::is_guarded(&name), !is_other, "{name}");
    }
}

/// The step has a lower number than some that are older.
#[tokio::test]
async fn a_database_that_has_the_later_steps_takes_this_one_in() {
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(folder.path());
    let store = Store::open(&config).await.unwrap();
    let undone = store.write(|tx| {
        async move {
            for statement in [
                "DROP TABLE record_shares",
                "DROP TABLE team_members",
                "DROP TABLE teams",
                "DROP TABLE roles",
                "DROP INDEX ix_users_role_id",
                "ALTER TABLE users DROP COLUMN role_id",
                "DROP INDEX ix_companies_owner_id",
                "DELETE FROM seaql_migrations WHERE version = 'm0024_access'",
            ] {
                tx.execute_unprepared(statement).await?;
            }
            Ok(())
        }
        .boxed()
    });
    undone.await.unwrap();
    store.close().await;
    drop(store);

    let store = Store::open(&config).await.unwrap();

    assert!(roles::list(&store).await.unwrap().is_empty());
    assert!(teams::list(&store).await.unwrap().is_empty());
    let known = migrations::known(store.reader()).await.unwrap();
    assert_eq!(known, migrations::names());
}

#[tokio::test]
async fn a_role_from_before_a_rule_lets_do_no_more_than_one_that_is_made_now() {
    let store = TestStore::open().await;
    // The first versions let who saw only the own import files, and had no rules for fields.
    let policy = r#"{"objects":{"deal":{"read":"own","write":"all","delete":"own","create":true,"pool":false}},"actions":["import_files","export_records"]}"#;
    let written = store.write(move |tx| {
        async move {
            let text =
                "INSERT INTO roles (id, name, policy, created_at, version) VALUES (?, ?, ?, 0, 1)";
            let values = [
                sql::id(Uuid::from_u128(1)),
                sql::text("Old"),
                sql::text(policy),
            ];
            Sql::of(tx.get_database_backend(), text, values)
                .execute(tx)
                .await?;
            Ok(())
        }
        .boxed()
    });
    written.await.unwrap();

    let role = roles::find(&store, Uuid::from_u128(1).into())
        .await
        .unwrap()
        .unwrap();

    assert_eq!(role.policy.grant(ObjectKind::Deal).write, Reach::Own);
    assert_eq!(role.policy.actions, [Action::ExportRecords].into());
    assert!(role.policy.fields.is_empty());
}
