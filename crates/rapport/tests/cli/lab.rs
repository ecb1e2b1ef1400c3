use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

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

/// Rows in which the plan decides who leaves.
fn churn(n: usize) -> String {
    let mut text = "id,plan,months,left\n".to_owned();
    for i in 0..n {
        let plan = ["basic", "plus", "pro"][i % 3];
        let left = if (plan == "basic") != (i % 10 == 0) {
            "yes"
        } else {
            "no"
        };
        text.push_str(&format!("{i},{plan},{},{left}\n", i * 7 % 40));
    }
    text
}

#[test]
fn the_lab_scores_a_table_and_prints_one_object() {
    let dir = TempDir::new().unwrap();
    let train = write(&dir, "train.csv", churn(900).as_bytes());
    let test = write(&dir, "test.csv", churn(300).as_bytes());
    let model = dir.path().join("model");

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args([
            "lab",
            "score",
            "--json",
            "--map",
            "target=left",
            "--map",
            "id=id",
        ])
        .args(["--model", "boosted_trees", "--save"])
        .arg(&model)
        .arg("--train")
        .arg(&train)
        .arg("--test")
        .arg(&test));

    assert!(output.status.success(), "{errors}");
    let result = json(&output);
    let mut keys: Vec<&str> = result
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    let expected = [
        "baseline",
        "metrics",
        "model",
        "peak_rss_mib",
        "rows",
        "seconds",
        "seed",
        "task",
        "version",
    ];
    assert_eq!(keys, expected);
    assert!(result["metrics"]["auc"].as_f64().unwrap() > 0.8, "{result}");
    assert_eq!(result["baseline"]["name"], "logistic");
    let card = std::fs::read_to_string(model.join("card.md")).unwrap();
    assert!(card.contains("| auc |"), "{card}");
}

#[test]
fn the_lab_names_a_label_that_training_did_not_show() {
    let dir = TempDir::new().unwrap();
    let train = write(&dir, "train.csv", churn(300).as_bytes());
    let test = write(
        &dir,
        "test.csv",
        b"id,plan,months,left\n1,pro,3,yes\n2,pro,3,perhaps\n",
    );

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["lab", "score", "--map", "target=left", "--train"])
        .arg(&train)
        .arg("--test")
        .arg(&test));

    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("perhaps"), "{errors}");
}

#[test]
fn the_lab_matches_rows_without_labels_and_writes_their_groups() {
    let dir = TempDir::new().unwrap();
    let mut text = "rec_id,given_name,surname,date_of_birth,email\n".to_owned();
    for person in 0..60 {
        let (name, born) = (format!("name{}", person * person), 1930 + person);
        let mail = format!("{name}@example.com");
        text.push_str(&format!(
            "rec-{person}-org,{name},smith,{born}-05-06,{mail}\n"
        ));
        text.push_str(&format!(
            "rec-{person}-dup-0,{name},smyth,{born}-06-05,{mail}\n"
        ));
    }
    let path = write(&dir, "people.csv", text.as_bytes());
    let groups = dir.path().join("groups.csv");

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["lab", "match", "--json", "--records"])
        .arg(&path)
        .arg("--save")
        .arg(&groups));

    assert!(output.status.success(), "{errors}");
    let result = json(&output);
    assert_eq!(result["task"], "match");
    assert_eq!(result["metrics"]["f1"], 1.0, "{result}");
    assert!(result["metrics"]["bcubed_f1"].is_number());
    assert_eq!(result["baseline"]["name"], "exact_keys");
    assert_eq!(
        std::fs::read_to_string(groups).unwrap().lines().count(),
        121
    );
}

#[test]
fn the_lab_learns_from_labelled_pairs_and_reports_the_matcher_without_labels() {
    let dir = TempDir::new().unwrap();
    let line = |left: usize, right: usize| {
        let (a, b) = (1000 + left * 37, 1000 + right * 37);
        let label = u8::from(left == right);
        format!("COL title VAL acme lamp qx{a}\tCOL title VAL lamp by acme, QX-{b}\t{label}\n")
    };
    let lines = |range: std::ops::Range<usize>| -> String {
        range.map(|at| line(at, at) + &line(at, at + 1)).collect()
    };
    write(&dir, "train.txt", lines(0..40).as_bytes());
    write(&dir, "valid.txt", lines(50..70).as_bytes());

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command
        .args(["lab", "match", "--json", "--pairs"])
        .arg(dir.path()));

    assert!(output.status.success(), "{errors}");
    let result = json(&output);
    assert_eq!(result["task"], "match");
    assert!(result["metrics"]["f1"].as_f64() > Some(0.9), "{result}");
    assert_eq!(result["baseline"]["name"], "fellegi_sunter");
    assert!(result["peak_rss_mib"].is_number());
}
