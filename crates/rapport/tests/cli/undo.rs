use rapport_testing::OrdersFile;
use tempfile::TempDir;

use crate::program::{json, rapport, run, write};

#[test]
fn an_import_is_taken_back_by_its_file_or_the_beginning_of_its_id_and_may_come_again() {
    let dir = TempDir::new().unwrap();
    let file = OrdersFile::new(30);
    let path = write(&dir, "orders.csv", file.csv().as_bytes());
    let data = dir.path().join("data");
    let import = || {
        let mut command = rapport(&data);
        let (output, errors) = run(command.args(["import", "--json"]).arg(&path));
        assert!(output.status.success(), "{errors}");
        json(&output)["imports"][0].clone()
    };
    let undo = |wanted: &str| {
        let mut command = rapport(&data);
        let (output, errors) = run(command.args(["undo", "--json", wanted]));
        assert!(output.status.success(), "{errors}");
        json(&output)
    };

    import();
    let by_file = undo("orders.csv");
    let again = import();
    let by_id = undo(&again["id"].as_str().unwrap()[..30]);

    assert_eq!(by_file["status"], "undone");
    assert_eq!(by_file["conflicts"].as_array().unwrap().len(), 0);
    assert_eq!(again["counts"]["unchanged"], 0, "it is new once more");
    assert_eq!(by_id["id"], again["id"]);
}

#[test]
fn a_later_import_keeps_its_word_and_is_told() {
    let dir = TempDir::new().unwrap();
    let text = OrdersFile::new(30).csv();
    let data = dir.path().join("data");
    let corrected = text.replace("PRODUCT 3,1,", "PRODUCT 3,9,");
    let twice = text.replace("PRODUCT 3,1,", "PRODUCT 3,5,");
    let texts = [("a.csv", &text), ("b.csv", &corrected), ("c.csv", &twice)];
    for (name, text) in texts {
        let path = write(&dir, name, text.as_bytes());
        let mut command = rapport(&data);
        let arguments = ["import", "--source", "shop"];
        let (output, errors) = run(command.args(arguments).arg(&path));
        assert!(output.status.success(), "{errors}");
    }

    let mut command = rapport(&data);
    let (output, errors) = run(command.args(["undo", "b.csv"]));

    assert!(output.status.success(), "{errors}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("b.csv is taken back, but for"), "{told}");
    assert!(
        told.contains("quantity: was 1.0, is 5.0 (changed by import)"),
        "{told}"
    );
}

#[test]
fn an_import_that_is_not_there_ends_with_code_2() {
    let dir = TempDir::new().unwrap();

    let mut command = rapport(&dir.path().join("data"));
    let (output, errors) = run(command.args(["undo", "orders.csv"]));

    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("there is no import"), "{errors}");
}
