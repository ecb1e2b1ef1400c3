//! Names of a note's fields.

use super::{Entry, Field, ValueKind as K, companies};

/// The fields of a note.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::ExternalId,
        K::Id,
        &[
            "note id",
            "comment id",
            "external id",
            "备注编号",
            "外部编号",
        ],
    )
    .weak(&["id", "编号"]),
    Entry::new(
        Field::Body,
        K::LongText,
        &[
            "note body",
            "note text",
            "note content",
            "note",
            "notes",
            "comment",
            "备注内容",
            "跟进内容",
            "跟进记录",
            "备注",
        ],
    )
    .weak(&["body", "text", "content", "内容"]),
    Entry::new(
        Field::Owner,
        K::ShortText,
        &[
            "author",
            "note author",
            "created by",
            "owner",
            "owner id",
            "作者",
            "创建人",
            "跟进人",
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
            "who id",
            "联系人编号",
            "客户编号",
        ],
    ),
    Entry::new(
        Field::CustomerEmail,
        K::Email,
        &["contact email", "customer email", "联系人邮箱", "客户邮箱"],
    )
    .weak(&["email", "邮箱"]),
    Entry::new(
        Field::CustomerPhone,
        K::Phone,
        &["contact phone", "customer phone", "联系人电话", "客户电话"],
    )
    .weak(&["phone", "电话", "手机"]),
    Entry::new(
        Field::CustomerName,
        K::PersonName,
        &[
            "contact name",
            "customer name",
            "associated contact",
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
        ],
    ),
    Entry::new(
        Field::DealExternalId,
        K::Id,
        &[
            "deal id",
            "associated deal ids",
            "opportunity id",
            "商机编号",
        ],
    ),
    Entry::new(
        Field::TicketExternalId,
        K::Id,
        &["ticket id", "associated ticket ids", "case id", "工单编号"],
    ),
    Entry::new(
        Field::RelatedId,
        K::Id,
        &[
            "what id",
            "related to id",
            "related record id",
            "关联记录编号",
        ],
    ),
];
