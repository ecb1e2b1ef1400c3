//! The shapes that messages have in JSON, told by their keys: our own form, Zendesk's chats and comments,
//! Telegram, Slack, Facebook and Instagram, X, and whatever else has an author, a time and a text.

use serde_json::Value;

use super::Piece;
use super::people::{
    AUTHORS, HANDLES, Object, first, is_same, joined, others_of, scalar, speaker_of, string,
};
use super::said::{Direction, Said, Speaker};

/// Keys under which messages stand within a conversation.
pub(super) const LISTS: [&str; 12] = [
    "messages",
    "history",
    "chats",
    "conversations",
    "comments",
    "replies",
    "data",
    "items",
    "events",
    "comments_v2",
    "transcript",
    "threads",
];

/// Keys under which one message stands, wrapped.
pub(super) const WRAPPERS: [&str; 7] = [
    "tweet",
    "dmConversation",
    "messageCreate",
    "comment",
    "message",
    "conversation",
    "post",
];

const IDS: [&str; 8] = [
    "id",
    "message_id",
    "msg_id",
    "id_str",
    "_id",
    "client_msg_id",
    "comment_id",
    "uuid",
];
const TIMES: [&str; 14] = [
    "at",
    "date_unixtime",
    "timestamp_ms",
    "timestamp",
    "created_at",
    "createdAt",
    "created_time",
    "sent_at",
    "published_at",
    "taken_at",
    "msgtime",
    "ts",
    "time",
    "date",
];
const TEXTS: [&str; 8] = [
    "text",
    "full_text",
    "msg",
    "message",
    "body",
    "content",
    "comment",
    "caption",
];
const THREADS: [&str; 8] = [
    "thread",
    "thread_id",
    "thread_path",
    "conversation_id",
    "conversationId",
    "ticket_id",
    "chat_id",
    "thread_ts",
];
const CHANNELS: [&str; 5] = ["channel", "via", "platform", "network", "service"];
const DIRECTIONS: [&str; 6] = [
    "direction",
    "sender_type",
    "author_type",
    "from_type",
    "sender_role",
    "role",
];
const MINE: [&str; 6] = [
    "from_me",
    "fromMe",
    "is_from_me",
    "outgoing",
    "is_outgoing",
    "is_sent",
];
const REPLIES: [&str; 6] = [
    "reply_to",
    "in_reply_to",
    "reply_to_message_id",
    "in_reply_to_status_id_str",
    "parent_id",
    "parent_user_id",
];
const RECEIVED: [&str; 14] = [
    "in", "inbound", "incoming", "received", "visitor", "customer", "end_user", "end-user",
    "enduser", "user", "client", "contact", "lead", "consumer",
];
const SENT: [&str; 14] = [
    "out",
    "outbound",
    "outgoing",
    "sent",
    "agent",
    "operator",
    "staff",
    "admin",
    "bot",
    "system",
    "trigger",
    "support",
    "assistant",
    "business",
];

/// What conversations tell of all of their messages.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub(super) thread: String,
    pub(super) title: String,
    pub(super) channel: String,
    pub(super) at: String,
    pub(super) others: Vec<Speaker>,
    /// How deep it stands, so that nothing is followed for ever.
    pub(super) depth: usize,
}

/// Whether an object is a message of a conversation, or holds some. A row of any other table has no author
/// beside its text, or is called an event.
pub(crate) fn is_talk(object: &Object) -> bool {
    is_message(object) && !is_row(object)
}

/// A table of tickets, notes or events has texts with times and people, too; nothing within its rows is
/// looked at.
pub(crate) fn is_row(object: &Object) -> bool {
    const KEYS: [&str; 10] = [
        "event",
        "event_name",
        "subject",
        "anonymousId",
        "userId",
        "customer_id",
        "customer_email",
        "occurred_at",
        "properties",
        "traits",
    ];
    KEYS.iter().any(|&key| object.contains_key(key))
}

