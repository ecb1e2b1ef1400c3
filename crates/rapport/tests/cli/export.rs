use std::path::Path;

use rapport_testing::OrdersFile;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

const CONTACTS: &str = "external id,name,email,city,note\n\
    1,\"King, Ada\",ada@example.com,London,\"=1+1 \u{1f389}\"\n\
    2,王小明,wang@example.com,北京,\n\
    3,Bob,bob@example.com,London,\n";

/// A data directory with contacts and orders.
fn with_data(dir: &TempDir) -> std::path::PathBuf {
    let data = dir.path().join("data");
    let contacts = write(dir, "contacts.csv", CONTACTS.as_bytes());
    let orders = write(dir, "orders.csv", OrdersFile::new(20).csv().as_bytes());
    for file in [contacts, orders] {
        let (output, errors) = run(rapport(&data).arg("import").arg(file));
        assert!(output.status.success(), "{errors}");
    }
    data
}

fn export(data: &Path, arguments: &[&str], to: &Path) -> Value {
    let mut command = rapport(data);
    let (output, errors) = run(command
        .arg("export")
        .args(arguments)
        .args(["--json", "--to"])
        .arg(to));
    assert!(output.status.success(), "{errors}");
    json(&output)
}

#[test]
fn a_list_is_written_under_its_filter_in_every_format() {
    let dir = TempDir::new().unwrap();
    let data = with_data(&dir);

    for end in ["csv", "jsonl", "xlsx", "parquet"] {
        let to = dir.path().join(format!("londoners.{end}"));
        let filter = ["contacts", "--filter", "city:eq:London", "--sort", "name"];
        let told = export(&data, &filter, &to);

        assert_eq!(told["rows"], 2, "{end}");
        let bytes = std::fs::read(&to).unwrap();
        assert_eq!(told["bytes"], bytes.len());
        assert_eq!(told["sha256"], hex(&Sha256::digest(&bytes)));
        assert_eq!(
            std::fs::read_dir(dir.path())
                .unwrap()
                .filter(is_part)
                .count(),
            0
        );
    }

    let mut command = rapport(&data);
    let (output, errors) =
        run(command.args(["export", "contacts", "--format", "jsonl", "--to", "-"]));
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert!(line["id"].is_string(), "{text}");
}

fn is_part(entry: &std::io::Result<std::fs::DirEntry>) -> bool {
    let name = entry.as_ref().unwrap().file_name();
    name.to_string_lossy().ends_with(".part")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn everything_is_written_with_a_manifest() {
    let dir = TempDir::new().unwrap();
    let data = with_data(&dir);
    let to = dir.path().join("away");

    let told = export(&data, &["--all"], &to);

    let manifest = std::fs::read(to.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest, told);
    let rows = |name: &str| {
        let files = manifest["files"].as_array().unwrap();
        let file = files.iter().find(|file| file["path"] == name).unwrap();
        let bytes = std::fs::read(to.join(name)).unwrap();
        assert_eq!(file["sha256"], hex(&Sha256::digest(&bytes)), "{name}");
        file["rows"].as_u64().unwrap()
    };
    let names = [
        "contacts.csv",
        "companies.csv",
        "products.csv",
        "orders.csv",
        "deals.csv",
        "tickets.csv",
        "tasks.csv",
        "notes.csv",
        "campaigns.csv",
        "consents.jsonl",
        "identities.jsonl",
        "source_records.jsonl",
        "order_lines.jsonl",
        "imports.jsonl",
        "events.jsonl",
        "derived_events.jsonl",
    ];
    let n_of: Vec<u64> = names.iter().map(|name| rows(name)).collect();
    assert!(n_of[0] > 3 && n_of[7] == 1, "{n_of:?}");
    let mut command = rapport(&data);
    let (output, errors) = run(command.args(["audit", "verify"]));
    assert!(output.status.success(), "{errors}");
}

#[test]
fn what_cannot_be_done_ends_with_code_2_and_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let data = with_data(&dir);
    let taken = write(&dir, "taken.csv", b"mine");
    let cases: [(&[&str], &str, &str); 8] = [
        (&["users"], "a.csv", "there is no list \"users\""),
        (&["contacts"], "a.doc", "does not say how to write"),
        (&["contacts"], "taken.csv", "is there already"),
        (
            &["contacts", "--filter", "city"],
            "a.csv",
            "--filter \"city\"",
        ),
        (&["contacts", "--filter", "shoe:eq:42"], "a.csv", "shoe"),
        (&["contacts", "--json"], "-", "standard output"),
        (&["contacts"], "nowhere/a.csv", "cannot write"),
        (&["--all"], ".", "is not empty"),
    ];
    for (arguments, to, expected) in cases {
        let mut command = rapport(&data);
        command.arg("export").args(arguments).args(["--to", to]);
        let (output, errors) = run(&mut command);

        assert_eq!(output.status.code(), Some(2), "{arguments:?} {errors}");
        assert!(errors.contains(expected), "{errors}");
        assert!(!dir.path().join("a.csv").exists());
    }
    assert_eq!(std::fs::read(taken).unwrap(), b"mine");
}
