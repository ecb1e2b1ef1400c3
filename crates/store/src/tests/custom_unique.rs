//! Custom values that no two records may have alike, and texts longer than an index holds.

use futures::FutureExt as _;
use rapport_domain::{
    Contact, ContactId, CustomField, CustomFieldKind, CustomValue, LocalizedText, ObjectKind,
};

use sea_orm::{ConnectionTrait as _, DbBackend};
use uuid::Uuid;

use super::imports::running;
use super::undo::{commit, finish, next, undo};
use super::{Dice, TestStore, now};
use crate::entities::contact;
use crate::imports::{self, ConflictReason};
use crate::lists::{Direction, Sort};
use crate::sql::Sql;
use crate::{ListQuery, Op, StoreError, bulk, contacts, custom_fields};

/// A field of contacts called `code`.
async fn code_field(store: &TestStore, is_unique: bool) -> CustomField {
    let label = LocalizedText::new("Code", "编号");
    let (object, kind) = (ObjectKind::Contact, CustomFieldKind::Text);
    let mut field = CustomField::new(store.id(), object, "code", label, kind, now());
    field.is_unique = is_unique;
    field.is_indexed = true;
    let field = custom_fields::create(store, field).await.unwrap();
    custom_fields::arrange_index(store, &field).await.unwrap();
    field
}

fn coded(store: &TestStore, name: &str, code: &str) -> Contact {
    let mut contact = store.contact(name);
    let code = CustomValue::Text(code.to_owned());
    contact.custom.insert("code".to_owned(), code);
    contact
}

async fn create(store: &TestStore, name: &str, code: &str) -> Result<Contact, StoreError> {
    contacts::create(store, coded(store, name, code)).await
}

