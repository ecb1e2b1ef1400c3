//! The records that notes and tasks are about, as files of both name them.

use super::{Entry, Field, ValueKind as K};

pub(super) const CUSTOMER_KEY: Entry = Entry::new(
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
);

pub(super) const CUSTOMER_EMAIL: Entry = Entry::new(
    Field::CustomerEmail,
    K::Email,
    &["contact email", "customer email", "联系人邮箱", "客户邮箱"],
)
.weak(&["email", "邮箱"]);

pub(super) const CUSTOMER_PHONE: Entry = Entry::new(
    Field::CustomerPhone,
    K::Phone,
    &["contact phone", "customer phone", "联系人电话", "客户电话"],
)
.weak(&["phone", "电话", "手机"]);

pub(super) const CUSTOMER_NAME: Entry = Entry::new(
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
);

pub(super) const COMPANY: Entry = Entry::new(
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
);

pub(super) const DEAL_KEY: Entry = Entry::new(
    Field::DealExternalId,
    K::Id,
    &[
        "deal id",
        "associated deal ids",
        "opportunity id",
        "商机编号",
    ],
);

pub(super) const TICKET_KEY: Entry = Entry::new(
    Field::TicketExternalId,
    K::Id,
    &["ticket id", "associated ticket ids", "case id", "工单编号"],
);

pub(super) const RELATED_KEY: Entry = Entry::new(
    Field::RelatedId,
    K::Id,
    &[
        "what id",
        "related to id",
        "related record id",
        "关联记录编号",
    ],
);
