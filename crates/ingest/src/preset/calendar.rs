//! Calendars, in the columns that our reader gives them: an event for each meeting and person.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

/// Its name in a mapping.
pub(super) const KEY: &str = "calendar";

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: KEY,
    system: "iCalendar",
    entity: EntityKind::Events,
    label: ("Calendar (iCalendar)", "日历（iCalendar）"),
    notice: Some((
        "Each meeting becomes an entry in the timeline of everybody outside of your house who is in it. \
         Meetings with people who are not here yet are left out; choose “make contacts of people who are \
         not here” to have them, too. A meeting that repeats is entered at its first date.",
        "每个会议都会成为外部参会人时间线上的一条记录。尚未录入的人的会议不会导入；选择“为尚未录入的人新建联系人”\
         即可一并导入。重复会议只记录首次日期。",
    )),
    signature: &[
        &["message_id"],
        &["correspondent_email"],
        &["organizer"],
        &["recurrence"],
    ],
    columns: MEETINGS,
    keys: KeyStyle::AsWritten,
}];

const MEETINGS: &[Column] = &[
    column(F::MessageId, &["message_id"]),
    column(F::EventKind, &["event"]),
    column(F::OccurredAt, &["date"]),
    column(F::CustomerEmail, &["correspondent_email"]),
    column(F::CustomerName, &["correspondent_name"]),
];
