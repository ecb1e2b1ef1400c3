//! Decoders from folders that somebody else made: tokens, logits and what the likeliest tokens go on
//! with are those of the reference networks of `fixtures/decoders/make.py`, and what cannot be read
//! is refused with its reason.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rapport_learn::Check;
use rapport_nn::models::{Cache, GenerateParams, PretrainedDecoder, TokenBatch};
use rapport_nn::tokens::PretrainedBpe;
use rapport_nn::{Draws, NnError};
use rapport_testing::tolerance;
use serde_json::{Value, json};
use tempfile::TempDir;

#[derive(serde::Deserialize)]
struct Expected {
    texts: Vec<(String, Vec<usize>)>,
    prompt: String,
    /// After each step of the prompt, of every 11th token.
    logits: Vec<Vec<f32>>,
    likeliest: Vec<usize>,
}

const KINDS: [&str; 2] = ["gpt2", "llama"];

fn fixture(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/decoders")
        .join(kind)
}

fn expected(kind: &str) -> Expected {
    let json = fs::read(fixture(kind).join("expected.json")).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn load(kind: &str) -> PretrainedDecoder {
    PretrainedDecoder::load(&fixture(kind), &support::device()).unwrap()
}

/// A copy of a folder, with its configuration changed.
fn changed(kind: &str, change: impl FnOnce(&mut Value)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture(kind)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let path = folder.path().join("config.json");
    let mut config = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut config);
    fs::write(&path, serde_json::to_vec(&config).unwrap()).unwrap();
    folder
}

fn refusal(folder: &Path) -> NnError {
    PretrainedDecoder::load(folder, &support::device()).unwrap_err()
}

#[track_caller]
fn check_refusal(kind: &str, change: impl FnOnce(&mut Value), expected: &str) {
    let error = refusal(changed(kind, change).path()).to_string();
    assert!(error.contains(expected), "{error}");
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32]) {
    for (i, e) in expected.iter().enumerate() {
        let f = found[11 * i];
        assert!(
            (f - e).abs() < tolerance(1e-4) as f32 * e.abs().max(1.0),
            "token {}: {f}, expected {e}",
            11 * i
        );
    }
}

#[test]
fn texts_become_the_tokens_that_they_were_trained_as_and_come_back() {
    for kind in KINDS {
        let tokens = load(kind).tokens;
        for (text, ids) in expected(kind).texts {
            assert_eq!(tokens.encode(&text), ids, "{kind}: {text:?}");
            assert_eq!(tokens.decode(&ids), text);
        }
        let end = tokens.special("<|endoftext|>").unwrap();
        assert!(!tokens.encode("<|endoftext|>").contains(&end));
        assert_eq!(tokens.decode(&[end]), "");
    }
}

#[test]
fn logits_are_those_of_the_reference_at_once_and_step_by_step() {
    for kind in KINDS {
        let Expected { prompt, logits, .. } = expected(kind);
        let PretrainedDecoder { decoder, tokens } = load(kind);
        let ids = tokens.encode(&prompt);
        let n_tokens = decoder.config().n_tokens;

        let batch = TokenBatch::new(&[&ids], 1, ids.len());
        let at_once = decoder.forward(&batch, &mut None).into_data();
        let at_once = at_once.try_to_vec::<f32>().unwrap();
        let mut cache = Cache::default();

        assert_eq!(ids.len(), logits.len());
        for ((id, row), expected) in ids.iter().zip(at_once.chunks(n_tokens)).zip(&logits) {
            assert_close(row, expected);
            assert_close(&decoder.next(&[*id], &mut cache), expected);
        }
    }
}

#[test]
fn the_likeliest_tokens_go_on_as_in_the_reference() {
    for kind in KINDS {
        let Expected {
            prompt, likeliest, ..
        } = expected(kind);
        let PretrainedDecoder { decoder, tokens } = load(kind);
        let params = GenerateParams {
            max_tokens: likeliest.len(),
            temperature: 0.0,
            ..GenerateParams::default()
        };
        let params = params.check().unwrap();

        let written = params.generate(
            &decoder,
            &tokens.encode(&prompt),
            &mut Draws::new(1, "tokens"),
        );

        assert_eq!(written.unwrap(), likeliest, "{kind}");
    }
}

#[test]
fn weights_cut_short_are_refused() {
    for kind in KINDS {
        let folder = changed(kind, |_| ());
        let path = folder.path().join("model.safetensors");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();

        let error = refusal(folder.path());

        assert!(matches!(error, NnError::File { .. }));
        let message = error.to_string();
        assert!(
            message.contains("not a whole safetensors file"),
            "{message}"
        );
    }
}

#[test]
fn weights_of_another_shape_are_refused_with_both_shapes() {
    #[track_caller]
    fn check(kind: &str, setting: &str, value: usize, expected: &str) {
        let folder = changed(kind, |config| config[setting] = value.into());
        let error = refusal(folder.path());
        assert!(matches!(error, NnError::Shape { .. }), "{error}");
        assert_eq!(error.to_string(), expected);
    }
    check(
        "gpt2",
        "n_inner",
        48,
        "transformer.h.0.mlp.c_fc.weight has the shape [16, 40], the network takes [16, 48]",
    );
    check(
        "llama",
        "num_key_value_heads",
        1,
        "model.layers.0.self_attn.k_proj.weight has the shape [8, 16], the network takes [4, 16]",
    );
}

