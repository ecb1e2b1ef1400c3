//! Names of a company's fields.

use super::{Entry, Field, ValueKind as K};

/// What the source calls the company, in rows of contacts and deals.
pub(super) const KEY_ELSEWHERE: Entry = Entry::new(
    Field::CompanyExternalId,
    K::Id,
    &[
        "company id",
        "account id",
        "associated company ids",
        "公司编号",
    ],
);

/// The company's domain, in rows of contacts and deals.
pub(super) const DOMAIN_ELSEWHERE: Entry = Entry::new(
    Field::CompanyDomain,
    K::Url,
    &["company domain", "company domain name", "公司域名"],
);

/// The fields of a company.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::ExternalId,
        K::Id,
        &[
            "company id",
            "account id",
            "organization id",
            "record id",
            "external id",
            "account number",
            "公司编号",
            "公司id",
            "企业编号",
            "客户编号",
            "外部编号",
        ],
    )
    .weak(&["id", "code", "编号"]),
    Entry::new(
        Field::Name,
        K::ShortText,
        &[
            "company name",
            "company",
            "account name",
            "organization name",
            "organization",
            "organisation",
            "business name",
            "公司名称",
            "公司",
            "企业名称",
            "单位名称",
            "客户名称",
        ],
    )
    .weak(&["name", "account", "名称", "客户"]),
    Entry::new(
        Field::Domain,
        K::Url,
        &[
            "domain",
            "company domain name",
            "company domain",
            "website",
            "website url",
            "web site",
            "homepage",
            "网站",
            "官网",
            "域名",
            "网址",
        ],
    )
    .weak(&["url"]),
    Entry::new(
        Field::Industry,
        K::ShortText,
        &["industry", "sector", "line of business", "行业", "所属行业"],
    )
    .weak(&["type"]),
    Entry::new(
        Field::NEmployees,
        K::Count,
        &[
            "number of employees",
            "employees",
            "n employees",
            "employee count",
            "headcount",
            "company size",
            "员工数",
            "员工人数",
            "人数",
            "公司规模",
        ],
    )
    .weak(&["size", "规模"]),
    Entry::new(
        Field::Owner,
        K::ShortText,
        &[
            "owner",
            "company owner",
            "account owner",
            "owner id",
            "sales rep",
            "负责人",
            "客户经理",
        ],
    ),
    Entry::new(
        Field::Street,
        K::ShortText,
        &[
            "street",
            "street address",
            "address",
            "billing street",
            "address 1",
            "地址",
            "公司地址",
            "详细地址",
        ],
    ),
    Entry::new(
        Field::City,
        K::ShortText,
        &["city", "billing city", "城市", "所在城市"],
    ),
    Entry::new(
        Field::Region,
        K::ShortText,
        &[
            "state",
            "region",
            "province",
            "state region",
            "billing state",
            "省",
            "省份",
            "地区",
        ],
    ),
    Entry::new(
        Field::PostalCode,
        K::ShortText,
        &[
            "postal code",
            "zip",
            "zip code",
            "billing postal code",
            "邮编",
            "邮政编码",
        ],
    ),
    Entry::new(
        Field::Country,
        K::Country,
        &[
            "country",
            "country region",
            "billing country",
            "国家",
            "国家地区",
        ],
    ),
    Entry::new(Field::Tags, K::ShortText, &["tags", "labels", "标签"]),
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
        Field::MergedIds,
        K::LongText,
        &["merged company ids", "merged record ids", "merged ids"],
    ),
    Entry::new(Field::MasterId, K::Id, &["master record id"]),
];
