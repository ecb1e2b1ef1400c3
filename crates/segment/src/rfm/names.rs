//! The eleven names.

use rapport_domain::LocalizedText;
use serde::{Deserialize, Serialize};

use super::RfmScores;

/// The segments of RFM by their common names, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfmSegment {
    /// Bought just now, often and for much.
    Champions,
    /// Buy often and for much.
    Loyal,
    /// Bought lately, more than once.
    PotentialLoyalists,
    /// First order just now.
    New,
    /// Bought lately, little so far.
    Promising,
    /// Middling in everything, and not lately.
    NeedAttention,
    /// Little, and not lately.
    AboutToSleep,
    /// Bought often once, long ago.
    AtRisk,
    /// The best of old, gone.
    CannotLose,
    /// Little, long ago.
    Hibernating,
    /// Least, longest ago.
    Lost,
}

use RfmSegment::{
    AboutToSleep, AtRisk, CannotLose, Champions, Hibernating, Lost, Loyal, NeedAttention, New,
    PotentialLoyalists, Promising,
};

/// Rows: recency 1 to 5. Columns: mean of frequency and monetary value, 1 to 5.
const GRID: [[RfmSegment; 5]; 5] = [
    [Lost, Hibernating, AtRisk, AtRisk, CannotLose],
    [Hibernating, Hibernating, AtRisk, AtRisk, CannotLose],
    [AboutToSleep, AboutToSleep, NeedAttention, Loyal, Loyal],
    [
        Promising,
        PotentialLoyalists,
        PotentialLoyalists,
        Loyal,
        Loyal,
    ],
    [
        New,
        PotentialLoyalists,
        PotentialLoyalists,
        Champions,
        Champions,
    ],
];

impl RfmSegment {
    /// All of them, best first.
    pub const ALL: [Self; 11] = [
        Champions,
        Loyal,
        PotentialLoyalists,
        New,
        Promising,
        NeedAttention,
        AboutToSleep,
        AtRisk,
        CannotLose,
        Hibernating,
        Lost,
    ];

    /// The segment of a customer with these scores.
    pub(super) fn of(scores: RfmScores) -> Self {
        // The mean of two scores, a half rounded up.
        let worth = (scores.frequency + scores.monetary).div_ceil(2);
        GRID[usize::from(scores.recency - 1)][usize::from(worth - 1)]
    }

    /// Its name.
    pub fn name(self) -> LocalizedText {
        let (en, zh) = match self {
            Champions => ("Champions", "重要价值客户"),
            Loyal => ("Loyal customers", "忠诚客户"),
            PotentialLoyalists => ("Potential loyalists", "潜力忠诚客户"),
            New => ("New customers", "新客户"),
            Promising => ("Promising customers", "有望客户"),
            NeedAttention => ("Need attention", "需关注客户"),
            AboutToSleep => ("About to sleep", "即将沉睡客户"),
            AtRisk => ("At risk", "有流失风险客户"),
            CannotLose => ("Can't lose them", "不能失去的客户"),
            Hibernating => ("Hibernating", "休眠客户"),
            Lost => ("Lost customers", "已流失客户"),
        };
        LocalizedText::new(en, zh)
    }

    /// Of the given segments the one whose scores are nearest: where a customer goes whose own
    /// segment had nobody when the model was made.
    pub(crate) fn nearest_of(self, present: &[Self]) -> Option<Self> {
        let cells = |segment: Self| {
            (0..5)
                .flat_map(|row| (0..5).map(move |column| (row, column)))
                .filter(move |&(row, column): &(usize, usize)| GRID[row][column] == segment)
        };
        let distance = |other: Self| {
            cells(self)
                .flat_map(|from| cells(other).map(move |to| (from, to)))
                .map(|(from, to)| from.0.abs_diff(to.0).pow(2) + from.1.abs_diff(to.1).pow(2))
                .min()
        };
        present.iter().copied().min_by_key(|&other| distance(other))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_has_a_place_on_the_grid_and_is_its_own() {
        let placed: HashSet<RfmSegment> = GRID.into_iter().flatten().collect();
        let english: HashSet<String> = RfmSegment::ALL.map(|s| s.name().en).into();
        let chinese: HashSet<String> = RfmSegment::ALL.map(|s| s.name().zh).into();

        assert_eq!(placed.len(), 11);
        assert_eq!((english.len(), chinese.len()), (11, 11));
        for (position, segment) in RfmSegment::ALL.into_iter().enumerate() {
            assert_eq!(segment as usize, position);
        }
    }

    #[test]
    fn an_absent_segment_sends_its_customers_next_door() {
        assert_eq!(
            Lost.nearest_of(&[Champions, Hibernating]),
            Some(Hibernating)
        );
        assert_eq!(Champions.nearest_of(&[Champions, Lost]), Some(Champions));
        assert_eq!(New.nearest_of(&[]), None);
    }
}
