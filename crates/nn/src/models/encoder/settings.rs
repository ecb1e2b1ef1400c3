//! What the JSON files beside an encoder's weights say: `config.json`, and, where they are there,
//! `tokenizer_config.json` and the modules of a sentence encoder (`1_Pooling` and others).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{EncoderConfig, Pooling};
use crate::NnError;
use crate::models::pretrained::require_setting;
use crate::weights::{read_json, read_json_if_there};

/// The part of BERT's `config.json` that decides the network.
#[derive(Deserialize)]
struct BertConfig {
    model_type: String,
    vocab_size: usize,
    max_position_embeddings: usize,
    type_vocab_size: usize,
    hidden_size: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    intermediate_size: usize,
    layer_norm_eps: f64,
    hidden_act: String,
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
}

impl BertConfig {
    /// Our configuration, or the setting that our encoder lacks.
    fn encoder(&self) -> Result<EncoderConfig, String> {
        if self.model_type != "bert" {
            return Err(format!("`{}` is no BERT", self.model_type));
        }
        require_setting("hidden_act", &self.hidden_act.as_str(), &"gelu")?;
        let positions = self.position_embedding_type.as_deref();
        let positions = positions.unwrap_or("absolute");
        require_setting("position_embedding_type", &positions, &"absolute")?;
        require_setting("is_decoder", &self.is_decoder, &false)?;
        Ok(EncoderConfig {
            n_tokens: self.vocab_size,
            max_steps: self.max_position_embeddings,
            n_segments: self.type_vocab_size,
            d_model: self.hidden_size,
            n_heads: self.num_attention_heads,
            n_layers: self.num_hidden_layers,
            d_feed_forward: self.intermediate_size,
            epsilon: self.layer_norm_eps,
            dropout: 0.0,
        })
    }
}

/// The sizes of the encoder in a folder.
pub(super) fn config(folder: &Path) -> Result<EncoderConfig, NnError> {
    let path = folder.join("config.json");
    let bert: BertConfig = read_json(&path)?;
    let config = bert.encoder().map_err(|reason| NnError::File {
        path: path.clone(),
        reason,
    })?;
    config.check()?;
    Ok(config)
}

/// The part of `tokenizer_config.json` that decides the tokens.
#[derive(Default, Deserialize)]
struct TokenizerConfig {
    do_lower_case: Option<bool>,
    strip_accents: Option<bool>,
    tokenize_chinese_chars: Option<bool>,
}

impl TokenizerConfig {
    fn is_lower_case(&self) -> Result<bool, String> {
        let is_lower_case = self.do_lower_case.unwrap_or(true);
        // Where nothing is said, accents go with the capitals.
        let strips = self.strip_accents.unwrap_or(is_lower_case);
        require_setting("strip_accents", &strips, &is_lower_case)?;
        let parts_chinese = self.tokenize_chinese_chars.unwrap_or(true);
        require_setting("tokenize_chinese_chars", &parts_chinese, &true)?;
        Ok(is_lower_case)
    }
}

/// Whether texts are brought to lower case first.
pub(super) fn is_lower_case(folder: &Path) -> Result<bool, NnError> {
    let path = folder.join("tokenizer_config.json");
    let tokenizer = read_json_if_there::<TokenizerConfig>(&path)?.unwrap_or_default();
    let is_lower_case = tokenizer.is_lower_case();
    is_lower_case.map_err(|reason| NnError::File { path, reason })
}

/// The part of `1_Pooling/config.json` that decides the row.
#[derive(Default, Deserialize)]
struct PoolingConfig {
    /// What newer files say.
    pooling_mode: Option<Modes>,
    /// What older files say: a yes or no for each mode.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Modes {
    One(String),
    SideBySide(Vec<String>),
}

impl PoolingConfig {
    fn pooling(&self) -> Result<Pooling, String> {
        let modes: Vec<&str> = match &self.pooling_mode {
            Some(Modes::One(mode)) => vec![mode],
            Some(Modes::SideBySide(modes)) => modes.iter().map(String::as_str).collect(),
            None => self.wanted().collect(),
        };
        match modes.as_slice() {
            [] | ["mean" | "pooling_mode_mean_tokens"] => Ok(Pooling::Mean),
            ["cls" | "pooling_mode_cls_token"] => Ok(Pooling::First),
            modes => Err(format!(
                "rows by `{}` are not known, only by the mean or the first step",
                modes.join("` and `")
            )),
        }
    }

