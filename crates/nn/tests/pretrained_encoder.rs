//! Encoders from folders, held against `transformers`: a small random one made by
//! `fixtures/make_bert.py`. The same for all-MiniLM-L6-v2 is `examples/minilm.rs`, which needs its
//! weights.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Tensor;
use rapport_nn::NnError;
use rapport_nn::models::{Pooling, PretrainedEncoder, SentenceEncoder, TokenBatch};
use rapport_testing::tolerance;
use serde_json::Value;
use tempfile::TempDir;

#[derive(serde::Deserialize)]
struct Expected {
    text: String,
    ids: Vec<usize>,
    /// `(n_steps, d_model)`
    steps: Vec<f32>,
    /// `(d_model,)`
    mean: Vec<f32>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bert")
}

fn load() -> (PretrainedEncoder, Vec<Expected>) {
    let pretrained = PretrainedEncoder::load(&folder(), &support::device()).unwrap();
    let json = fs::read(folder().join("expected.json")).unwrap();
    (pretrained, serde_json::from_slice(&json).unwrap())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_to_vec::<f32>().unwrap()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        let near = (f - e).abs() <= tolerance(1e-4) as f32 * e.abs().max(1.0);
        assert!(near, "number {i}: {f}, the reference has {e}");
    }
}

#[test]
fn texts_become_the_tokens_of_the_reference() {
    let (pretrained, expected) = load();
    for Expected { text, ids, .. } in expected {
        assert_eq!(pretrained.tokens.encode(&text, 256), ids, "{text}");
    }
}

#[test]
fn steps_of_a_padded_batch_are_those_of_the_reference_alone() {
    let (pretrained, expected) = load();
    let texts: Vec<&[usize]> = expected.iter().map(|e| e.ids.as_slice()).collect();
    let batch = TokenBatch::new(&texts, 1, 256);
    let text_len = batch.n_steps * pretrained.config.d_model;

    let trained = values(pretrained.encoder.forward(&batch, &mut None));
    let frozen = values(pretrained.encoder.frozen().forward(&batch));

    for steps in [trained, frozen] {
        for (text, expected) in steps.chunks(text_len).zip(&expected) {
            assert_close(&text[..expected.steps.len()], &expected.steps);
        }
    }
}

#[test]
fn rows_of_sentences_are_the_means_of_the_reference_at_length_one() {
    let (pretrained, expected) = load();
    let texts: Vec<&str> = expected.iter().map(|e| e.text.as_str()).collect();

    let rows = SentenceEncoder::new(&pretrained, 256).embed(&texts);

    for (row, Expected { mean, .. }) in rows.iter().zip(&expected) {
        let length = mean.iter().map(|x| x * x).sum::<f32>().sqrt();
        let unit: Vec<f32> = mean.iter().map(|x| x / length).collect();
        assert_close(row, &unit);
    }
}

#[test]
fn no_sentences_give_no_rows_and_long_ones_are_cut() {
    let (pretrained, _) = load();
    let encoder = SentenceEncoder::new(&pretrained, 256);

    assert!(encoder.embed(&[]).is_empty());
    let rows = encoder.embed(&["", &"parcel ".repeat(1000)]);

    assert_eq!((rows.len(), rows[0].len()), (2, pretrained.config.d_model));
    assert!(rows.iter().flatten().all(|x| x.is_finite()));
}

/// A copy of the folder, with its configuration changed.
fn changed(change: impl FnOnce(&mut Value)) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in [
        "config.json",
        "tokenizer_config.json",
        "vocab.txt",
        "model.safetensors",
    ] {
        fs::copy(folder().join(name), copy.path().join(name)).unwrap();
    }
    let path = copy.path().join("config.json");
    let mut config = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut config);
    fs::write(&path, config.to_string()).unwrap();
    copy
}

/// A copy of the folder with one more file, or another one.
fn with_file(name: &str, text: &str) -> TempDir {
    let copy = changed(|_| ());
    let path = copy.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    copy
}

