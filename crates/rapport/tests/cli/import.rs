use rapport_testing::OrdersFile;
use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

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
            "photos.csv",
            Some(b"PK\x03\x04\0\0\0\0".as_slice()),
            "zip archive",
        ),
        (
            "book.xlsx",
            Some(b"PK\x03\x04\0\0\0\0".as_slice()),
            "workbook",
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
fn an_import_tells_what_it_took_and_a_dry_run_takes_nothing() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(30);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());
    let data = dir.path().join("data");
    let import = |flag: &[&str]| {
        let mut command = rapport(&data);
        let (output, errors) = run(command.args(["import", "--json"]).args(flag).arg(&path));
        assert!(output.status.success(), "{errors}");
        json(&output)["imports"][0].clone()
    };

    let looked_at = import(&["--dry-run"]);
    let done = import(&[]);
    let again = import(&[]);

    assert_eq!(looked_at["status"], "cancelled");
    assert_eq!(looked_at["counts"]["read"], 0);
    assert_eq!(looked_at["dry_run"]["n_created"], file.n_rows());
    assert_eq!(looked_at["dry_run"]["is_whole"], true);
    assert_eq!(looked_at["dry_run"]["rows"][0]["verdict"], "created");
    assert_eq!(done["status"], "done");
    assert_eq!(done["counts"]["accepted"], file.n_rows());
    assert_eq!(done["counts"]["unchanged"], 0);
    assert_eq!(again["counts"]["unchanged"], file.n_rows());
}

#[test]
fn a_mistyped_file_leaves_nothing_half_done() {
    let dir = TempDir::new().unwrap();
    let good = write(&dir, "orders.csv", OrdersFile::new(5).csv().as_bytes());
    let data = dir.path().join("data");

    for wrong in [dir.path().join("missing.csv"), dir.path().to_owned()] {
        let mut command = rapport(&data);
        let (output, errors) = run(command.arg("import").arg(&good).arg(&wrong));

        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(&wrong.display().to_string()), "{errors}");
        assert!(output.stdout.is_empty() && !data.exists());
    }
}

#[test]
fn of_several_files_those_before_a_bad_one_are_told() {
    let dir = TempDir::new().unwrap();
    let good = write(&dir, "orders.csv", OrdersFile::new(5).csv().as_bytes());
    let bad = write(&dir, "empty.csv", b"");

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command.args(["import", "--json"]).arg(&good).arg(&bad));

    assert_eq!(output.status.code(), Some(2), "{errors}");
    let told = json(&output);
    assert_eq!(told["imports"].as_array().unwrap().len(), 1);
    assert_eq!(told["imports"][0]["file_name"], "orders.csv");
}

#[test]
fn the_sheet_of_a_workbook_is_named_and_an_unknown_one_refused_with_those_that_there_are() {
    let dir = TempDir::new().unwrap();
    let mut workbook = Workbook::new();
    for (name, n_rows) in [("People", 2), ("More people", 3)] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["Name", "Email"]).unwrap();
        for row in 1..=n_rows {
            let email = format!("{name}{row}@example.com").replace(' ', "");
            sheet.write_row(row, 0, ["Ada", &email]).unwrap();
        }
    }
    let path = write(&dir, "book.xlsx", &workbook.save_to_buffer().unwrap());
    let data = dir.path().join("data");
    let import = |sheet: &str| {
        let mut command = rapport(&data);
        run(command
            .args(["import", "--json", "--sheet", sheet])
            .arg(&path))
    };

    let (done, errors) = import("More people");
    let (refused, reason) = import("Orders");

    assert!(done.status.success(), "{errors}");
    assert!(errors.contains("sheet \"More people\", 1 more"), "{errors}");
    assert_eq!(json(&done)["imports"][0]["counts"]["accepted"], 3);
    assert_eq!(refused.status.code(), Some(2));
    assert!(reason.contains("\"People\", \"More people\""), "{reason}");
}

#[test]
fn a_mode_and_replacing_are_asked_for_and_refused_where_they_mean_nothing() {
    let dir = TempDir::new().unwrap();
    let people = |title: &str| {
        let text = format!("Name,Email,Job title\nAda King,ada@example.com,{title}\n");
        write(&dir, "people.csv", text.as_bytes())
    };
    let data = dir.path().join("data");
    let import = |path, flags: &[&str]| {
        let mut command = rapport(&data);
        run(command.args(["import", "--json"]).args(flags).arg(path))
    };
    let counts = |(output, errors): (std::process::Output, String)| {
        assert!(output.status.success(), "{errors}");
        json(&output)["imports"][0]["counts"].clone()
    };

    let made = counts(import(people("Clerk"), &["--mode", "create"]));
    let again = counts(import(people("Clerk"), &["--mode", "create"]));
    let replaced = counts(import(people("Boss"), &["--mode", "update", "--replace"]));
    let kept = counts(import(people("Clerk"), &[]));

    assert_eq!(made["accepted"], 1);
    assert_eq!(again["rejected"]["exists_already"], 1);
    assert_eq!(
        (&replaced["accepted"], &replaced["unchanged"]),
        (&1.into(), &0.into())
    );
    assert_eq!(kept["unchanged"], 1);
    let orders = write(&dir, "orders.csv", OrdersFile::new(5).csv().as_bytes());
    let (output, errors) = import(orders, &["--replace"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("leave existing at fill"), "{errors}");
}