    fn wanted(&self) -> impl Iterator<Item = &str> {
        let modes = self.others.iter();
        let modes = modes.filter(|(name, is_wanted)| {
            name.starts_with("pooling_mode_") && **is_wanted == Value::Bool(true)
        });
        modes.map(|(name, _)| name.as_str())
    }
}

/// How the steps of a text become one row: by their mean where the folder does not say.
pub(super) fn pooling(folder: &Path) -> Result<Pooling, NnError> {
    require_known_modules(folder)?;
    let path = folder.join("1_Pooling/config.json");
    let pooling = read_json_if_there::<PoolingConfig>(&path)?.unwrap_or_default();
    let pooling = pooling.pooling();
    pooling.map_err(|reason| NnError::File { path, reason })
}

/// Refuses modules that would change rows after their pooling, such as `2_Dense`. Scaling to length 1
/// is what [`SentenceEncoder`](super::SentenceEncoder) does anyway.
fn require_known_modules(folder: &Path) -> Result<(), NnError> {
    let failure = |reason: String| NnError::File {
        path: folder.to_owned(),
        reason,
    };
    let entries = fs::read_dir(folder).map_err(|error| failure(error.to_string()))?;
    let modules = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut modules: Vec<String> = modules
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| {
            let kind = module_kind(name);
            kind.is_some_and(|kind| kind != "Normalize" && name != "1_Pooling")
        })
        .collect();
    modules.sort();
    match modules.first() {
        Some(module) => Err(failure(format!(
            "the module `{module}` is not known, only `1_Pooling` and scaling to length 1"
        ))),
        None => Ok(()),
    }
}

/// The kind in the name of a module's folder: `Dense` of `2_Dense`.
fn module_kind(name: &str) -> Option<&str> {
    let (number, kind) = name.split_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(json: Value, expected: Result<Pooling, &str>) {
        let config: PoolingConfig = serde_json::from_value(json).unwrap();
        match (config.pooling(), expected) {
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => assert_eq!(found, expected.map_err(str::to_owned)),
        }
    }

    #[test]
    fn both_spellings_of_a_pooling_are_read() {
        check(json!({"embedding_dimension": 8}), Ok(Pooling::Mean));
        check(json!({"pooling_mode": "mean"}), Ok(Pooling::Mean));
        check(json!({"pooling_mode": ["cls"]}), Ok(Pooling::First));
        let older = |is_first: bool| {
            json!({
                "word_embedding_dimension": 8,
                "pooling_mode_cls_token": is_first,
                "pooling_mode_mean_tokens": !is_first,
                "pooling_mode_max_tokens": false,
            })
        };
        check(older(false), Ok(Pooling::Mean));
        check(older(true), Ok(Pooling::First));
    }

    #[test]
    fn other_poolings_are_refused_by_name() {
        for mode in [
            "max_tokens",
            "mean_sqrt_len_tokens",
            "weightedmean_tokens",
            "lasttoken",
        ] {
            let name = format!("pooling_mode_{mode}");
            check(
                json!({ name.clone(): true, "pooling_mode_mean_tokens": false }),
                Err(&format!("rows by `{name}` are not known")),
            );
        }
        check(
            json!({"pooling_mode": "lasttoken"}),
            Err("rows by `lasttoken`"),
        );
        check(
            json!({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}),
            Err("`pooling_mode_cls_token` and `pooling_mode_mean_tokens`"),
        );
        check(
            json!({"pooling_mode": ["cls", "max"]}),
            Err("`cls` and `max`"),
        );
    }

    #[test]
    fn accents_go_with_the_capitals() {
        let is_lower_case = |lower: bool, strips: Option<bool>| {
            let tokenizer = TokenizerConfig {
                do_lower_case: Some(lower),
                strip_accents: strips,
                tokenize_chinese_chars: None,
            };
            tokenizer.is_lower_case()
        };
        assert_eq!(is_lower_case(true, None), Ok(true));
        assert_eq!(is_lower_case(true, Some(true)), Ok(true));
        assert_eq!(is_lower_case(false, Some(false)), Ok(false));
        for (lower, strips) in [(true, false), (false, true)] {
            let refusal = is_lower_case(lower, Some(strips)).unwrap_err();
            assert!(refusal.starts_with("`strip_accents` is"), "{refusal}");
        }
    }

    #[test]
    fn modules_have_a_number_before_their_kind() {
        assert_eq!(module_kind("2_Dense"), Some("Dense"));
        assert_eq!(module_kind("onnx_Dense"), None);
        assert_eq!(module_kind("onnx"), None);
    }
}
