//! The canonical fields that a column can feed.

use rapport_domain::{EntityKind, LocalizedText};
use serde::{Deserialize, Serialize};

use super::catalog;

macro_rules! define_fields {
    ($($(#[$doc:meta])* $variant:ident $name:literal $en:literal $zh:literal,)+) => {
        /// A canonical field. What a file calls it is the mapping's business.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// All fields.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in JSON and in messages.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The name on the screen.
            pub fn label(self) -> LocalizedText {
                match self {
                    $(Self::$variant => LocalizedText::new($en, $zh),)+
                }
            }
        }
    };
}

define_fields! {
    /// The record's own key at its source.
    ExternalId "external_id" "External id" "外部编号",
    /// Full name.
    Name "name" "Name" "名称",
    /// Given name.
    FirstName "first_name" "First name" "名",
    /// Family name.
    LastName "last_name" "Last name" "姓",
    /// E-mail address.
    Email "email" "E-mail" "邮箱",
    /// Phone number.
    Phone "phone" "Phone" "电话",
    /// Job title.
    Title "title" "Job title" "职位",
    /// Employer's name.
    Company "company" "Company" "公司",
    /// Employer's or customer's key at the source.
    CompanyExternalId "company_external_id" "Company id" "公司编号",
    /// Employer's or customer's internet domain.
    CompanyDomain "company_domain" "Company domain" "公司域名",
    /// Keys that the source has merged into this record.
    MergedIds "merged_ids" "Ids merged into it" "已并入的编号",
    /// The record that the source has merged this one into.
    MasterId "master_id" "Merged into" "已并入到",
    /// Calling code of a phone number that stands without it.
    PhonePrefix "phone_prefix" "Calling code" "电话区号",
    /// What colleagues have noted of the person, as WeCom writes it.
    Followers "followers" "WeCom followers" "企业微信跟进人",
    /// Street and number.
    Street "street" "Street" "街道地址",
    /// City.
    City "city" "City" "城市",
    /// State, province or county.
    Region "region" "State or province" "省份",
    /// Postal code.
    PostalCode "postal_code" "Postal code" "邮编",
    /// Country.
    Country "country" "Country" "国家",
    /// Labels.
    Tags "tags" "Tags" "标签",
    /// Language of the person.
    Language "language" "Language" "语言",
    /// Colleague in charge.
    Owner "owner" "Owner" "负责人",
    /// When the record was made at its source.
    CreatedAt "created_at" "Created at" "创建时间",
    /// Whether the person agreed to marketing.
    ConsentMarketing "consent_marketing" "Accepts marketing" "同意营销",
    /// Whether the person agreed to marketing by e-mail.
    ConsentEmail "consent_email" "Accepts marketing by e-mail" "同意邮件营销",
    /// Whether the person agreed to marketing by text message.
    ConsentSms "consent_sms" "Accepts marketing by text message" "同意短信营销",
    /// All that the person has stated, as a JSON array.
    Consents "consents" "Statements of consent" "同意记录",
    /// Free text about the record.
    Note "note" "Note" "备注",
    /// Order number.
    OrderId "order_id" "Order number" "订单号",
    /// When the order was placed.
    OrderedAt "ordered_at" "Ordered at" "下单时间",
    /// Stock-keeping unit.
    Sku "sku" "Product code (SKU)" "商品编码",
    /// Product's name.
    ProductName "product_name" "Product name" "商品名称",
    /// Product's category.
    Category "category" "Category" "类别",
    /// Products of an order as one list, such as `2× Mug, 1× Cap`.
    Items "items" "List of products" "商品清单",
    /// Units; negative when taken back.
    Quantity "quantity" "Quantity" "数量",
    /// Price of one unit.
    UnitPrice "unit_price" "Unit price" "单价",
    /// Amount of the whole line.
    LineAmount "line_amount" "Line amount" "金额",
    /// Currency of the amounts.
    Currency "currency" "Currency" "币种",
    /// Customer's key at the source.
    CustomerExternalId "customer_external_id" "Customer id" "客户编号",
    /// Customer's e-mail address.
    CustomerEmail "customer_email" "Customer e-mail" "客户邮箱",
    /// Customer's phone number.
    CustomerPhone "customer_phone" "Customer phone" "客户电话",
    /// Customer's name.
    CustomerName "customer_name" "Customer name" "客户姓名",
    /// The event's key at the source.
    MessageId "message_id" "Message id" "消息编号",
    /// What happened.
    EventKind "event_kind" "Event" "事件",
    /// When it happened.
    OccurredAt "occurred_at" "Occurred at" "发生时间",
    /// Address of a page.
    PageUrl "page_url" "Page address" "页面地址",
    /// The campaign's key at its source.
    CampaignId "campaign_id" "Campaign id" "活动编号",
    /// Everything else about an event, as a JSON object.
    Properties "properties" "Properties" "属性",
    /// Amount of money of an event.
    Amount "amount" "Amount" "金额",
    /// What a ticket is about.
    Subject "subject" "Subject" "主题",
    /// What the customer wrote.
    Body "body" "Message" "内容",
    /// Where the record stands.
    Status "status" "Status" "状态",
    /// How urgent it is.
    Priority "priority" "Priority" "优先级",
    /// The way on which it comes or goes.
    Channel "channel" "Channel" "渠道",
    /// When the ticket was solved.
    SolvedAt "solved_at" "Solved at" "解决时间",
    /// The stages that a deal moves through.
    Pipeline "pipeline" "Pipeline" "销售流程",
    /// Where a deal stands.
    Stage "stage" "Stage" "阶段",
    /// When a deal entered its stage.
    StageEnteredAt "stage_entered_at" "Stage entered at" "进入阶段时间",
    /// When a deal is expected to close.
    ExpectedCloseOn "expected_close_on" "Close date" "预计成交日期",
    /// Price of a product.
    Price "price" "Price" "价格",
    /// Internet domain.
    Domain "domain" "Domain" "域名",
    /// Line of business.
    Industry "industry" "Industry" "行业",
    /// Number of employees.
    NEmployees "n_employees" "Employees" "员工数",
    /// First day.
    StartsAt "starts_at" "Starts at" "开始时间",
    /// Last day.
    EndsAt "ends_at" "Ends at" "结束时间",
    /// By when something is to be done.
    DueOn "due_on" "Due date" "截止日期",
    /// When it was done.
    DoneAt "done_at" "Done at" "完成时间",
    /// Key of the deal, ticket or company that the row is about.
    RelatedId "related_id" "Related record" "关联记录",
    /// Key of the deal that the row is about.
    DealExternalId "deal_external_id" "Deal id" "商机编号",
    /// Key of the ticket that the row is about.
    TicketExternalId "ticket_external_id" "Ticket id" "工单编号",
    /// What it may cost.
    Budget "budget" "Budget" "预算",
}

impl Field {
    /// Number of fields.
    pub const COUNT: usize = Self::ALL.len();

    /// Whether a mapping of this kind of record cannot do without the field.
    pub fn is_required(self, entity: EntityKind) -> bool {
        catalog::required(entity).contains(&[self].as_slice())
    }

    /// The longest text that the field takes, in characters; the domain's own limits.
    pub(crate) const fn max_chars(self) -> usize {
        match self {
            Self::PostalCode => 20,
            Self::FirstName | Self::LastName | Self::City | Self::Region | Self::Country => 100,
            Self::Industry | Self::EventKind | Self::Language => 100,
            Self::Street | Self::Subject | Self::ProductName => 500,
            Self::Body | Self::Note | Self::MergedIds => 20_000,
            _ => 200,
        }
    }
}

/// The fields that a kind of record has, in the order of a form.
pub fn fields(entity: EntityKind) -> impl Iterator<Item = Field> {
    catalog::entries(entity).iter().map(|entry| entry.field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json() {
        for &field in Field::ALL {
            let json = serde_json::to_value(field).unwrap();
            assert_eq!(json, field.name());
        }
    }

    #[test]
    fn required_fields_are_known() {
        assert!(Field::OrderId.is_required(EntityKind::OrderLines));
        assert!(!Field::Country.is_required(EntityKind::OrderLines));
        assert!(fields(EntityKind::OrderLines).any(|field| field == Field::Quantity));
    }
}
