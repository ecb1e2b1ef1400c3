//! What stands between the tables and who may not see all of them.

use sea_orm::DbBackend;

use super::TestStore;
use crate::lens;
use crate::sql::Sql;

/// Tables whose `owner_id` names the keeper of a setting and not the colleague in charge of a record.
const OTHER_OWNERS: [&str; 1] = ["saved_views"];

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