/// Whether somebody said something at some time.
pub(super) fn is_message(object: &Object) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|&key| object.get(key).is_some_and(is_told));
    let has_text = text_of(object).is_some() || object.get("attachments").is_some_and(is_told);
    let has_author = has(&AUTHORS) || has(&HANDLES) || has(&DIRECTIONS[..5]) || has(&MINE);
    let is_social = instagram(object).is_some();
    (has_text && has(&TIMES) && (has_author || object.contains_key("full_text"))) || is_social
}

/// The message that an object is; none where it is no message and only holds some, or tells nothing.
pub(super) fn message(object: &Object, context: &Context) -> Option<Piece> {
    if let Some(said) = instagram(object) {
        return Some(Piece::Said(Box::new(said)));
    }
    if !is_message(object) {
        return is_note(object).then_some(Piece::Note);
    }
    let (name, nick) = (string(object, "name"), string(object, "nick"));
    let mut author = speaker_of(object);
    if !nick.is_empty() {
        // Zendesk's chats: the handle says who it is, the name what they are called.
        author.handle = nick.clone();
        author.name = name;
    }
    let mut others = others_of(object);
    others.extend(context.others.iter().cloned());
    let is_mended = object.contains_key("timestamp_ms");
    let mend = |text: String| if is_mended { mended(&text) } else { text };
    author.name = mend(author.name);
    // What the conversation knows of an author, such as the e-mail address of a visitor.
    if let Some(known) = others.iter().find(|it| is_same(it, &author)) {
        author = joined(known, &author);
    }
    let own_or = |keys: &[&str], inherited: &str| {
        let own = first(object, keys);
        if own.is_empty() {
            inherited.to_owned()
        } else {
            own
        }
    };
    Some(Piece::Said(Box::new(Said {
        id: first(object, &IDS),
        at: instant(own_or(&TIMES, &context.at)),
        direction: direction(object, &nick),
        text: mend(text_of(object).unwrap_or_default()),
        channel: Some(channel(object))
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| context.channel.clone()),
        thread: own_or(&THREADS, &context.thread),
        title: context.title.clone(),
        reply_to: first(object, &REPLIES),
        attachments: attachments(object),
        others,
        author,
    })))
}

/// What a conversation tells of its messages, beside what the one around it does.
pub(super) fn context(object: &Object, around: &Context) -> Context {
    let or = |own: String, inherited: &str| {
        if own.is_empty() {
            inherited.to_owned()
        } else {
            own
        }
    };
    let is_list_of_said = is_message(object);
    let mut others = others_of(object);
    // Telegram calls a talk with one person by their name, and numbers it as the person.
    if string(object, "type") == "personal_chat" {
        let id = string(object, "id");
        others.push(Speaker {
            handle: if id.is_empty() {
                id
            } else {
                format!("user{id}")
            },
            name: string(object, "name"),
            ..Speaker::default()
        });
    }
    for other in &mut others {
        other.name = mended(&other.name);
    }
    others.extend(around.others.iter().cloned());
    let title = ["title", "name", "subject"];
    let title = title.iter().map(|&key| string(object, key));
    let title = title.into_iter().find(|it| !it.is_empty());
    Context {
        thread: or(
            first(object, &[&THREADS[..], &IDS[..]].concat()),
            &around.thread,
        ),
        title: match is_list_of_said {
            true => around.title.clone(),
            false => or(mended(&title.unwrap_or_default()), &around.title),
        },
        channel: or(channel(object), &around.channel),
        at: or(first(object, &TIMES), &around.at),
        others,
        depth: around.depth + 1,
    }
}

/// That somebody came or went, rated or called: programs note it among the messages.
fn is_note(object: &Object) -> bool {
    let kind = string(object, "type");
    let is_chat = kind.starts_with("chat.") || kind == "service" || kind == "system";
    is_chat || object.contains_key("subtype") || object.contains_key("is_unsent")
}

