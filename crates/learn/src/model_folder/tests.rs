//! A folder reads back as it was written, and says clearly why it cannot.

use super::*;

fn provenance() -> Provenance {
    Provenance {
        version: "1".into(),
        code_version: "0.1.0".into(),
        created_at: DateTime::from_timestamp(1_320_000_000, 0).unwrap(),
        as_of: None,
    }
}

fn model() -> ModelFile<u32, Vec<f64>> {
    let names = vec!["recency".to_owned(), "frequency".to_owned()];
    let mut file = ModelFile::new("mean", names, 3, vec![0.5, 1.25], &provenance());
    file.metrics.insert("silhouette".into(), 0.5);
    file
}

#[test]
fn a_model_reads_back_as_it_was_saved() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");

    save_model(&folder, &model(), "# Mean").unwrap();

    assert_eq!(
        load_model::<u32, Vec<f64>>(&folder, "mean").unwrap(),
        model()
    );
    assert_eq!(
        fs::read_to_string(folder.join("card.md")).unwrap(),
        "# Mean"
    );
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_model_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");
    save_model(&folder, &model(), "").unwrap();

    let again = save_model(&folder, &model(), "");

    assert!(matches!(again, Err(ModelFolderError::Exists(_))));
}

/// Names in a folder, in alphabetical order.
fn names_in(place: &Path) -> Vec<String> {
    let entries = fs::read_dir(place).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn drafts_left_by_killed_runs_go_and_what_only_looks_like_them_stays() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("churn.v2");
    let others = [
        "churn.draft",
        "churn.draft-1-0",
        "churn.v2.draft",
        "churn.v2.draft-1",
        "churn.v2.draft-1-0-1",
        "churn.v2.draft-june-0",
        "churn.v20.draft-1-0",
    ];
    let own_process = format!("churn.v2.draft-{}-0", std::process::id());
    for name in others
        .iter()
        .chain(&["churn.v2.draft-1-0", own_process.as_str()])
    {
        fs::create_dir(place.path().join(name)).unwrap();
        fs::write(place.path().join(name).join("model.json"), "half").unwrap();
    }

    save_model(&folder, &model(), "").unwrap();

    assert!(load_model::<u32, Vec<f64>>(&folder, "mean").is_ok());
    let mut expected: Vec<&str> = others.to_vec();
    expected.push("churn.v2");
    expected.sort_unstable();
    assert_eq!(names_in(place.path()), expected);
}

#[test]
fn models_whose_names_differ_after_a_point_are_saved_side_by_side() {
    let place = tempfile::tempdir().unwrap();
    let names: Vec<String> = (1..=12).map(|month| format!("2024.{month:02}")).collect();

    std::thread::scope(|scope| {
        for name in &names {
            let folder = place.path().join(name);
            scope.spawn(move || save_model(&folder, &model(), name).unwrap());
        }
    });

    assert_eq!(names_in(place.path()), names);
    for name in &names {
        let card = read_card(&place.path().join(name)).unwrap();
        assert_eq!(card.as_ref(), Some(name));
    }
}

#[test]
fn of_those_who_save_to_one_place_one_does_and_the_others_are_told() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");

    let saved: Vec<Result<(), ModelFolderError>> = std::thread::scope(|scope| {
        let save = || save_model(&folder, &model(), "");
        let savers: Vec<_> = (0..8).map(|_| scope.spawn(save)).collect();
        savers
            .into_iter()
            .map(|saver| saver.join().unwrap())
            .collect()
    });

    assert_eq!(saved.iter().filter(|saved| saved.is_ok()).count(), 1);
    let is_told =
        |saved: &Result<(), _>| matches!(saved, Ok(()) | Err(ModelFolderError::Exists(_)));
    assert!(saved.iter().all(is_told), "{saved:?}");
    assert!(load_model::<u32, Vec<f64>>(&folder, "mean").is_ok());
    assert_eq!(names_in(place.path()), ["model"]);
}