fn set(name: &str, value: impl Into<Value>) -> TempDir {
    changed(|config| config[name] = value.into())
}

#[track_caller]
fn check_refusal(folder: &TempDir, expected: &str) -> NnError {
    let error = PretrainedEncoder::load(folder.path(), &support::device()).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    error
}

#[test]
fn a_folder_of_another_network_is_refused_by_name() {
    let error = check_refusal(&set("model_type", "gpt2"), "`gpt2` is no BERT");
    assert!(matches!(error, NnError::File { .. }));
    check_refusal(&set("intermediate_size", 0), "are positive");
    check_refusal(&set("num_attention_heads", 5), "a multiple of n_heads");
}

#[test]
fn what_this_encoder_lacks_is_refused_by_its_setting() {
    check_refusal(&set("hidden_act", "relu"), "`hidden_act` is \"relu\"");
    check_refusal(
        &set("position_embedding_type", "relative_key"),
        "`position_embedding_type` is \"relative_key\"",
    );
    check_refusal(&set("is_decoder", true), "`is_decoder` is true");
    let tokenizer = |json: &str| with_file("tokenizer_config.json", json);
    check_refusal(
        &tokenizer(r#"{"do_lower_case": true, "strip_accents": false}"#),
        "`strip_accents` is false; only true",
    );
    check_refusal(
        &tokenizer(r#"{"tokenize_chinese_chars": false}"#),
        "`tokenize_chinese_chars` is false",
    );
    check_refusal(
        &with_file("1_Pooling/config.json", r#"{"pooling_mode": "max"}"#),
        "rows by `max` are not known",
    );
    check_refusal(
        &with_file("2_Dense/config.json", r#"{"in_features": 24}"#),
        "the module `2_Dense` is not known",
    );
}

#[test]
fn what_may_be_missing_may_not_be_damaged() {
    for name in ["tokenizer_config.json", "1_Pooling/config.json"] {
        let error = check_refusal(&with_file(name, r#"{"do_lower_case": fal"#), name);
        assert!(matches!(error, NnError::File { .. }));
    }

    let without = changed(|_| ());
    fs::remove_file(without.path().join("tokenizer_config.json")).unwrap();
    let found = PretrainedEncoder::load(without.path(), &support::device()).unwrap();
    assert_eq!(found.pooling, Pooling::Mean);
}

#[test]
fn the_pooling_is_what_the_folder_says() {
    let json = r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#;
    let folder = with_file("1_Pooling/config.json", json);
    fs::create_dir(folder.path().join("2_Normalize")).unwrap();

    let found = PretrainedEncoder::load(folder.path(), &support::device()).unwrap();

    assert_eq!(found.pooling, Pooling::First);
}

#[test]
fn more_pieces_than_the_network_knows_are_refused() {
    let pieces = fs::read_to_string(folder().join("vocab.txt")).unwrap();
    let folder = with_file("vocab.txt", &format!("{pieces}parcels\n"));
    check_refusal(&folder, "there are 30 tokens, and the network knows 29");
}

#[test]
fn layers_that_are_missing_or_too_many_are_refused() {
    check_refusal(
        &set("num_hidden_layers", 3),
        "the weights hold no `encoder.layer.2.",
    );
    check_refusal(
        &set("num_hidden_layers", 1),
        "the configuration has 1 layers, and the weights have more",
    );
}

/// Nothing is made of these sizes before the weights confirm them.
#[test]
fn sizes_beyond_any_memory_are_refused_by_the_weights() {
    const LARGE: u64 = 1_000_000_000_000_000;
    for name in [
        "vocab_size",
        "max_position_embeddings",
        "type_vocab_size",
        "intermediate_size",
    ] {
        let error = check_refusal(&set(name, LARGE), "the network takes");
        assert!(matches!(error, NnError::Shape { .. }), "{error}");
    }
    check_refusal(&set("hidden_size", 3 * LARGE), "[29, 3000000000000000]");
    check_refusal(&set("num_hidden_layers", LARGE), "`encoder.layer.2.");
}
