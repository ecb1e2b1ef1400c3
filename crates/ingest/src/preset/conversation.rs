//! Conversations, in the columns that our reader gives them: an event for each message and person.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

/// Its name in a mapping.
pub(super) const KEY: &str = "conversation";

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: KEY,
    system: "Chat",
    entity: EntityKind::Events,
    label: ("Conversations (chat, social)", "会话（聊天、社交媒体）"),
    notice: Some((
        "Each message becomes an entry in the timeline of whom it came from or went to. Where the file does \
         not tell who of it is yours, name your own names, handles and numbers. Messages of people who are \
         not here yet are left out; choose “make contacts of people who are not here” to have them, too.",
        "每条消息都会成为往来联系人时间线上的一条记录。若文件未标明哪些是己方，请填写己方的名称、账号和号码。\
         尚未录入的人的消息不会导入；选择“为尚未录入的人新建联系人”即可一并导入。",
    )),
    signature: &[
        &["message_id"],
        &["correspondent_id"],
        &["thread"],
        &["channel"],
    ],
    columns: MESSAGES,
    keys: KeyStyle::AsWritten,
}];

const MESSAGES: &[Column] = &[
    column(F::MessageId, &["message_id"]),
    column(F::EventKind, &["event"]),
    column(F::OccurredAt, &["date"]),
    column(F::CustomerExternalId, &["correspondent_id"]),
    column(F::CustomerEmail, &["correspondent_email"]),
    column(F::CustomerPhone, &["correspondent_phone"]),
    column(F::CustomerName, &["correspondent_name"]),
];