#[track_caller]
fn holder(refused: Result<impl Sized, StoreError>) -> ContactId {
    match refused {
        Err(StoreError::Taken { key, holder, .. }) => {
            assert_eq!(key, "code");
            ContactId(holder.id)
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// Codes of the contacts by a condition on them, in their order, page by page; names where there is none.
async fn found(store: &TestStore, direction: Direction, op: Op, code: &str) -> Vec<String> {
    let mut query = ListQuery::default().with("custom.code", op, code);
    query.sort = vec![Sort::new("custom.code", direction)];
    query.limit = 3;
    let mut codes = Vec::new();
    loop {
        let page = contacts::list(store, &query).await.unwrap();
        codes.extend(page.items.into_iter().map(|row| {
            let mut contact = row.contact;
            match contact.custom.remove("code") {
                Some(CustomValue::Text(code)) => code,
                _ => contact.name,
            }
        }));
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return codes,
        }
    }
}

#[tokio::test]
async fn a_batch_with_a_value_that_somebody_has_got_meanwhile_names_them_and_writes_nothing() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    code_field(&store, true).await;
    let ada = create(&store, "Ada", "A1").await.unwrap();
    let import = running(&store, source).await;
    let mut batch = next(import, 0);
    batch.contacts = vec![coded(&store, "Bob", "B1"), coded(&store, "Eve", "A1")];

    let refused = imports::commit_batch(&store, batch).await;

    assert_eq!(holder(refused), ada.id);
    let all = contacts::list(&store, &ListQuery::default()).await.unwrap();
    assert_eq!(all.items.len(), 1);
}

#[tokio::test]
async fn a_writer_that_has_not_read_that_the_field_is_unique_does_not_get_past_its_index() {
    let store = TestStore::open().await;
    let mut field = code_field(&store, false).await;
    create(&store, "Ada", "A1").await.unwrap();
    field.is_unique = true;
    custom_fields::update(&store, field, 1).await.unwrap();
    let eve = coded(&store, "Eve", "A1");

    let refused = store
        .write(move |tx| {
            async move {
                let rows = vec![contact::Model::with_words(eve, &[])];
                bulk::insert::<contact::Entity>(tx, rows, "").await
            }
            .boxed()
        })
        .await;

    assert!(matches!(refused, Err(StoreError::TakenMeanwhile)));
}

#[tokio::test]
async fn a_field_that_becomes_unique_while_others_write_has_no_value_twice() {
    let store = TestStore::open().await;
    for round in 0..5 {
        let mut field = code_field(&store, false).await;
        let code = format!("A{round}");
        let version = field.version;
        field.is_unique = true;
        let writes = futures::future::join_all((0..6).map(|_| create(&store, "Ada", &code)));

        let (written, switched) = futures::join!(
            writes,
            custom_fields::update(&store, field.clone(), version)
        );

        let n_written = written.iter().filter(|done| done.is_ok()).count();
        assert!(
            n_written == 1 || switched.is_err(),
            "{n_written} {switched:?}"
        );
        let stored = custom_fields::find(&store, field.id).await.unwrap();
        let mut stored = stored.unwrap();
        stored.archived_at = Some(now());
        let version = stored.version;
        custom_fields::update(&store, stored, version)
            .await
            .unwrap();
        custom_fields::delete(&store, field.id, version + 1)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_archived_unique_field_comes_back_once_all_values_differ() {
    let store = TestStore::open().await;
    let mut field = code_field(&store, true).await;
    field.archived_at = Some(now());
    let field = custom_fields::update(&store, field, 1).await.unwrap();
    let ada = create(&store, "Ada", "A1").await.unwrap();
    let mut eve = create(&store, "Eve", "A1").await.unwrap();
    let mut back = field.clone();
    back.archived_at = None;

    let refused = custom_fields::update(&store, back.clone(), 2).await;

    let Err(StoreError::Invalid(refused)) = refused else {
        panic!("{refused:?}");
    };
    let refused = &refused.violations[0];
    assert_eq!(
        (refused.pointer, refused.code),
        ("/is_archived", "not_unique")
    );
    for told in [ada.id.to_string(), eve.id.to_string(), "Eve".to_owned()] {
        assert!(refused.message.contains(&told), "{}", refused.message);
    }
    let other = CustomValue::Text("E1".to_owned());
    eve.custom.insert("code".to_owned(), other);
    contacts::update(&store, eve, 1).await.unwrap();
    custom_fields::update(&store, back, 2).await.unwrap();
    assert_eq!(holder(create(&store, "Bob", "A1").await), ada.id);
}

#[tokio::test]
async fn texts_longer_than_an_index_holds_are_saved_filtered_sorted_and_told_apart() {
    let store = TestStore::open().await;
    code_field(&store, true).await;
    let mut dice = Dice(7);
    // Of characters of three bytes, in no pattern that would make them small.
    let mut draw = |n_chars: usize| -> String {
        let any = |_| char::from_u32(0x4E00 + dice.roll(20_000) as u32).unwrap();
        (0..n_chars).map(any).collect()
    };
    let beginning = draw(1_900);
    let mut codes: Vec<String> = (0..4).map(|_| beginning.clone() + &draw(100)).collect();
    codes.push(beginning.clone());
    codes.extend((0..3).map(|_| draw(2_000)));
    codes.push("short".to_owned());
    for code in &codes {
        create(&store, "Ada", code).await.unwrap();
    }
    contacts::create(&store, store.contact("none"))
        .await
        .unwrap();
    let again = create(&store, "again", &codes[0]).await;
    assert!(matches!(again, Err(StoreError::Taken { .. })));

    codes.sort_unstable();
    let check = async |op: Op, is_expected: &dyn Fn(&String) -> bool, code: &str| {
        let expected = codes.iter().filter(|it| is_expected(it));
        let mut expected: Vec<String> = expected.cloned().collect();
        assert_eq!(
            found(&store, Direction::Asc, op, code).await,
            expected,
            "{op}"
        );
        expected.reverse();
        assert_eq!(
            found(&store, Direction::Desc, op, code).await,
            expected,
            "{op}"
        );
    };
    check(Op::NotNull, &|_| true, "").await;
    for code in &codes {
        check(Op::Eq, &|it| it == code, code).await;
        check(
            Op::In,
            &|it| it == code || it == "short",
            &format!("{code},short"),
        )
        .await;
        check(Op::Lt, &|it| it < code, code).await;
        check(Op::Lte, &|it| it <= code, code).await;
        check(Op::Gt, &|it| it > code, code).await;
        check(Op::Gte, &|it| it >= code, code).await;
    }
    assert_eq!(
        found(&store, Direction::Asc, Op::IsNull, "").await,
        ["none"]
    );
    let others = found(&store, Direction::Asc, Op::Ne, &codes[0]).await;
    assert_eq!(others.len(), codes.len());
    assert_eq!(others.last().unwrap(), "none");
}

#[tokio::test]
async fn a_unique_value_that_is_anothers_by_now_is_not_restored() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    code_field(&store, true).await;
    let ada = create(&store, "Ada", "A1").await.unwrap();
    let mut changed = ada.clone();
    let code = CustomValue::Text("A2".to_owned());
    changed.custom.insert("code".to_owned(), code);
    let import = running(&store, source).await;
    let mut batch = next(import, 0);
    batch.changed_contacts = vec![changed];
    commit(&store, batch).await;
    finish(&store, import).await;
    create(&store, "Eve", "A1").await.unwrap();

    let left = undo(&store, import).await;

    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].reason, ConflictReason::Taken);
    assert_eq!(found(&store, Direction::Asc, Op::Eq, "A2").await, ["A2"]);
}

