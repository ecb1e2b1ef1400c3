//! Who speaks in JSON, and with whom: names, handles, addresses and numbers under the keys that programs
//! have for them.

use serde_json::{Map, Value};

use super::said::Speaker;

/// An object, its lists of messages left out.
pub(super) type Object = Map<String, Value>;

/// Keys of whoever wrote: an object, a name, or a handle.
pub(super) const AUTHORS: [&str; 10] = [
    "visitor",
    "author",
    "from",
    "sender",
    "user",
    "user_profile",
    "sender_name",
    "author_name",
    "username",
    "nick",
];
pub(super) const HANDLES: [&str; 8] = [
    "from_id",
    "sender_id",
    "senderId",
    "author_id",
    "user_id",
    "handle",
    "author_handle",
    "screen_name",
];
/// Keys of those whom a message or a conversation is with.
const OTHERS: [&str; 10] = [
    "to",
    "recipient",
    "recipients",
    "recipientId",
    "recipient_id",
    "visitor",
    "customer",
    "contact",
    "requester",
    "participants",
];

/// Whom a message or a conversation is with.
pub(super) fn others_of(object: &Object) -> Vec<Speaker> {
    let told = OTHERS
        .iter()
        .filter_map(|&key| Some((key, object.get(key)?)));
    let told = told.flat_map(|(key, value)| match value {
        Value::String(id) if key.ends_with("Id") || key.ends_with("_id") => vec![Speaker {
            handle: id.clone(),
            ..Speaker::default()
        }],
        value => speakers(value),
    });
    told.collect()
}

/// Who wrote a message, from all keys that tell it.
pub(super) fn speaker_of(object: &Object) -> Speaker {
    let told = AUTHORS
        .iter()
        .filter_map(|&key| Some((key, object.get(key)?)));
    let mut speaker = Speaker {
        handle: first(object, &HANDLES),
        email: address(first(object, &["email", "author_email", "sender_email"])),
        phone: number(first(object, &["phone", "author_phone", "sender_phone"])),
        ..Speaker::default()
    };
    for (key, value) in told {
        let said = match key {
            // What is a key and no name.
            "user" | "username" if value.is_string() => Speaker {
                handle: scalar(value),
                ..Speaker::default()
            },
            _ => speakers(value).into_iter().next().unwrap_or_default(),
        };
        speaker = joined(&speaker, &said);
    }
    speaker
}

/// The people that a value tells of: a name, an address, an object, or a list of them.
fn speakers(value: &Value) -> Vec<Speaker> {
    match value {
        Value::Array(values) => values.iter().flat_map(speakers).collect(),
        Value::Object(person) => {
            let speaker = Speaker {
                handle: first(
                    person,
                    &[
                        "handle",
                        "id",
                        "id_str",
                        "user_id",
                        "screen_name",
                        "username",
                        "external_id",
                    ],
                ),
                name: first(person, &["name", "real_name", "display_name", "full_name"]),
                email: address(first(person, &["email", "email_address"])),
                phone: number(first(person, &["phone", "phone_number", "mobile"])),
            };
            vec![speaker]
        }
        Value::String(text) => {
            // Without its country a number may as well be a key.
            let phone = Some(text.clone()).filter(|text| text.starts_with('+'));
            let (email, phone) = (address(text.clone()), phone.map(number).unwrap_or_default());
            let is_name = email.is_empty() && phone.is_empty();
            let name = if is_name { text.clone() } else { String::new() };
            vec![Speaker {
                name,
                email,
                phone,
                ..Speaker::default()
            }]
        }
        Value::Number(id) => vec![Speaker {
            handle: id.to_string(),
            ..Speaker::default()
        }],
        Value::Null | Value::Bool(_) => Vec::new(),
    }
    .into_iter()
    .filter(|speaker| !speaker.is_nobody())
    .collect()
}

/// Whether one of what both tell of themselves is the same.
pub(super) fn is_same(a: &Speaker, b: &Speaker) -> bool {
    let same = |a: &str, b: &str| !a.is_empty() && a.eq_ignore_ascii_case(b);
    // Zendesk writes the key of a visitor behind a colon.
    let bare = |handle: &str| handle.rsplit(':').next().unwrap_or_default().to_owned();
    same(&bare(&a.handle), &bare(&b.handle))
        || same(&a.email, &b.email)
        || same(&a.phone, &b.phone)
        || (same(&a.name, &b.name) && (a.handle.is_empty() || b.handle.is_empty()))
        || (same(&a.name, &b.name) && b.handle.starts_with("visitor"))
}

pub(super) fn joined(first: &Speaker, second: &Speaker) -> Speaker {
    let or = |a: &String, b: &String| if a.is_empty() { b.clone() } else { a.clone() };
    Speaker {
        handle: or(&first.handle, &second.handle),
        name: or(&first.name, &second.name),
        email: or(&first.email, &second.email),
        phone: or(&first.phone, &second.phone),
    }
}

/// The text where it is one address.
fn address(text: String) -> String {
    let is_address =
        text.contains('@') && !text.starts_with('@') && !text.contains(char::is_whitespace);
    if is_address { text } else { String::new() }
}

/// The text where it can be a phone number: a visitor writes there whatever they like, and a message is
/// worth more than its number.
fn number(text: String) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_mark = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
    let is_number = (7..=15).contains(&digits.len()) && text.chars().all(is_mark);
    if is_number { text } else { String::new() }
}

pub(super) fn first(object: &Object, keys: &[&str]) -> String {
    let told = keys.iter().map(|&key| string(object, key));
    told.into_iter()
        .find(|it| !it.is_empty())
        .unwrap_or_default()
}

pub(super) fn string(object: &Object, key: &str) -> String {
    object.get(key).map(scalar).unwrap_or_default()
}

/// A text or a number as a text; nothing of others.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
