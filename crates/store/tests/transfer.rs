//! Moves of records from SQLite to the PostgreSQL server that `RAPPORT_TEST_POSTGRES` names. What needs
//! no server is tested without one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rapport_domain::{
    Contact, CustomField, CustomFieldKind, CustomValue, IdGenerator, LocalizedText, ObjectKind,
    Timestamp,
};
use rapport_store::transfer::{Progress, TransferError, Transferred, transfer};
use rapport_store::{ListQuery, Store, StoreConfig, StoreError, contacts, custom_fields, search};
use rapport_testing::{killed_at_wait, killed_when};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;

/// Rows that each table of a filled file has.
const N_ROWS: usize = 40;

fn now() -> Timestamp {
    "2026-11-27T03:15:00Z".parse().unwrap()
}

/// A closed data directory of today's version.
async fn directory() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let config = StoreConfig::in_directory(dir.path());
    Store::open(&config).await.unwrap().close().await;
    let file = dir.path().join("records.sqlite");
    (dir, file)
}

async fn connect(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    options.foreign_keys(false).connect().await.unwrap()
}

async fn run(file: &Path, text: &'static str) {
    let mut connection = connect(file).await;
    sqlx::query(text).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Tables of a file that are moved, with their columns.
async fn columns_of(connection: &mut SqliteConnection) -> BTreeMap<String, Vec<String>> {
    let text = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                AND substr(name, 1, 7) NOT IN ('sqlite_', 'search_') AND name <> 'seaql_migrations'";
    let tables: Vec<String> = sqlx::query_scalar(text)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let mut columns = BTreeMap::new();
    for table in tables {
        let text = "SELECT name FROM pragma_table_info(?) WHERE name <> 'row_no' ORDER BY cid";
        let names = sqlx::query_scalar(text).bind(&table);
        let names = names.fetch_all(&mut *connection).await.unwrap();
        columns.insert(table, names);
    }
    columns
}

/// Puts rows into every table, with texts, bytes and numbers that are awkward to carry over.
async fn fill(file: &Path) {
    let mut connection = connect(file).await;
    for (table, columns) in columns_of(&mut connection).await {
        for row in 0..N_ROWS {
            let mut values = Vec::new();
            for column in &columns {
                values.push(value_of(&mut connection, &table, column, row).await);
            }
            let text = format!(
                "INSERT INTO \"{table}\" (\"{}\") VALUES ({})",
                columns.join("\", \""),
                values.join(", ")
            );
            let insert = sqlx::raw_sql(AssertSqlSafe(text.clone()));
            let done = insert.execute(&mut connection).await;
            done.unwrap_or_else(|error| panic!("{error}: {text}"));
        }
    }
    // The last numbers that were given are not there any more.
    for text in [
        "DELETE FROM event_inbox WHERE seq > 30",
        "DELETE FROM import_conflicts",
    ] {
        sqlx::query(text).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// A literal for a column: a reference names the same row of its table; the rest depends on the row.
async fn value_of(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
    row: usize,
) -> String {
    let text = "SELECT upper(type), \"notnull\" OR pk > 0, (SELECT \"table\" FROM \
                pragma_foreign_key_list(?1) WHERE \"from\" = ?2) \
                FROM pragma_table_info(?1) WHERE name = ?2";
    let about = sqlx::query_as::<_, (String, bool, Option<String>)>(text);
    let about = about.bind(table).bind(column);
    let (kind, is_needed, target) = about.fetch_one(connection).await.unwrap();
    if !is_needed && row.is_multiple_of(3) {
        return "NULL".to_owned();
    }
    if let Some(target) = target {
        return id_literal(&target, row);
    }
    match kind.as_str() {
        "BLOB" if column == "id" => id_literal(table, row),
        "BLOB" => id_literal(&format!("{table}.{column}"), row),
        "BOOLEAN" => (row % 2).to_string(),
        "DOUBLE" => ["0.1", "-1e300", "2.0", "5e-324", "-0.0", "123456789.125"][row % 6].to_owned(),
        "INTEGER" => (row as i64 + 1).to_string(),
        "TEXT" => {
            let text = [
                "plain",
                "tab\t",
                "line\nline\r",
                "\\N",
                "\\",
                "李明 🎉 Łódź",
                "\u{8}\u{b}\u{c}",
            ];
            format!("'{}{row}'", text[row % 7])
        }
        other => panic!("{table}.{column} is of type {other}"),
    }
}

/// Sixteen bytes that are the same for the same row of the same table.
fn id_literal(name: &str, row: usize) -> String {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("x'{hash:016x}{row:016x}'")
}

/// Sums over each column of a file in a form that both databases know: bytes and texts in hex, numbers
/// as text.
async fn digest_of_file(file: &Path) -> BTreeMap<String, Vec<String>> {
    let mut connection = connect(file).await;
    let mut digest = BTreeMap::new();
    for (table, columns) in columns_of(&mut connection).await {
        for column in columns {
            let text = format!(
                "SELECT coalesce(CASE typeof(\"{column}\") WHEN 'text' THEN lower(hex(\"{column}\")) \
                 WHEN 'blob' THEN lower(hex(\"{column}\")) WHEN 'real' THEN '' \
                 ELSE CAST(\"{column}\" AS text) END, 'nothing') FROM \"{table}\" ORDER BY 1"
            );
            let values = sqlx::query_scalar(AssertSqlSafe(text));
            let values: Vec<String> = values.fetch_all(&mut connection).await.unwrap();
            digest.insert(format!("{table}.{column}"), values);
        }
    }
    connection.close().await.unwrap();
    digest
}

async fn digest_of_server(address: &str) -> BTreeMap<String, Vec<String>> {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let text = "SELECT table_name::text, column_name::text, udt_name::text \
                FROM information_schema.columns WHERE table_schema = current_schema() \
                AND table_name <> 'seaql_migrations' AND substr(table_name, 1, 7) <> 'search_'";
    let columns = sqlx::query_as::<_, (String, String, String)>(text);
    let columns = columns.fetch_all(&mut connection).await.unwrap();
    let mut digest = BTreeMap::new();
    for (table, column, kind) in columns {
        let form = match kind.as_str() {
            "text" => format!("encode(convert_to(\"{column}\", 'UTF8'), 'hex')"),
            "uuid" => format!("encode(uuid_send(\"{column}\"), 'hex')"),
            "bytea" => format!("encode(\"{column}\", 'hex')"),
            "bool" => format!("(\"{column}\"::int)::text"),
            "float8" => format!("CASE WHEN \"{column}\" IS NULL THEN NULL ELSE '' END"),
            _ => format!("\"{column}\"::text"),
        };
        let text = format!(
            "SELECT coalesce({form}, 'nothing') FROM \"{table}\" \
             ORDER BY coalesce({form}, 'nothing') COLLATE \"C\""
        );
        let values = sqlx::query_scalar(AssertSqlSafe(text));
        let values: Vec<String> = values.fetch_all(&mut connection).await.unwrap();
        digest.insert(format!("{table}.{column}"), values);
    }
    connection.close().await.unwrap();
    digest
}

async fn moved(file: &Path, address: &str) -> Result<Transferred, TransferError> {
    transfer(file, address, &mut |_| ()).await
}

async fn next_number(address: &str, table: &str, column: &str) -> i64 {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let text =
        "SELECT nextval(pg_get_serial_sequence(format('%I.%I', current_schema(), $1::text), $2))";
    let number = sqlx::query_scalar(text).bind(table).bind(column);
    number.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn every_table_arrives_as_it_was() {
    let (dir, file) = directory().await;
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    fill(&file).await;
    let before = std::fs::read(&file).unwrap();
    let here = digest_of_file(&file).await;
    let mut told = Vec::new();

    let done = transfer(&file, &address, &mut |progress| {
        told.push((progress.table.to_owned(), progress.n_done, progress.n_rows));
    })
    .await
    .unwrap();

    assert_eq!(
        std::fs::read(&file).unwrap(),
        before,
        "the file is untouched"
    );
    assert_eq!(digest_of_server(&address).await, here);
    let names: Vec<&str> = done.tables.iter().map(|table| &*table.name).collect();
    let place = |name| names.iter().position(|&found| found == name).unwrap();
    assert!(place("users") < place("contacts") && place("stages") < place("deals"));
    assert!(done.tables.iter().all(|table| !table.was_there));
    for table in &done.tables {
        let end = (table.name.clone(), table.n_rows, table.n_rows);
        assert!(told.contains(&end), "{end:?}");
    }
    // The numbers of rows that are gone are not given again.
    let next = next_number(&address, "event_inbox", "seq").await;
    assert_eq!(next, N_ROWS as i64 + 1);
    let next = next_number(&address, "import_conflicts", "seq").await;
    assert_eq!(next, N_ROWS as i64 + 1);
}

#[tokio::test]
async fn records_that_moved_are_read_and_written_as_before() {
    let dir = TempDir::new().unwrap();
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    let store = Store::open(&StoreConfig::in_directory(dir.path()))
        .await
        .unwrap();
    let ids = IdGenerator::new(1);
    let (object, label) = (ObjectKind::Contact, LocalizedText::new("Code", "编号"));
    let kind = CustomFieldKind::Text;
    let mut field = CustomField::new(ids.next(now()), object, "code", label, kind, now());
    field.is_unique = true;
    custom_fields::create(&store, field).await.unwrap();
    let mut ada = Contact::named(ids.next(now()), "Ada King", now());
    let code = CustomValue::Text("A1".to_owned());
    ada.custom.insert("code".to_owned(), code);
    ada.tags = vec!["a\tb\\".to_owned()];
    let ada = contacts::create(&store, ada).await.unwrap();
    let file = dir.path().join("records.sqlite");
    let locked = moved(&file, &address).await.unwrap_err();
    store.close().await;
    drop(store);

    let done = moved(&file, &address).await.unwrap();

    let is_locked = matches!(locked, TransferError::Store(StoreError::Locked { .. }));
    assert!(is_locked, "{locked}");
    let held = Store::open(&StoreConfig::in_directory(dir.path())).await;
    assert!(matches!(held, Err(StoreError::Locked { .. })), "{held:?}");
    drop(done);
    let store = Store::open(&StoreConfig::postgres(&address)).await.unwrap();
    assert_eq!(
        contacts::find(&store, ada.id).await.unwrap().as_ref(),
        Some(&ada)
    );
    // What search knows is worked out anew, in pieces.
    let found = async || search::everywhere(&store, "king", 5).await.unwrap();
    assert_eq!(found().await, []);
    while search::catch_up(&store, 100).await.unwrap() {}
    assert_eq!(found().await[0].title, "Ada King");
    assert_eq!(custom_indices(&address).await, ["ix", "uq"]);
    let ben = Contact::named(ids.next(now()), "Ben Lee", now());
    contacts::create(&store, ben).await.unwrap();
    let all = contacts::list(&store, &ListQuery::default()).await.unwrap();
    assert_eq!(all.items.len(), 2);
}

/// The kinds of indices of custom fields of contacts that a server has.
async fn custom_indices(address: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let text = "SELECT substr(indexname::text, 1, 2) AS kind FROM pg_indexes \
                WHERE schemaname = current_schema() AND tablename = 'contacts' \
                AND indexname LIKE '__\\_custom\\_%' \
                ORDER BY 1";
    let kinds = sqlx::query_scalar(text).fetch_all(&mut connection).await;
    connection.close().await.unwrap();
    kinds.unwrap()
}

#[tokio::test]
async fn a_move_that_is_given_up_anywhere_goes_on_and_is_no_database_till_then() {
    let (dir, file) = directory().await;
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    fill(&file).await;

    // Among the steps of the schema, as far as waits reach: how many there are is a matter of timing.
    for n_waits in [3, 12, 40, 90] {
        let given_up = killed_at_wait(n_waits, moved(&file, &address)).await;
        assert!(given_up.is_none(), "done at {n_waits} waits");
        if let Err(error) = Store::open(&StoreConfig::postgres(&address)).await {
            assert!(matches!(error, StoreError::HalfMoved), "{error}");
        } else {
            // Before the list was begun the schema was made by the look itself.
            reset(&address).await;
        }
    }
    for n_tables in [1, 2, 9, 31] {
        let mut n_begun = 0;
        let given_up = moved_until(&file, &address, |progress| {
            n_begun += usize::from(progress.n_done == 0);
            n_begun == n_tables
        });
        let given_up = given_up.await;
        assert!(given_up.is_none(), "done at {n_tables} tables");
        let half = Store::open(&StoreConfig::postgres(&address)).await;
        assert!(matches!(half, Err(StoreError::HalfMoved)), "{half:?}");
    }
    let done = moved(&file, &address).await.unwrap();

    // What the last but one had brought over whole was there.
    assert!(done.tables[..30].iter().all(|table| table.was_there));
    let here = digest_of_file(&file).await;
    assert_eq!(digest_of_server(&address).await, here);
    drop(Store::open(&StoreConfig::postgres(&address)).await.unwrap());
}

/// Begins a move and gives it up at the first wait after it has told something.
async fn moved_until(
    file: &Path,
    address: &str,
    mut is_time: impl FnMut(Progress<'_>) -> bool + Send,
) -> Option<Result<Transferred, TransferError>> {
    let told_it = AtomicBool::new(false);
    let mut told = |progress: Progress<'_>| {
        if is_time(progress) {
            told_it.store(true, Ordering::Relaxed);
        }
    };
    let work = transfer(file, address, &mut told);
    killed_when(|| told_it.load(Ordering::Relaxed), work).await
}

/// Empties the schema of an address.
async fn reset(address: &str) {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let text = "DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', current_schema()); END $$";
    sqlx::query(text).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn what_is_no_place_for_the_records_is_told() {
    let (dir, file) = directory().await;
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    drop(Store::open(&StoreConfig::postgres(&address)).await.unwrap());

    let taken = moved(&file, &address).await.unwrap_err();
    let (server, _) = address.split_once('?').unwrap();
    let (host, _) = server.rsplit_once('/').unwrap();
    let missing = format!("{host}/nowhere");
    let missing = moved(&file, &missing).await.unwrap_err();
    let stranger = stranger(&address).await;
    let stranger = moved(&file, &stranger).await.unwrap_err();

    assert!(matches!(taken, TransferError::NotEmpty { .. }), "{taken}");
    assert!(
        matches!(missing, TransferError::Refused { .. }),
        "{missing}"
    );
    assert!(
        matches!(stranger, TransferError::NoRights { .. }),
        "{stranger}"
    );
}

/// The address as a user who may make nothing.
async fn stranger(address: &str) -> String {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let (_, name) = address.split_once("test_").unwrap();
    let text = format!("CREATE ROLE stranger_{name} LOGIN");
    let make = sqlx::raw_sql(AssertSqlSafe(text));
    make.execute(&mut connection).await.unwrap();
    address
        .replace("postgres@", &format!("stranger_{name}@"))
        .replace("search_path]=test_", "search_path]=other_")
}

#[tokio::test]
async fn a_file_that_changed_or_another_does_not_go_on_where_one_was_given_up() {
    let (dir, file) = directory().await;
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    fill(&file).await;
    let mut was_changed_table = false;
    // Behind the table that changes.
    let given_up = moved_until(&file, &address, |progress| {
        let is_behind = was_changed_table && progress.table != "campaigns";
        was_changed_table |= progress.table == "campaigns";
        is_behind
    });
    let given_up = given_up.await;
    assert!(given_up.is_none());
    let (_other_dir, other) = directory().await;
    let settings = "INSERT INTO settings (key, value) VALUES ('workspace_id', '\"another\"')";
    run(&other, settings).await;

    run(&file, "UPDATE campaigns SET name = 'Changed'").await;
    let changed = moved(&file, &address).await.unwrap_err();
    let other = moved(&other, &address).await.unwrap_err();

    let is_named = matches!(&changed, TransferError::Changed { table } if table == "campaigns");
    assert!(is_named, "{changed}");
    assert!(matches!(other, TransferError::OtherMove), "{other}");
}

#[tokio::test]
async fn what_the_server_cannot_hold_is_named_with_its_place() {
    let (dir, file) = directory().await;
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    let note = "INSERT INTO sources (id, name, created_at) \
                VALUES (x'00000000000000000000000000000001', 'a' || char(0) || 'b', 0)";
    run(&file, note).await;

    let error = moved(&file, &address).await.unwrap_err();

    let told = error.to_string();
    assert!(told.contains("column name of sources, in row 1"), "{told}");
}

#[tokio::test]
async fn a_server_that_is_not_there_and_an_address_that_is_none_are_told() {
    let (_dir, file) = directory().await;

    let away = moved(&file, "postgres://ann@127.0.0.1:1/crm")
        .await
        .unwrap_err();
    let none = moved(&file, "postgres://host:port/crm").await.unwrap_err();

    assert!(matches!(away, TransferError::Unreachable { .. }), "{away}");
    assert!(matches!(none, TransferError::Address { .. }), "{none}");
}

#[tokio::test]
async fn what_is_no_file_of_today_is_not_moved() {
    let (dir, file) = directory().await;
    let address = "postgres://ann@127.0.0.1:1/crm";

    let nothing = moved(&dir.path().join("none.sqlite"), address)
        .await
        .unwrap_err();
    run(
        &file,
        "DELETE FROM seaql_migrations WHERE version = 'm0010_search'",
    )
    .await;
    let behind = moved(&file, address).await.unwrap_err();
    run(
        &file,
        "INSERT INTO seaql_migrations VALUES ('m0999_robots', 0)",
    )
    .await;
    let newer = moved(&file, address).await.unwrap_err();

    assert!(
        matches!(nothing, TransferError::NoRecords { .. }),
        "{nothing}"
    );
    assert!(matches!(behind, TransferError::Behind { .. }), "{behind}");
    let is_newer = matches!(newer, TransferError::Store(StoreError::NewerSchema { .. }));
    assert!(is_newer, "{newer}");
}
