//! Names of a campaign's fields.

use super::{Entry, Field, ValueKind as K};

/// The fields of a campaign.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::ExternalId,
        K::Id,
        &[
            "campaign id",
            "external id",
            "campaign code",
            "活动编号",
            "活动id",
            "外部编号",
        ],
    )
    .weak(&["id", "code", "编号"]),
    Entry::new(
        Field::Name,
        K::ShortText,
        &[
            "campaign name",
            "campaign",
            "name",
            "活动名称",
            "营销活动",
            "活动",
        ],
    )
    .weak(&["title", "名称"]),
    Entry::new(
        Field::Channel,
        K::ShortText,
        &[
            "channel",
            "campaign channel",
            "campaign type",
            "medium",
            "渠道",
            "活动渠道",
        ],
    )
    .weak(&["type", "类型"]),
    Entry::new(
        Field::Status,
        K::ShortText,
        &["status", "campaign status", "state", "状态", "活动状态"],
    ),
    Entry::new(
        Field::StartsAt,
        K::Instant,
        &[
            "starts at",
            "start date",
            "start",
            "started at",
            "launch date",
            "send date",
            "begins at",
            "开始时间",
            "开始日期",
            "活动开始时间",
        ],
    )
    .weak(&["date", "日期"]),
    Entry::new(
        Field::EndsAt,
        K::Instant,
        &[
            "ends at",
            "end date",
            "end",
            "ended at",
            "finish date",
            "结束时间",
            "结束日期",
            "活动结束时间",
        ],
    ),
    Entry::new(
        Field::Budget,
        K::Money,
        &[
            "budget",
            "campaign budget",
            "budgeted cost",
            "planned cost",
            "预算",
            "活动预算",
        ],
    )
    .weak(&["cost", "spend", "费用"]),
    Entry::new(
        Field::Currency,
        K::Currency,
        &["currency", "currency code", "币种", "货币"],
    ),
];
