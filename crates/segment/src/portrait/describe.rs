//! A few sentences about a segment, in both languages: how large it is, what its customers are
//! like beside all others, what to do about them.

use rapport_domain::LocalizedText;

use super::by_segment::BySegment;
use super::number::{chinese, count, english, is_one, percent};
use super::stage::Stage;
use super::{Direction, SegmentProfile, SegmentTrait, Sitting};
use crate::{Role, Unit};

/// Traits told of at most, and how strong they must be.
const N_TOLD: usize = 3;
const WEAKEST: f64 = 0.3;

/// The usual customer: what a salesperson asks first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usual {
    orders: f64,
    recency_days: f64,
    spent: f64,
    money: Unit,
}

impl Usual {
    /// Of each segment and of all customers; nothing where a table does not tell all three.
    pub(super) fn of_all(sitting: &Sitting<'_>) -> Option<(Vec<Usual>, Usual)> {
        let first = |role| sitting.features.iter().position(|f| f.role == role);
        let spent_column = first(Role::Monetary)?;
        let orders = BySegment::of(sitting, first(Role::Frequency)?);
        let recency = BySegment::of(sitting, first(Role::Recency)?);
        let spent = BySegment::of(sitting, spent_column);
        let money = sitting.features[spent_column].unit;
        let overall = Usual {
            orders: orders.overall_median(),
            recency_days: recency.overall_median(),
            spent: spent.overall_median(),
            money,
        };
        let (orders, recency, spent) = (orders.medians(), recency.medians(), spent.medians());
        let of_segment = |idx: usize| Usual {
            orders: orders[idx].unwrap_or(0.0),
            recency_days: recency[idx].unwrap_or(overall.recency_days),
            spent: spent[idx].unwrap_or(0.0),
            money,
        };
        Some(((0..sitting.n_segments).map(of_segment).collect(), overall))
    }

    fn english(&self) -> String {
        let orders = english(self.orders, Unit::Count);
        let noun = if is_one(self.orders) {
            "order"
        } else {
            "orders"
        };
        let days = english(self.recency_days.round(), Unit::Days);
        let spent = english(self.spent, self.money);
        format!("{orders} {noun}, the last {days} ago, {spent} in all")
    }

    fn chinese(&self) -> String {
        let orders = chinese(self.orders, Unit::Count);
        let days = chinese(self.recency_days.round(), Unit::Days);
        let spent = chinese(self.spent, self.money);
        format!("{orders}单，最近一次在{days}前，累计{spent}")
    }
}

/// Describes a segment of customers at a stage, beside all customers.
pub(super) fn by_stage(
    profile: &SegmentProfile,
    stage: Stage,
    usual: &Usual,
    overall: &Usual,
) -> LocalizedText {
    let size = size(profile);
    let advice = stage.advice();
    if stage == Stage::Prospect {
        return LocalizedText::new(
            format!("{} They have not ordered yet. {}", size.en, advice.en),
            format!("{}尚未下单。{}", size.zh, advice.zh),
        );
    }
    LocalizedText::new(
        format!(
            "{} Typically {}; of all customers: {}. {}",
            size.en,
            usual.english(),
            overall.english(),
            advice.en
        ),
        format!(
            "{}通常{}；全体客户：{}。建议：{}",
            size.zh,
            usual.chinese(),
            overall.chinese(),
            advice.zh
        ),
    )
}

/// Describes a segment by its strongest traits.
pub(super) fn by_traits(profile: &SegmentProfile) -> LocalizedText {
    let told: Vec<&SegmentTrait> = profile
        .traits
        .iter()
        .filter(|found| found.z.abs() >= WEAKEST)
        .take(N_TOLD)
        .collect();
    let size = size(profile);
    if told.is_empty() {
        return LocalizedText::new(
            format!("{} They are close to the average in everything.", size.en),
            format!("{}各项指标接近平均水平。", size.zh),
        );
    }
    let parts_en: Vec<String> = told.iter().map(|found| english_part(found)).collect();
    let parts_zh: Vec<String> = told.iter().map(|found| chinese_part(found)).collect();
    LocalizedText::new(
        format!("{} What sets them apart: {}.", size.en, parts_en.join("; ")),
        format!("{}特点：{}。", size.zh, parts_zh.join("；")),
    )
}

fn size(profile: &SegmentProfile) -> LocalizedText {
    let (n, share) = (count(profile.size), percent(profile.share));
    let value = percent(profile.value_share);
    LocalizedText::new(
        format!("{n} customers ({share} of all) with {value} of the value."),
        format!("{n}位客户（占{share}），贡献{value}的价值。"),
    )
}

fn english_part(found: &SegmentTrait) -> String {
    let direction = match found.direction {
        Direction::High => "high",
        Direction::Low => "low",
    };
    let typical = english(found.typical, found.unit);
    let overall = english(found.overall, found.unit);
    format!(
        "{} {direction} ({typical} against {overall})",
        found.label.en
    )
}

fn chinese_part(found: &SegmentTrait) -> String {
    let direction = match found.direction {
        Direction::High => "高",
        Direction::Low => "低",
    };
    let typical = chinese(found.typical, found.unit);
    let overall = chinese(found.overall, found.unit);
    format!(
        "{}偏{direction}（{typical}，整体{overall}）",
        found.label.zh
    )
}

#[cfg(test)]
mod tests {
    use rapport_domain::Currency;

    use super::*;

    fn profile(traits: Vec<SegmentTrait>) -> SegmentProfile {
        SegmentProfile {
            idx: 0,
            name: LocalizedText::new("", ""),
            description: LocalizedText::new("", ""),
            size: 1_312,
            share: 0.081,
            value: 1.0,
            value_share: 0.449,
            traits,
            typical_rows: Vec::new(),
        }
    }

    #[test]
    fn customers_are_described_beside_all_others_with_what_to_do() {
        let usual = Usual {
            orders: 1.0,
            recency_days: 18.4,
            spent: 2_345.0,
            money: Unit::Money(Currency::GBP),
        };
        let overall = Usual {
            orders: 3.0,
            recency_days: 92.0,
            spent: 310.5,
            ..usual
        };

        let text = by_stage(&profile(Vec::new()), Stage::Slipping, &usual, &overall);

        assert_eq!(
            text.en,
            "1,312 customers (8% of all) with 45% of the value. Typically 1 order, the last 18 days \
             ago, GBP 2,345 in all; of all customers: 3 orders, the last 92 days ago, GBP 310 in \
             all. Reach out now."
        );
        assert_eq!(
            text.zh,
            "1,312位客户（占8%），贡献45%的价值。通常1单，最近一次在18天前，累计GBP 2,345；\
             全体客户：3单，最近一次在92天前，累计GBP 310。建议：尽快联系。"
        );
    }

    #[test]
    fn of_an_unknown_table_the_strongest_traits_are_told() {
        let text = by_traits(&profile(vec![SegmentTrait {
            feature: "pace".into(),
            label: LocalizedText::new("Days between visits", "到访间隔"),
            unit: Unit::Days,
            role: Role::Other,
            direction: Direction::Low,
            z: -1.2,
            typical: 18.25,
            overall: 92.0,
        }]));

        assert!(text.en.ends_with(
            "What sets them apart: Days between visits low (18.2 days against 92 days)."
        ));
        assert!(
            text.zh
                .ends_with("特点：到访间隔偏低（18.2天，整体92天）。")
        );
    }

    #[test]
    fn a_segment_like_everybody_says_so() {
        let text = by_traits(&profile(Vec::new()));

        assert!(text.en.ends_with("close to the average in everything."));
        assert!(text.zh.ends_with("接近平均水平。"));
    }
}
