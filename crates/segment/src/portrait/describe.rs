//! A sentence or two about a segment, in both languages.

use rapport_domain::LocalizedText;

use super::{Direction, SegmentProfile, SegmentTrait};

/// Traits told of at most, and how strong they must be.
const N_TOLD: usize = 3;
const WEAKEST: f64 = 0.3;

/// Describes size, value and the strongest traits.
pub(super) fn describe(profile: &SegmentProfile) -> LocalizedText {
    let told: Vec<&SegmentTrait> = profile
        .traits
        .iter()
        .filter(|found| found.z.abs() >= WEAKEST)
        .take(N_TOLD)
        .collect();
    LocalizedText::new(english(profile, &told), chinese(profile, &told))
}

fn english(profile: &SegmentProfile, told: &[&SegmentTrait]) -> String {
    let size = format!(
        "{} customers ({} of all) with {} of the value.",
        profile.size,
        percent(profile.share),
        percent(profile.value_share)
    );
    if told.is_empty() {
        return format!("{size} They are close to the average in everything.");
    }
    let parts: Vec<String> = told.iter().map(|found| english_part(found)).collect();
    format!("{size} What sets them apart: {}.", parts.join("; "))
}

fn english_part(found: &SegmentTrait) -> String {
    let direction = match found.direction {
        Direction::High => "high",
        Direction::Low => "low",
    };
    format!(
        "{direction} {} ({} against {})",
        lower_first(&found.label.en),
        with_unit(found.median, &found.unit.en, " "),
        with_unit(found.overall_median, &found.unit.en, " ")
    )
}

fn chinese(profile: &SegmentProfile, told: &[&SegmentTrait]) -> String {
    let size = format!(
        "{}位客户（占{}），贡献{}的价值。",
        profile.size,
        percent(profile.share),
        percent(profile.value_share)
    );
    if told.is_empty() {
        return format!("{size}各项指标接近平均水平。");
    }
    let parts: Vec<String> = told.iter().map(|found| chinese_part(found)).collect();
    format!("{size}特点：{}。", parts.join("；"))
}

fn chinese_part(found: &SegmentTrait) -> String {
    let direction = match found.direction {
        Direction::High => "高",
        Direction::Low => "低",
    };
    format!(
        "{}偏{direction}（{}，整体{}）",
        found.label.zh,
        with_unit(found.median, &found.unit.zh, ""),
        with_unit(found.overall_median, &found.unit.zh, "")
    )
}

/// A share in whole percent, but never 0 % of something.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 1.0 {
        return "<1%".into();
    }
    format!("{percent:.0}%")
}

/// About three significant digits, which is what a sentence can bear.
fn with_unit(value: f64, unit: &str, space: &str) -> String {
    let number = match value.abs() {
        size if size >= 100.0 || value == value.trunc() => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    if unit.is_empty() {
        return number;
    }
    format!("{number}{space}{unit}")
}

/// For use within a sentence: "Days since ..." becomes "days since ...", "RFM" stays.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    fn profile(traits: Vec<SegmentTrait>) -> SegmentProfile {
        SegmentProfile {
            idx: 0,
            name: LocalizedText::new("", ""),
            description: LocalizedText::new("", ""),
            size: 312,
            share: 0.081,
            value: 1.0,
            value_share: 0.449,
            traits,
            typical_rows: Vec::new(),
        }
    }

    #[test]
    fn a_description_reads_well_in_both_languages() {
        let text = describe(&profile(vec![SegmentTrait {
            feature: "recency_days".into(),
            label: LocalizedText::new("Days since the last order", "距上次下单天数"),
            unit: LocalizedText::new("days", "天"),
            role: Role::Recency,
            direction: Direction::Low,
            z: -1.2,
            mean: 20.0,
            median: 18.25,
            overall_mean: 95.0,
            overall_median: 92.0,
        }]));

        assert_eq!(
            text.en,
            "312 customers (8% of all) with 45% of the value. What sets them apart: \
             low days since the last order (18.2 days against 92 days)."
        );
        assert_eq!(
            text.zh,
            "312位客户（占8%），贡献45%的价值。特点：距上次下单天数偏低（18.2天，整体92天）。"
        );
    }

    #[test]
    fn a_segment_like_everybody_says_so() {
        let text = describe(&profile(Vec::new()));

        assert!(text.en.ends_with("close to the average in everything."));
        assert!(text.zh.ends_with("接近平均水平。"));
    }

    #[test]
    fn small_shares_are_not_called_nothing() {
        assert_eq!(percent(0.004), "<1%");
        assert_eq!(percent(0.0), "0%");
    }
}
