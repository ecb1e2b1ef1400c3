//! Names of a task's fields.

use super::{Entry, Field, ValueKind as K, companies, subjects};

/// The fields of a task.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::ExternalId,
        K::Id,
        &[
            "task id",
            "activity id",
            "external id",
            "任务编号",
            "外部编号",
        ],
    )
    .weak(&["id", "编号"]),
    Entry::new(
        Field::Subject,
        K::LongText,
        &[
            "task",
            "task title",
            "task name",
            "task subject",
            "to do",
            "任务",
            "任务名称",
            "待办事项",
        ],
    )
    .weak(&["subject", "title", "name", "标题", "主题"]),
    Entry::new(
        Field::DueOn,
        K::Instant,
        &[
            "due date",
            "due on",
            "due",
            "deadline",
            "activity date",
            "截止日期",
            "到期日",
            "截止时间",
        ],
    ),
    Entry::new(
        Field::DoneAt,
        K::Instant,
        &[
            "done at",
            "completed at",
            "completed date",
            "completion date",
            "completed date time",
            "完成时间",
            "完成日期",
        ],
    ),
    Entry::new(
        Field::Status,
        K::ShortText,
        &["task status", "status", "任务状态", "状态"],
    ),
    Entry::new(
        Field::Priority,
        K::ShortText,
        &["task priority", "priority", "优先级"],
    ),
    Entry::new(
        Field::Owner,
        K::ShortText,
        &[
            "task owner",
            "assigned to",
            "assignee",
            "owner",
            "owner id",
            "负责人",
            "执行人",
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
        Field::Note,
        K::LongText,
        &["task notes", "notes", "note", "description", "备注", "说明"],
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