#[test]
fn another_kind_and_a_newer_format_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let newer = ModelFile {
        format: FORMAT + 1,
        ..model()
    };
    save_model(&place.path().join("old"), &model(), "").unwrap();
    save_model(&place.path().join("new"), &newer, "").unwrap();

    let kind = load_model::<u32, Vec<f64>>(&place.path().join("old"), "median");
    let format = load_model::<u32, Vec<f64>>(&place.path().join("new"), "mean");

    assert!(matches!(kind, Err(ModelFolderError::Kind { .. })));
    assert!(matches!(format, Err(ModelFolderError::Newer { found }) if found == FORMAT + 1));
}

#[test]
fn a_missing_or_broken_file_is_named() {
    let place = tempfile::tempdir().unwrap();
    let broken = place.path().join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("model.json"), "{").unwrap();

    let missing = load_model::<u32, Vec<f64>>(&place.path().join("none"), "mean");
    let malformed = load_model::<u32, Vec<f64>>(&broken, "mean");

    assert!(missing.unwrap_err().to_string().contains("none"));
    assert!(malformed.unwrap_err().to_string().contains("broken"));
}

#[test]
fn features_that_do_not_match_are_named() {
    let names = |names: &[&str]| names.iter().map(|&name| name.into()).collect::<Vec<_>>();
    let file = model();

    assert!(
        file.require_features(&names(&["recency", "frequency"]))
            .is_ok()
    );
    let ModelFolderError::Features { missing, unknown } = file
        .require_features(&names(&["recency", "returns"]))
        .unwrap_err()
    else {
        panic!("other features are refused as such");
    };
    assert_eq!(
        (missing, unknown),
        (names(&["frequency"]), names(&["returns"]))
    );
    assert!(matches!(
        file.require_features(&names(&["frequency", "recency"])),
        Err(ModelFolderError::FeatureOrder { .. })
    ));
}

#[test]
fn a_figure_that_is_no_number_is_refused_before_anything_is_written() {
    let place = tempfile::tempdir().unwrap();
    let mut file = model();
    file.metrics.insert("auc".into(), f64::NAN);

    let refused = save_model(&place.path().join("model"), &file, "");

    assert!(matches!(refused, Err(ModelFolderError::Figure(name)) if name == "auc"));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_of_the_first_format_is_read() {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/model_folder/fixtures/format_1"
    ));

    let file = load_model::<u32, Vec<f64>>(folder, "mean").unwrap();

    assert_eq!((file.format, file.weights), (1, None));
    assert_eq!((file.parameters, file.state), (3, vec![0.5, 1.25]));
    assert_eq!(file.feature_hash, feature_hash(&file.feature_names));
    assert_eq!(read_card(folder).unwrap().as_deref(), Some("# Mean\n"));
}

#[test]
fn weights_are_kept_beside_the_model_and_other_ones_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");
    save_model_with_weights(&folder, model(), "# Mean", b"numbers").unwrap();

    let file = load_model::<u32, Vec<f64>>(&folder, "mean").unwrap();
    let whole = load_weights(&folder, &file).unwrap();
    fs::write(folder.join("weights.safetensors"), b"Numbers").unwrap();
    let other = load_weights(&folder, &file);

    assert_eq!(whole, b"numbers");
    assert!(matches!(other, Err(ModelFolderError::OtherWeights(_))));
    let none = load_weights(&folder, &model());
    assert!(matches!(none, Err(ModelFolderError::NoWeights(_))));
}

#[test]
fn one_model_has_one_fingerprint_and_other_weights_another() {
    let place = tempfile::tempdir().unwrap();
    let fingerprint = |name: &str, weights: &[u8]| {
        let folder = place.path().join(name);
        save_model_with_weights(&folder, model(), "", weights).unwrap();
        model_fingerprint(&folder).unwrap()
    };

    assert_eq!(fingerprint("a", b"1"), fingerprint("b", b"1"));
    assert_ne!(fingerprint("c", b"1"), fingerprint("d", b"2"));
}
