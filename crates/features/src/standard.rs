//! The standard features, declared once. `docs/features.md` is written from this list.

use rapport_domain::LocalizedText;

use crate::feature::{Feature, Role, Unit};

/// Name, label, meaning, unit, window, role, phrases for high and low; texts are English and Chinese.
type Row = (
    &'static str,
    (&'static str, &'static str),
    (&'static str, &'static str),
    Unit,
    Option<u32>,
    Role,
    (&'static str, &'static str),
    (&'static str, &'static str),
);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("recency_days", ("Days since last order", "距上次下单天数"),
        ("Days between the latest order and the instant.", "最近一次下单距今的天数。"),
        Unit::Days, None, Role::Recency, ("longer ago", "较久未购"), ("just bought", "刚购买")),
    ("frequency", ("Orders", "订单数"),
        ("Number of orders; returns are not orders.", "订单数量，退货不计。"),
        Unit::Count, None, Role::Frequency, ("many orders", "订单多"), ("few orders", "订单少")),
    ("monetary_value", ("Total spent", "累计消费"),
        ("Sum of all orders, returns subtracted.", "全部订单金额减去退货。"),
        Unit::Money, None, Role::Monetary, ("higher spend", "消费较高"), ("lower spend", "消费较低")),
    ("average_order_value", ("Average order", "平均客单价"),
        ("Mean amount of an order, returns left out.", "每笔订单的平均金额，退货不计。"),
        Unit::Money, None, Role::Monetary, ("large orders", "客单价高"), ("small orders", "客单价低")),
    ("tenure_days", ("Days since first order", "客户年龄（天）"),
        ("Days between the first order and the instant.", "首次下单距今的天数。"),
        Unit::Days, None, Role::Tenure, ("long-standing", "老客户"), ("recent arrivals", "新近加入")),
    ("interpurchase_days_mean", ("Days between orders", "平均购买间隔"),
        ("Mean days from one order to the next; needs two orders.", "相邻订单的平均间隔天数，至少两笔订单。"),
        Unit::Days, None, Role::Frequency, ("long gaps", "间隔长"), ("short gaps", "间隔短")),
    ("interpurchase_days_median", ("Usual days between orders", "通常购买间隔"),
        ("Median days from one order to the next; needs two orders.", "相邻订单间隔天数的中位数，至少两笔订单。"),
        Unit::Days, None, Role::Frequency, ("long gaps", "间隔长"), ("short gaps", "间隔短")),
    ("interpurchase_days_std", ("Irregularity of orders", "购买间隔波动"),
        ("Standard deviation of the days between orders; needs three orders.", "购买间隔的标准差，至少三笔订单。"),
        Unit::Days, None, Role::Habit, ("irregular", "不定期"), ("steady rhythm", "有规律")),
    ("lines_per_order", ("Lines per order", "每单行数"),
        ("Mean number of different lines of an order.", "每笔订单的平均行数。"),
        Unit::Count, None, Role::Basket, ("mixed baskets", "每单多品"), ("single items", "每单单品")),
    ("units_per_order", ("Units per order", "每单件数"),
        ("Mean number of units of an order.", "每笔订单的平均件数。"),
        Unit::Count, None, Role::Basket, ("many units", "件数多"), ("few units", "件数少")),
    ("n_products", ("Different products", "购买品种数"),
        ("Number of different products ever ordered.", "购买过的不同产品数量。"),
        Unit::Count, None, Role::Diversity, ("wide range", "品种广"), ("few products", "品种少")),
    ("return_rate", ("Return rate", "退货率"),
        ("Returned lines per ordered line, at most 1.", "退货行数与订购行数之比，最大为 1。"),
        Unit::Share, None, Role::Returns, ("many returns", "常退货"), ("few returns", "少退货")),
    ("return_amount_rate", ("Returned value", "退货金额占比"),
        ("Returned amount per ordered amount, at most 1.", "退货金额与订购金额之比，最大为 1。"),
        Unit::Share, None, Role::Returns, ("costly returns", "退货金额高"), ("little returned", "退货金额低")),
    ("orders_30d", ("Orders in 30 days", "30 天订单数"),
        ("Orders in the last 30 days.", "最近 30 天的订单数。"),
        Unit::Count, Some(30), Role::Frequency, ("active this month", "本月活跃"), ("quiet this month", "本月沉寂")),
    ("orders_90d", ("Orders in 90 days", "90 天订单数"),
        ("Orders in the last 90 days.", "最近 90 天的订单数。"),
        Unit::Count, Some(90), Role::Frequency, ("active this quarter", "本季活跃"), ("quiet this quarter", "本季沉寂")),
    ("orders_365d", ("Orders in a year", "一年订单数"),
        ("Orders in the last 365 days.", "最近 365 天的订单数。"),
        Unit::Count, Some(365), Role::Frequency, ("active this year", "今年活跃"), ("quiet this year", "今年沉寂")),
    ("spend_30d", ("Spent in 30 days", "30 天消费"),
        ("Amount of the orders of the last 30 days.", "最近 30 天的订单金额。"),
        Unit::Money, Some(30), Role::Monetary, ("high spend this month", "本月消费高"), ("low spend this month", "本月消费低")),
    ("spend_90d", ("Spent in 90 days", "90 天消费"),
        ("Amount of the orders of the last 90 days.", "最近 90 天的订单金额。"),
        Unit::Money, Some(90), Role::Monetary, ("high spend this quarter", "本季消费高"), ("low spend this quarter", "本季消费低")),
    ("spend_365d", ("Spent in a year", "一年消费"),
        ("Amount of the orders of the last 365 days.", "最近 365 天的订单金额。"),
        Unit::Money, Some(365), Role::Monetary, ("high spend this year", "今年消费高"), ("low spend this year", "今年消费低")),
    ("spend_trend", ("Trend of spending", "消费趋势"),
        ("Last 90 days against the customer's own pace before, from -1 (stopped) to 1 (started); needs 120 days of history.", "最近 90 天与客户此前自身节奏相比，-1 表示停止，1 表示新开始，至少 120 天历史。"),
        Unit::Share, None, Role::Trend, ("growing", "消费上升"), ("declining", "消费下降")),
    ("morning_share", ("Orders in the morning", "上午下单占比"),
        ("Share of orders from 5 to 12 o'clock UTC; needs three orders.", "5 至 12 时（UTC）的订单占比，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("morning shoppers", "上午购买"), ("rarely mornings", "少在上午")),
    ("afternoon_share", ("Orders in the afternoon", "下午下单占比"),
        ("Share of orders from 12 to 17 o'clock UTC; needs three orders.", "12 至 17 时（UTC）的订单占比，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("afternoon shoppers", "下午购买"), ("rarely afternoons", "少在下午")),
    ("evening_share", ("Orders in the evening", "傍晚下单占比"),
        ("Share of orders from 17 to 22 o'clock UTC; needs three orders.", "17 至 22 时（UTC）的订单占比，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("evening shoppers", "晚间购买"), ("rarely evenings", "少在晚间")),
    ("night_share", ("Orders at night", "夜间下单占比"),
        ("Share of orders from 22 to 5 o'clock UTC; needs three orders.", "22 至次日 5 时（UTC）的订单占比，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("night shoppers", "夜间购买"), ("rarely nights", "少在夜间")),
    ("weekend_share", ("Orders on weekends", "周末下单占比"),
        ("Share of orders on Saturdays and Sundays UTC; needs three orders.", "周六和周日（UTC）的订单占比，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("weekend shoppers", "周末购买"), ("weekday shoppers", "工作日购买")),
    ("weekday_entropy", ("Spread over weekdays", "星期分散度"),
        ("How evenly orders spread over the days of the week UTC: 0 all on one day, 1 on all alike; needs three orders.", "订单在一周七天（UTC）上的分散程度：0 为集中在一天，1 为均匀分布，至少三笔订单。"),
        Unit::Share, None, Role::Habit, ("any day", "不固定日"), ("same weekday", "固定日")),
    ("silence_days", ("Days since last contact", "距上次互动天数"),
        ("Days since the customer last did anything: ordered, returned, looked, asked, answered.", "距客户最近一次主动行为（下单、退货、浏览、求助、回应）的天数。"),
        Unit::Days, None, Role::Recency, ("silent", "久无互动"), ("in touch", "保持互动")),
    ("page_views_30d", ("Page views in 30 days", "30 天浏览数"),
        ("Pages seen in the last 30 days.", "最近 30 天浏览的页面数。"),
        Unit::Count, Some(30), Role::Engagement, ("browse a lot", "常浏览"), ("rarely browse", "少浏览")),
    ("tickets_365d", ("Tickets in a year", "一年工单数"),
        ("Tickets opened in the last 365 days.", "最近 365 天提交的工单数。"),
        Unit::Count, Some(365), Role::Engagement, ("often ask for help", "常求助"), ("rarely ask for help", "少求助")),
    ("messages_90d", ("Messages in 90 days", "90 天来信数"),
        ("Messages from the customer in the last 90 days.", "最近 90 天客户来信的数量。"),
        Unit::Count, Some(90), Role::Engagement, ("write often", "常来信"), ("rarely write", "少来信")),
    ("campaign_open_rate", ("Campaign open rate", "营销打开率"),
        ("Opened per sent campaign message in the last 365 days; missing where none was sent.", "最近 365 天打开的营销消息占发送的比例，未发送则缺失。"),
        Unit::Share, Some(365), Role::Engagement, ("open our mail", "爱看营销"), ("ignore our mail", "少看营销")),
];

/// All standard features, in the order of their columns.
pub fn standard_features() -> Vec<Feature> {
    ROWS.iter()
        .map(
            |&(name, label, meaning, unit, window_days, role, high, low)| Feature {
                name: name.to_owned(),
                label: text(label),
                meaning: text(meaning),
                unit,
                window_days,
                role,
                high: text(high),
                low: text(low),
            },
        )
        .collect()
}

/// The share of a category in what a customer spends. The name holds the category, not its rank:
/// ranks change, and a model must not read one category as another.
pub(crate) fn category_feature(category: &str) -> Feature {
    Feature {
        name: format!("category_share:{category}"),
        label: LocalizedText::new(format!("Share of {category}"), format!("{category}占比")),
        meaning: LocalizedText::new(
            format!("Share of {category} in the amount of all orders."),
            format!("{category}在全部订单金额中的占比。"),
        ),
        unit: Unit::Share,
        window_days: None,
        role: Role::Preference,
        high: LocalizedText::new(format!("mostly {category}"), format!("偏好{category}")),
        low: LocalizedText::new(format!("little {category}"), format!("少买{category}")),
    }
}

/// How much of what a customer spends goes into one category.
pub(crate) fn top_category_feature() -> Feature {
    Feature {
        name: "top_category_share".to_owned(),
        label: text(("Share of the favorite category", "最爱品类占比")),
        meaning: text((
            "Largest share of one category in the amount of all orders.",
            "单一品类在全部订单金额中的最大占比。",
        )),
        unit: Unit::Share,
        window_days: None,
        role: Role::Diversity,
        high: text(("one category", "专一品类")),
        low: text(("many categories", "多品类")),
    }
}

fn text((en, zh): (&str, &str)) -> LocalizedText {
    LocalizedText::new(en, zh)
}
