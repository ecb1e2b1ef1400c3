use std::path::{Path, PathBuf};

use rapport_testing::OrdersFile;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Server, json, rapport, run, write};

/// What a backup of a data directory says of itself.
fn back_up(data: &Path, to: &Path) -> Value {
    let mut command = rapport(data);
    let (output, errors) = run(command.args(["backup", "--json", "--to"]).arg(to));
    assert!(output.status.success(), "{errors}");
    json(&output)
}

fn path_of(backup: &Value) -> PathBuf {
    PathBuf::from(backup["path"].as_str().unwrap())
}

/// A data directory with orders in it.
fn with_orders(dir: &TempDir) -> PathBuf {
    let data = dir.path().join("data");
    let file = write(dir, "orders.csv", OrdersFile::new(50).csv().as_bytes());
    let (output, errors) = run(rapport(&data).arg("import").arg(file));
    assert!(output.status.success(), "{errors}");
    data
}

#[test]
fn data_are_saved_beside_a_server_checked_and_brought_back() {
    let dir = TempDir::new().unwrap();
    let data = with_orders(&dir);
    let mut server = Server::start(&data);
    let backup = back_up(&data, &dir.path().join("backups"));
    server.stop();
    let path = path_of(&backup);
    let restored = dir.path().join("restored");

    let (verified, errors) = run(rapport(&data).args(["verify", "--json"]).arg(&path));
    assert!(verified.status.success(), "{errors}");
    let (done, errors) = run(rapport(&restored).arg("restore").arg(&path));
    assert!(done.status.success(), "{errors}");
    let (users, _) = run(rapport(&restored).args(["user", "list"]));
    let (whole, errors) = run(rapport(&restored).arg("verify"));

    assert_eq!(json(&verified)["problems"], Value::Array(Vec::new()));
    assert_eq!(json(&verified)["files"], backup["files"]);
    let users = String::from_utf8(users.stdout).unwrap();
    assert!(users.contains("ada@example.com"), "{users}");
    assert!(whole.status.success(), "{errors}");
}

#[test]
fn a_damaged_backup_ends_with_code_1_and_names_what_is_damaged() {
    let dir = TempDir::new().unwrap();
    let data = with_orders(&dir);
    let path = path_of(&back_up(&data, &dir.path().join("backups")));
    let records = path.join("records.sqlite");
    let mut bytes = std::fs::read(&records).unwrap();
    bytes[5000] ^= 1;
    std::fs::write(&records, bytes).unwrap();
    let target = dir.path().join("restored");

    let (output, _) = run(rapport(&data).arg("verify").arg(&path));
    let (restored, errors) = run(rapport(&target).arg("restore").arg(&path));

    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("problem: records.sqlite is damaged"),
        "{said}"
    );
    assert_eq!(restored.status.code(), Some(1), "{errors}");
    assert!(errors.contains("records.sqlite"), "{errors}");
    assert!(!target.join("records.sqlite").exists());
}

#[test]
fn what_cannot_be_restored_from_or_into_ends_with_code_2() {
    let dir = TempDir::new().unwrap();
    let data = with_orders(&dir);
    let path = path_of(&back_up(&data, &dir.path().join("backups")));

    let (into_data, errors_of_data) = run(rapport(&data).arg("restore").arg(&path));
    let target = dir.path().join("restored");
    let (from_nothing, errors) = run(rapport(&target).arg("restore").arg(dir.path()));

    assert_eq!(into_data.status.code(), Some(2), "{errors_of_data}");
    assert!(errors_of_data.contains("is not empty"), "{errors_of_data}");
    assert_eq!(from_nothing.status.code(), Some(2), "{errors}");
    assert!(errors.contains("is no backup"), "{errors}");
}

/// Files of the pieces in an archive.
fn pieces(archive: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(archive.join("generations"));
    let folders = folders.into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn an_archive_is_kept_by_server_and_commands_and_any_instant_comes_back() {
    let dir = TempDir::new().unwrap();
    write(
        &dir,
        "rapport.toml",
        b"archive = \"archive\"\narchive_every_seconds = 1\n",
    );
    let (data, archive) = (dir.path().join("data"), dir.path().join("archive"));
    let mut server = Server::start(&data);
    while pieces(&archive).len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    server.stop();
    let file = write(&dir, "orders.csv", OrdersFile::new(50).csv().as_bytes());
    let (imported, errors) = run(rapport(&data).arg("import").arg(file));
    assert!(imported.status.success(), "{errors}");

    let mut command = rapport(&data);
    let (verified, errors) = run(command.args(["verify", "archive", "--json"]));
    assert!(verified.status.success(), "{errors}");
    let found = json(&verified);
    let reachable = &found["reachable"][0];
    let first = reachable["from"].as_str().unwrap();
    let restore =
        |into: &Path, at: &[&str]| run(rapport(into).args(["restore", "archive"]).args(at));
    let (before, latest) = (dir.path().join("before"), dir.path().join("latest"));
    let (done, errors) = restore(&before, &["--at", first]);
    assert!(done.status.success(), "{errors}");
    let (done, errors) = restore(&latest, &[]);
    assert!(done.status.success(), "{errors}");
    let (early, told) = restore(&dir.path().join("early"), &["--at", "2020-01-01T00:00:00Z"]);

    assert_eq!(found["problems"], Value::Array(Vec::new()));
    assert_eq!(found["reachable"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(early.status.code(), Some(2), "{told}");
    assert!(told.contains(first), "{told}");
    let uploads = |data: &Path| std::fs::read_dir(data.join("uploads")).map_or(0, Iterator::count);
    assert_eq!((uploads(&before), uploads(&latest)), (0, 1));
    let (whole, errors) = run(rapport(&latest).arg("verify"));
    assert!(whole.status.success(), "{errors}");
    let (users, _) = run(rapport(&latest).args(["user", "list"]));
    let users = String::from_utf8(users.stdout).unwrap();
    assert!(users.contains("ada@example.com"), "{users}");
}

#[test]
fn the_doctor_tells_an_archive_of_records_on_a_server() {
    let dir = TempDir::new().unwrap();
    let mut command = rapport(&dir.path().join("data"));
    command.env("RAPPORT_ARCHIVE", "archive");
    command.env("RAPPORT_DATABASE", "postgres://127.0.0.1:1/none");
    command.env("RAPPORT_LISTEN", "127.0.0.1:0");

    let (output, _) = run(command.arg("doctor"));

    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("archive_command"), "{said}");
}

#[test]
fn the_doctor_tells_an_archive_that_would_go_with_the_data() {
    let dir = TempDir::new().unwrap();
    let mut command = rapport(&dir.path().join("data"));
    command.env("RAPPORT_ARCHIVE", "data/archive");
    command.env("RAPPORT_LISTEN", "127.0.0.1:0");

    let (output, _) = run(command.arg("doctor"));

    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("lies inside of"), "{said}");
}
