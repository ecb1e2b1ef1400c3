//! Names of a note's fields.

use super::{Entry, Field, ValueKind as K, companies, subjects};

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
    subjects::CUSTOMER_KEY,
    subjects::CUSTOMER_EMAIL,
    subjects::CUSTOMER_PHONE,
    subjects::CUSTOMER_NAME,
    companies::KEY_ELSEWHERE,
    companies::DOMAIN_ELSEWHERE,
    subjects::COMPANY,
    subjects::DEAL_KEY,
    subjects::TICKET_KEY,
    subjects::RELATED_KEY,
];
