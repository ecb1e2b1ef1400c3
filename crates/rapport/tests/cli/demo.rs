use std::path::Path;
use std::process::Stdio;

use rapport_testing::OrdersFile;
use tempfile::TempDir;

use crate::program::{bare, json, rapport, run, wait_for, write};

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
fn demos_of_different_files_of_one_name_do_not_mix() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let demo = |file: &OrdersFile, folder: &str| {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        let path = write(&dir, &format!("{folder}/orders.csv"), file.csv().as_bytes());
        let mut command = rapport(&data);
        command
            .args(["demo", "--once", "--json", "--data"])
            .arg(path);
        let (output, errors) = run(&mut command);
        assert!(output.status.success(), "{errors}");
        json(&output)
    };
    let (one, other) = (
        OrdersFile::new(300).with_customers(60),
        OrdersFile::new(500).with_customers(60),
    );

    // In a chosen data directory both files come together, and the segments know of both. The second
    // begins with the orders of the first.
    let first = demo(&one, "a");
    let second = demo(&other, "b");
    let again = demo(&other, "b");

    assert_eq!(first["events"], one.n_rows());
    assert_eq!(second["events"], other.n_rows());
    assert!(second["seconds"]["segments"].is_number(), "{second}");
    assert!(again["seconds"]["segments"].is_null(), "{again}");
    assert_eq!(again["events"], second["events"]);
}

#[test]
fn a_demo_has_a_folder_by_the_content_of_its_files() {
    let dir = TempDir::new().unwrap();
    let demo = |name: &str, file: &OrdersFile| {
        let path = write(&dir, name, file.csv().as_bytes());
        let mut command = bare(dir.path());
        let (output, errors) = run(command.args(["demo", "--once", "--data"]).arg(path));
        assert!(output.status.success(), "{errors}");
    };
    let one = OrdersFile::new(300).with_customers(60);

    demo("orders.2010.csv", &one);
    demo("orders.2011.csv", &one);
    demo("orders.2011.csv", &OrdersFile::new(320).with_customers(60));

    let folders = std::fs::read_dir(dir.path().join("rapport-data")).unwrap();
    let mut names: Vec<_> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[0].starts_with("demo-orders.2010-"), "{names:?}");
    assert!(names[2].starts_with("demo-orders.2011-"), "{names:?}");
}

#[test]
fn a_demo_of_a_missing_file_says_so_at_once_and_makes_nothing() {
    let dir = TempDir::new().unwrap();

    let mut command = bare(dir.path());
    let (output, errors) = run(command.args(["demo", "--data", "missing.csv"]));

    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("cannot read missing.csv"), "{errors}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_demo_with_too_few_customers_says_so_and_is_no_failure() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(20).with_customers(5);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command.args(["demo", "--once", "--data"]).arg(path));

    assert!(output.status.success(), "{errors}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("too few to segment"), "{said}");
}

#[test]
fn the_made_up_company_has_deals_whose_stages_are_all_known() {
    let dir = TempDir::new().unwrap();

    let mut command = rapport(&dir.path().join("data"));
    let args = ["demo", "--once", "--json", "--customers", "300"];
    let (output, errors) = run(command.args(args));

    assert!(output.status.success(), "{errors}");
    let summary = json(&output);
    let deals = dir.path().join("data/twin-300-42/deals.csv");
    let n_deals = std::fs::read_to_string(deals).unwrap().lines().count() - 1;
    assert!(n_deals > 20, "{n_deals}");
    assert_eq!(summary["deals"], n_deals);
}

#[test]
fn another_seed_makes_another_company() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    for seed in ["1", "2"] {
        let mut command = rapport(&data);
        let args = ["demo", "--once", "--customers", "40", "--seed", seed];
        let (output, errors) = run(command.args(args));
        assert!(output.status.success(), "{errors}");
    }

    for folder in ["twin-40-1", "twin-40-2"] {
        assert!(
            data.join(folder).join("truth/README.md").exists(),
            "{folder}"
        );
    }
}
