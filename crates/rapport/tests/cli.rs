//! The binary as a user meets it at the command line, bad input included.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rapport_testing::OrdersFile;
use serde_json::Value;
use tempfile::TempDir;

fn rapport(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command
        .arg("--data-dir")
        .arg(data_dir)
        .env("RAPPORT_LOG", "error")
        .current_dir(data_dir.parent().unwrap_or(data_dir));
    command
}

fn run(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, errors)
}

fn write(dir: &TempDir, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_demo_of_a_file_prints_one_summary_object() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(400).with_customers(60);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["demo", "--once", "--json", "--currency", "GBP", "--data"])
        .arg(&path));

    assert!(output.status.success(), "{errors}");
    let summary = json(&output);
    assert_eq!(summary["rows"]["read"], file.n_rows());
    assert_eq!(summary["customers"], file.n_distinct_customers());
    assert!(
        summary["segmentation"]["segments"]
            .as_array()
            .unwrap()
            .len()
            >= 2
    );
    assert!(
        errors.contains("InvoiceNo") && errors.contains("order_id"),
        "{errors}"
    );
}

#[test]
fn the_retail_file_becomes_its_3_825_customers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/online_retail/online_retail_to_2011-10-14.csv.gz");
    if !path.exists() {
        // The real file is not everywhere; the test above tells the same story on a made one.
        return;
    }
    let dir = TempDir::new().unwrap();

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["demo", "--once", "--json", "--currency", "GBP", "--data"])
        .arg(&path));

    assert!(output.status.success(), "{errors}");
    let summary = json(&output);
    assert_eq!(summary["rows"]["read"], 398_867);
    assert_eq!(summary["rows"]["accepted"], 398_867);
    assert_eq!(summary["customers"], 3_825);
    assert_eq!(summary["events"], 398_867);
    assert_eq!(summary["products"], 3_943);
}

#[test]
fn files_that_cannot_be_used_end_with_code_2_and_one_line_that_says_what_to_do() {
    let dir = TempDir::new().unwrap();
    let cases = [
        ("missing.csv", None, "cannot read"),
        ("empty.csv", Some(b"".as_slice()), "empty"),
        (
            "header.csv",
            Some(b"InvoiceNo,Quantity\n".as_slice()),
            "no rows",
        ),
        (
            "book.csv",
            Some(b"PK\x03\x04\0\0\0\0xl/workbook.xml\0\0".as_slice()),
            "CSV",
        ),
    ];
    for (name, bytes, expected) in cases {
        let path = match bytes {
            Some(bytes) => write(&dir, name, bytes),
            None => dir.path().join(name),
        };
        let mut command = rapport(&dir.path().join("data"));
        let (output, errors) = run(command.arg("import").arg(&path));

        assert_eq!(output.status.code(), Some(2), "{name}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{name}: {errors}");
        assert!(errors.contains(expected), "{name}: {errors}");
    }
}

#[test]
fn a_column_mapped_twice_is_refused_with_both_names() {
    let dir = TempDir::new().unwrap();
    let path = write(&dir, "orders.csv", OrdersFile::new(5).csv().as_bytes());

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .arg("import")
        .arg(&path)
        .args(["--map", "Description=order_id"]));

    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors.contains("InvoiceNo") && errors.contains("Description"),
        "{errors}"
    );
}

#[test]
fn a_second_process_on_one_directory_is_told_so() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);

    let (output, errors) = run(rapport(&data).args(["user", "list"]));

    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("in use"), "{errors}");
    server.stop();
}

#[test]
fn a_port_in_use_is_told_before_the_data_are_touched() {
    let dir = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = dir.path().join("data");

    let (output, errors) = run(rapport(&data).args(["serve", "--listen", &address]));

    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors.contains("in use") && errors.contains("--listen"),
        "{errors}"
    );
    assert!(!data.exists());
}

#[test]
fn a_killed_import_goes_on_with_the_same_command_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(60_000).with_customers(2_000);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());
    let data = dir.path().join("data");
    let demo = |data: &Path| {
        let mut command = rapport(data);
        command
            .args(["demo", "--once", "--json", "--data"])
            .arg(&path);
        command
    };
    let mut killed = demo(&data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(&data.join("lake/inbox"));
    killed.kill().unwrap();
    killed.wait().unwrap();

    let (output, errors) = run(&mut demo(&data));
    let (clean, _) = run(&mut demo(&dir.path().join("clean")));

    assert!(output.status.success(), "{errors}");
    let (found, expected) = (json(&output), json(&clean));
    for figure in ["rows", "customers", "orders", "products", "events"] {
        assert_eq!(found[figure], expected[figure], "{figure}");
    }
}

#[test]
fn the_lab_segments_a_table_and_prints_its_baseline() {
    let dir = TempDir::new().unwrap();
    let mut text = "id,a,b,kind\n".to_owned();
    for i in 0..200 {
        let (center, kind) = if i % 2 == 0 { (0.0, "x") } else { (40.0, "y") };
        let spread = f64::from(i % 7);
        text.push_str(&format!(
            "{i},{},{},{kind}\n",
            center + spread,
            center - spread
        ));
    }
    let path = write(&dir, "points.csv", text.as_bytes());

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args([
            "lab",
            "segment",
            "--json",
            "--map",
            "id=id",
            "--map",
            "label=kind",
            "--train",
        ])
        .arg(&path));

    assert!(output.status.success(), "{errors}");
    let result = json(&output);
    assert_eq!(result["task"], "segment");
    assert!(result["metrics"]["ari"].as_f64().unwrap() > 0.5, "{result}");
    assert!(result["baseline"]["metrics"]["stability_ari"].is_number());
}

#[test]
fn the_lab_refuses_a_role_that_it_does_not_know() {
    let dir = TempDir::new().unwrap();
    let path = write(&dir, "points.csv", b"a,b\n1,2\n");

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["lab", "segment", "--map", "target=a", "--train"])
        .arg(&path));

    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("roles are"), "{errors}");
}

#[test]
fn a_server_answers_and_stops_in_order_when_asked() {
    let dir = TempDir::new().unwrap();
    let mut server = Server::start(&dir.path().join("data"));

    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/contacts").starts_with("HTTP/1.1 401"));

    server.stop();
}

/// A served data directory with one user.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let (output, errors) = run(rapport(data).args(["init", "--email", "ada@example.com"]));
        assert!(output.status.success(), "{errors}");
        let mut child = rapport(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where a test failed the server must not outlive it; one that has stopped is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the first file of events stands in a folder.
fn wait_for(folder: &Path) {
    for _ in 0..3_000 {
        let has_file = std::fs::read_dir(folder).is_ok_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|f| f.path().extension().is_some_and(|e| e == "parquet"))
            })
        });
        if has_file {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no event file came up in {}", folder.display());
}