/// Instagram's exports write values under the labels of the screen.
fn instagram(object: &Object) -> Option<Said> {
    let labels = object.get("string_map_data")?.as_object()?;
    let value = |label: &str| {
        let text = labels.get(label)?.get("value")?.as_str()?;
        Some(mended(text))
    };
    let at = labels.get("Time")?.get("timestamp")?;
    let other = Speaker {
        handle: value("Media Owner").unwrap_or_default(),
        ..Speaker::default()
    };
    Some(Said {
        at: scalar(at),
        text: value("Comment")?,
        direction: Some(Direction::Sent),
        channel: "instagram".to_owned(),
        others: Some(other)
            .filter(|it| !it.is_nobody())
            .into_iter()
            .collect(),
        ..Said::default()
    })
}

fn direction(object: &Object, nick: &str) -> Option<Direction> {
    let mine = MINE.iter().find_map(|&key| object.get(key)?.as_bool());
    if let Some(mine) = mine {
        return Some(if mine {
            Direction::Sent
        } else {
            Direction::Received
        });
    }
    let within = ["author", "sender", "from"];
    let within = within
        .iter()
        .filter_map(|&key| object.get(key)?.as_object());
    let told = DIRECTIONS.iter().map(|&key| string(object, key));
    let told = told.chain(within.map(|it| first(it, &["type", "role"])));
    let told = told.chain(nick.split_once(':').map(|(who, _)| who.to_owned()));
    told.into_iter().find_map(|word| {
        let word = word.to_lowercase();
        if RECEIVED.contains(&word.as_str()) {
            Some(Direction::Received)
        } else if SENT.contains(&word.as_str()) {
            Some(Direction::Sent)
        } else {
            None
        }
    })
}

/// The text of a message; Telegram writes one with links as a list of pieces.
fn text_of(object: &Object) -> Option<String> {
    TEXTS.iter().find_map(|&key| match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Array(pieces) => {
            let pieces = pieces.iter().map(|piece| match piece {
                Value::String(text) => Some(text.as_str()),
                piece => piece.get("text")?.as_str(),
            });
            let text: Option<String> = pieces.collect();
            text.filter(|text| !text.is_empty())
        }
        _ => None,
    })
}

fn attachments(object: &Object) -> String {
    let names = [
        "attachments",
        "photos",
        "files",
        "attachment",
        "file",
        "photo",
    ];
    let found = names.iter().filter_map(|&key| object.get(key));
    let names = found.flat_map(|value| match value {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    });
    let names = names.filter_map(|value| match value {
        Value::Object(file) => {
            let name = first(
                file,
                &["name", "file_name", "filename", "uri", "url", "title"],
            );
            Some(if name.is_empty() {
                "?".to_owned()
            } else {
                name
            })
        }
        Value::String(name) if !name.is_empty() => Some(name.clone()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("; ")
}

/// The way on which it came; Zendesk says it in an object.
fn channel(object: &Object) -> String {
    let within = object.get("via").and_then(Value::as_object);
    match within {
        Some(via) => string(via, "channel"),
        None => first(object, &CHANNELS),
    }
}

/// Slack counts seconds with six decimals, which only tell messages apart.
fn instant(at: String) -> String {
    match at.split_once('.') {
        Some((seconds, rest))
            if seconds.len() == 10
                && (seconds.to_owned() + rest)
                    .bytes()
                    .all(|it| it.is_ascii_digit()) =>
        {
            seconds.to_owned()
        }
        _ => at,
    }
}

fn is_told(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// The text that Facebook and Instagram write byte by byte, each as a character of its own: `Ã©` is `é`.
fn mended(text: &str) -> String {
    let is_suspect = text.chars().any(|c| c as u32 >= 0x80);
    let bytes = text.chars().map(|c| u8::try_from(c as u32));
    let bytes: Result<Vec<u8>, _> = bytes.collect();
    match bytes.map(String::from_utf8) {
        Ok(Ok(mended)) if is_suspect => mended,
        _ => text.to_owned(),
    }
}
