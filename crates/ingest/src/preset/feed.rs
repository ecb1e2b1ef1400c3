//! Feeds, in the columns that our reader gives them: an event for each entry, of nobody in particular.
//! Whoever writes for the public is a customer now and then only; a person may map the author all the same.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: "feed",
    system: "Feed",
    entity: EntityKind::Events,
    label: ("Feed (RSS, Atom)", "订阅源（RSS、Atom）"),
    notice: Some((
        "Each entry becomes an event of nobody in particular, with its author beside it. Where authors are \
         your customers (reviews, a forum), let author_email feed the customer’s e-mail, or author_url the \
         customer’s id.",
        "每个条目都会成为一条不归属任何人的事件，并保留作者。若作者就是客户（评价、论坛），请将 author_email \
         对应到客户邮箱，或将 author_url 对应到客户编号。",
    )),
    signature: &[&["message_id"], &["author_url"], &["feed"], &["link"]],
    columns: ENTRIES,
    keys: KeyStyle::AsWritten,
}];

const ENTRIES: &[Column] = &[
    column(F::MessageId, &["message_id"]),
    column(F::EventKind, &["event"]),
    column(F::OccurredAt, &["date"]),
    column(F::PageUrl, &["link"]),
];