#[test]
fn layers_that_are_missing_or_too_many_are_refused() {
    let layers = |n: usize| move |config: &mut Value| config["n_layer"] = n.into();
    check_refusal("gpt2", layers(3), "the weights hold no `transformer.h.2.");
    check_refusal(
        "gpt2",
        layers(1),
        "the configuration has 1 layers, and the weights have more",
    );
}

#[test]
fn what_this_decoder_lacks_is_refused_by_its_setting() {
    let set = |name: &'static str, value: Value| {
        move |config: &mut Value| {
            config[name] = value;
        }
    };
    check_refusal(
        "gpt2",
        set("model_type", "bloom".into()),
        "unknown variant `bloom`",
    );
    check_refusal("gpt2", set("activation_function", "relu".into()), "`relu`");
    check_refusal(
        "gpt2",
        set("scale_attn_by_inverse_layer_idx", true.into()),
        "`scale_attn_by_inverse_layer_idx` is true; only false is known",
    );
    let stretched = json!({"rope_type": "llama3", "factor": 8.0});
    check_refusal(
        "llama",
        set("rope_scaling", stretched),
        "stretched by `rope_scaling`",
    );
    let stretched = json!({"rope_type": "yarn", "rope_theta": 10_000.0});
    check_refusal(
        "llama",
        set("rope_parameters", stretched),
        "`rope_type` is \"yarn\"",
    );
    check_refusal("llama", set("hidden_act", "relu".into()), "`hidden_act`");
    check_refusal(
        "llama",
        set("attention_bias", true.into()),
        "`attention_bias`",
    );
    check_refusal(
        "llama",
        set("head_dim", 8.into()),
        "`head_dim` is 8; only 4",
    );
    check_refusal(
        "llama",
        set("num_attention_heads", 3.into()),
        "d_model is a multiple of n_heads",
    );
    check_refusal(
        "llama",
        set("num_attention_heads", 16.into()),
        "numbers per head are even",
    );
    check_refusal(
        "llama",
        set("vocab_size", 20.into()),
        "the network knows 20",
    );
}

/// Nothing is made of these sizes before the weights confirm them.
#[test]
fn sizes_beyond_any_memory_are_refused() {
    let set =
        |name: &'static str, value: u64| move |config: &mut Value| config[name] = value.into();
    const LARGE: u64 = 1_000_000_000_000_000;
    check_refusal(
        "gpt2",
        set("n_inner", LARGE),
        "mlp.c_fc.weight has the shape",
    );
    check_refusal(
        "gpt2",
        set("n_positions", LARGE),
        "wpe.weight has the shape",
    );
    check_refusal("gpt2", set("n_layer", LARGE), "hold no `transformer.h.2.");
    let width = |config: &mut Value| {
        config["n_embd"] = (1_u64 << 62).into();
        config["n_inner"] = Value::Null;
    };
    check_refusal("gpt2", width, "wte.weight has the shape");
    check_refusal(
        "llama",
        set("vocab_size", LARGE),
        "the network takes [1000000000000000, 16]",
    );
    check_refusal(
        "llama",
        set("hidden_size", 4 * LARGE),
        "embed_tokens.weight has the shape",
    );
    check_refusal(
        "llama",
        set("intermediate_size", LARGE),
        "mlp.up_proj.weight has the shape",
    );
    let heads = set("num_key_value_heads", 1 << 40);
    check_refusal("llama", heads, "n_heads is a multiple of n_kv_heads");
}

#[test]
fn a_token_of_a_number_beyond_the_network_is_refused() {
    #[track_caller]
    fn check(number: u64, expected: &str) {
        let folder = changed("gpt2", |_| ());
        let path = folder.path().join("vocab.json");
        let mut vocabulary: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        vocabulary["x of no pair"] = number.into();
        fs::write(&path, vocabulary.to_string()).unwrap();

        let error = refusal(folder.path());

        assert!(matches!(error, NnError::File { .. }));
        assert!(error.to_string().contains(expected), "{error}");
    }
    check(
        1_000_000_000_000_000,
        "there are 1000000000000001 tokens, and the network knows 305",
    );
    check(u64::MAX, "no network has a token 18446744073709551615");
}

#[test]
fn the_newer_spelling_of_the_angles_is_read() {
    let folder = changed("llama", |config| {
        config["rope_theta"] = Value::Null;
        config["rope_parameters"] = json!({"rope_type": "default", "rope_theta": 5000.0});
    });

    let newer = PretrainedDecoder::load(folder.path(), &support::device()).unwrap();

    assert_eq!(newer.decoder.config(), load("llama").decoder.config());
}

#[test]
fn a_folder_without_its_tokens_is_refused() {
    let folder = changed("gpt2", |_| ());
    fs::remove_file(folder.path().join("merges.txt")).unwrap();
    let error = PretrainedBpe::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("merges.txt"), "{error}");

    fs::write(folder.path().join("merges.txt"), "#version: 0.2\nzz yy\n").unwrap();
    let error = PretrainedBpe::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("the vocabulary lacks `zzyy`"), "{error}");
}