/// The state that a version has left which made no index of a unique field: two have one value.
async fn alike(store: &TestStore) -> (CustomField, Contact, Contact) {
    let field = code_field(store, true).await;
    let ada = create(store, "Ada", "A1").await.unwrap();
    let eve = coded(store, "Eve", "A1");
    let row = contact::Model::with_words(eve.clone(), &[]);
    let drop = format!("DROP INDEX uq_custom_{}", Uuid::from(field.id).simple());
    let old = format!(
        "CREATE INDEX ix_custom_{} ON contacts (id)",
        Uuid::from(field.id).simple()
    );
    store
        .write(move |tx| {
            async move {
                tx.execute_unprepared(&drop).await?;
                tx.execute_unprepared(&old).await?;
                bulk::insert::<contact::Entity>(tx, vec![row], "").await
            }
            .boxed()
        })
        .await
        .unwrap();
    (field, ada, eve)
}

/// What the names of the indices of custom fields begin with.
async fn indices(store: &TestStore) -> Vec<String> {
    let (names, name) = match store.backend() {
        DbBackend::Postgres => (
            "pg_indexes WHERE schemaname = current_schema()",
            "indexname",
        ),
        _ => ("sqlite_master WHERE type = 'index'", "name"),
    };
    let mut sql = Sql::new(store.backend());
    sql.push(&format!(
        "SELECT {name} AS name FROM {names} AND ({name} LIKE 'ix!_custom!_%' ESCAPE '!' \
         OR {name} LIKE 'uq!_custom!_%' ESCAPE '!') ORDER BY {name}"
    ));
    let rows = sql.all(store.reader()).await.unwrap();
    let kind = |name: String| name.rsplit_once('_').unwrap().0.to_owned();
    let kinds = rows
        .iter()
        .map(|row| kind(row.try_get("", "name").unwrap()));
    kinds.collect()
}

#[tokio::test]
async fn values_that_are_alike_since_before_stand_in_the_way_of_no_other_change() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    let (_, mut ada, mut eve) = alike(&store).await;
    ada.phone = Some("+441632960001".parse().unwrap());
    ada = contacts::update(&store, ada, 1).await.unwrap();
    let import = running(&store, source).await;
    let mut batch = next(import, 0);
    eve.email = Some("eve@example.com".parse().unwrap());
    batch.changed_contacts = vec![eve.clone()];

    commit(&store, batch).await;

    let stored = contacts::find(&store, eve.id).await.unwrap().unwrap();
    assert_eq!(stored.email, eve.email);
    assert!(create(&store, "Bob", "A1").await.is_err());
    let other = create(&store, "Bob", "B1").await.unwrap();
    let mut taking = other.clone();
    taking.custom = ada.custom;
    let refused = contacts::update(&store, taking, 1).await;
    assert!(matches!(refused, Err(StoreError::Taken { .. })));
}

#[tokio::test]
async fn missing_indices_are_made_once_all_values_differ() {
    let store = TestStore::open().await;
    let (mut field, ada, _) = alike(&store).await;
    field.label = LocalizedText::new("Number", "号码");

    let refused = custom_fields::update(&store, field.clone(), 1).await;

    let Err(StoreError::Invalid(refused)) = refused else {
        panic!("{refused:?}");
    };
    let refused = &refused.violations[0];
    assert_eq!(
        (refused.pointer, refused.code),
        ("/is_unique", "not_unique")
    );
    custom_fields::make_missing(&store).await.unwrap();
    assert_eq!(indices(&store).await, ["ix_custom_list"]);
    contacts::delete(&store, ada.id, 1).await.unwrap();
    custom_fields::make_missing(&store).await.unwrap();
    assert_eq!(indices(&store).await, ["ix_custom_list", "uq_custom"]);
    custom_fields::update(&store, field, 1).await.unwrap();
}
