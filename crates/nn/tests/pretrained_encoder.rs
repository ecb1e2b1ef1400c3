//! Encoders from folders, held against `transformers`: a small random one made by
//! `fixtures/make_bert.py`. The same for all-MiniLM-L6-v2 is `examples/minilm.rs`, which needs its
//! weights.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use burn::tensor::Tensor;
use rapport_nn::NnError;
use rapport_nn::models::{PretrainedEncoder, SentenceEncoder, TokenBatch};
use rapport_testing::tolerance;

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
    let json = std::fs::read(folder().join("expected.json")).unwrap();
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

#[test]
fn a_folder_of_another_network_is_refused_by_name() {
    let refused = |from: &str, to: &str| {
        let copy = tempfile::tempdir().unwrap();
        for name in ["config.json", "vocab.txt", "model.safetensors"] {
            std::fs::copy(folder().join(name), copy.path().join(name)).unwrap();
        }
        let config = std::fs::read_to_string(copy.path().join("config.json")).unwrap();
        assert!(config.contains(from), "{config}");
        std::fs::write(copy.path().join("config.json"), config.replace(from, to)).unwrap();
        PretrainedEncoder::load(copy.path(), &support::device()).unwrap_err()
    };

    let error = refused("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"");
    assert!(matches!(error, NnError::File { .. }));
    assert!(error.to_string().contains("`gpt2` is no BERT"), "{error}");
    let error = refused("\"intermediate_size\": 40", "\"intermediate_size\": 0");
    assert!(error.to_string().contains("are positive"), "{error}");
}
