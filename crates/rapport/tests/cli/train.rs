use rapport_testing::OrdersFile;
use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

#[test]
fn what_was_imported_is_trained_on() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(400).with_customers(60);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());
    let data = dir.path().join("data");
    let (output, errors) = run(rapport(&data).arg("import").arg(path));
    assert!(output.status.success(), "{errors}");

    let (output, errors) = run(rapport(&data).args(["train", "segment", "--json"]));

    assert!(output.status.success(), "{errors}");
    assert!(json(&output)["k"].as_u64().unwrap() >= 2);
}

#[test]
fn training_on_nothing_fails_with_the_reason() {
    let dir = TempDir::new().unwrap();

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command.arg("train"));

    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("too few"), "{errors}");
}

#[test]
fn the_twin_writes_its_files_with_the_truth_beside_them() {
    let dir = TempDir::new().unwrap();
    let twin = dir.path().join("twin");

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command.arg("twin").arg(&twin).args(["--customers", "40"]));

    assert!(output.status.success(), "{errors}");
    for file in rapport_twin::sources() {
        assert!(twin.join(file.file_name).exists(), "{}", file.file_name);
    }
    assert!(twin.join("truth/README.md").exists());
    assert!(!dir.path().join("data").exists());
}
