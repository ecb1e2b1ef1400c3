//! Tells conversations from tables by what stands in their first bytes.

use serde_json::Value;

use crate::{TalkForm, raw};

/// Bytes that are looked at of a document.
const LOOK_BYTES: usize = 128 * 1024;
/// Objects that are looked at.
const OBJECTS_MAX: usize = 64;
/// Lines that are looked at.
const LINES_MAX: usize = 20;

/// Whether the objects on the lines are messages, or hold some.
pub(super) fn in_lines(text: &[u8]) -> Option<TalkForm> {
    let lines = text.split(|&byte| byte == b'\n').take(LINES_MAX);
    let objects = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut objects = objects.filter(Value::is_object);
    objects
        .any(|object| holds_talk(&object, 4))
        .then_some(TalkForm::JsonLines)
}

/// Whether a document holds messages: one of its first objects is one. The document may be cut off.
pub(super) fn in_document(text: &[u8]) -> Option<TalkForm> {
    let text = &text[..text.len().min(LOOK_BYTES)];
    let begins = text.iter().enumerate().filter(|(_, byte)| **byte == b'{');
    let mut objects = begins.take(OBJECTS_MAX).filter_map(|(at, _)| {
        let mut values = serde_json::Deserializer::from_slice(&text[at..]).into_iter::<Value>();
        values.next()?.ok()
    });
    objects
        .any(|object| holds_talk(&object, 4))
        .then_some(TalkForm::Json)
}

/// Whether a script of an export of X holds messages (`window.YTD.tweets.part0 = [`).
pub(super) fn in_script(text: &[u8]) -> Option<TalkForm> {
    text.trim_ascii_start()
        .starts_with(b"window.YTD.")
        .then_some(TalkForm::Json)
}

/// Whether the text is a chat of WhatsApp.
pub(super) fn in_text(text: &[u8]) -> Option<TalkForm> {
    raw::is_whatsapp(text).then_some(TalkForm::WhatsApp)
}

/// Whether a value is a message or has one within.
fn holds_talk(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(object) if raw::is_talk(object) => true,
        Value::Object(object) if depth == 0 || raw::is_table_row(object) => false,
        Value::Object(object) => object.values().any(|it| holds_talk(it, depth - 1)),
        Value::Array(values) => {
            depth > 0 && values.iter().take(8).any(|it| holds_talk(it, depth - 1))
        }
        _ => false,
    }
}
