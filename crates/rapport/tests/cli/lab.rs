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
