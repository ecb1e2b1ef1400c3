//! Names of a deal's fields.

use super::{Entry, Field, ValueKind as K, companies};

/// The fields of a deal.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::ExternalId,
        K::Id,
        &[
            "deal id",
            "opportunity id",
            "record id",
            "external id",
            "商机编号",
            "交易编号",
            "外部编号",
        ],
    )
    .weak(&["id", "code", "编号"]),
    Entry::new(
        Field::Name,
        K::ShortText,
        &[
            "deal name",
            "deal title",
            "opportunity name",
            "deal",
            "opportunity",
            "商机名称",
            "交易名称",
            "商机",
        ],
    )
    .weak(&["name", "title", "名称"]),
    Entry::new(
        Field::Pipeline,
        K::ShortText,
        &["pipeline", "sales pipeline", "销售流程", "销售管道"],
    ),
    Entry::new(
        Field::Stage,
        K::ShortText,
        &[
            "deal stage",
            "opportunity stage",
            "stage name",
            "stage",
            "sales stage",
            "商机阶段",
            "销售阶段",
            "阶段",
        ],
    ),
    Entry::new(
        Field::Amount,
        K::Money,
        &[
            "deal amount",
            "deal value",
            "amount",
            "expected revenue",
            "商机金额",
            "预计金额",
            "金额",
        ],
    )
    .weak(&["value"]),
    Entry::new(
        Field::Currency,
        K::Currency,
        &["currency", "currency code", "deal currency", "币种", "货币"],
    ),
    Entry::new(
        Field::ExpectedCloseOn,
        K::Instant,
        &[
            "close date",
            "closing date",
            "expected close date",
            "expected close on",
            "预计成交日期",
            "预计结束日期",
            "成交日期",
        ],
    ),
    Entry::new(
        Field::StageEnteredAt,
        K::Instant,
        &[
            "stage entered at",
            "date entered current stage",
            "last stage change date",
            "stage changed at",
            "进入阶段时间",
            "阶段变更时间",
        ],
    ),
    Entry::new(
        Field::Owner,
        K::ShortText,
        &[
            "deal owner",
            "opportunity owner",
            "owner",
            "owner id",
            "sales rep",
            "负责人",
        ],
    ),
    Entry::new(
        Field::CreatedAt,
        K::Instant,
        &[
            "created at",
            "create date",
            "created date",
            "date created",
            "创建时间",
            "创建日期",
        ],
    ),
    Entry::new(
        Field::CustomerExternalId,
        K::CustomerId,
        &[
            "contact id",
            "customer id",
            "associated contact ids",
            "客户编号",
            "联系人编号",
        ],
    ),
    Entry::new(
        Field::CustomerEmail,
        K::Email,
        &["contact email", "customer email", "email", "邮箱"],
    ),
    Entry::new(
        Field::CustomerPhone,
        K::Phone,
        &["contact phone", "customer phone", "phone", "电话", "手机"],
    ),
    Entry::new(
        Field::CustomerName,
        K::PersonName,
        &[
            "contact name",
            "customer name",
            "contact",
            "联系人",
            "客户姓名",
        ],
    ),
    companies::KEY_ELSEWHERE,
    companies::DOMAIN_ELSEWHERE,
    Entry::new(
        Field::Company,
        K::ShortText,
        &[
            "company",
            "company name",
            "account name",
            "associated company",
            "公司",
            "公司名称",
            "客户名称",
        ],
    )
    .weak(&["account", "customer", "客户"]),
];
