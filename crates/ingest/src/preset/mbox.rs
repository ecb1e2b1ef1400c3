//! Mailboxes, in the columns that our reader gives them: an event for each message and person. What
//! feeds no field (subject, text, names of attachments) is told in the event's properties.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

/// Its name in a mapping.
pub(super) const KEY: &str = "mbox";

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: KEY,
    system: "E-mail",
    entity: EntityKind::Events,
    label: ("Mailbox (mbox)", "邮箱（mbox）"),
    notice: Some((
        "Each message becomes an entry in the timeline of whom it came from or went to. Messages of \
         people who are not here yet are left out; choose “make contacts of people who are not here” to have them, too. \
         Attachments are named and not kept.",
        "每封邮件都会成为往来联系人时间线上的一条记录。尚未录入的联系人的邮件不会导入；选择“为尚未录入的人新建联系人”\
         即可一并导入。附件只记录名称，不保存内容。",
    )),
    signature: &[
        &["message_id"],
        &["correspondent_email"],
        &["in_reply_to"],
        &["attachments"],
    ],
    columns: MESSAGES,
    keys: KeyStyle::AsWritten,
}];

const MESSAGES: &[Column] = &[
    column(F::MessageId, &["message_id"]),
    column(F::EventKind, &["event"]),
    column(F::OccurredAt, &["date"]),
    column(F::CustomerEmail, &["correspondent_email"]),
    column(F::CustomerName, &["correspondent_name"]),
];
