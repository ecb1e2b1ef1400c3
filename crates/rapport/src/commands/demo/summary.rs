//! What came of a demo: one object for programs, a few lines for people.

use std::collections::BTreeMap;

use rapport_domain::{LocalizedText, RejectReason};
use serde::Serialize;

use crate::output;

/// The summary of a demo.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) files: Vec<String>,
    pub(super) rows: Rows,
    pub(super) customers: u64,
    pub(super) companies: u64,
    pub(super) deals: u64,
    pub(super) orders: u64,
    pub(super) products: u64,
    pub(super) events: u64,
    pub(super) segmentation: Option<SegmentationSummary>,
    /// Why there are no segments of these files, where that is no failure.
    pub(super) segmentation_note: Option<String>,
    /// Why finding segments failed.
    pub(super) training_error: Option<String>,
    pub(super) seconds: BTreeMap<String, f64>,
    pub(super) rows_per_second: Option<f64>,
    pub(super) peak_rss_mib: Option<u64>,
    pub(super) seed: u64,
    pub(super) version: &'static str,
}

/// Rows of all files.
#[derive(Debug, Default, Serialize)]
pub(super) struct Rows {
    pub(super) read: u64,
    pub(super) accepted: u64,
    pub(super) unchanged: u64,
    pub(super) rejected: BTreeMap<RejectReason, u64>,
}

/// The segments found, with the baseline's figures beside theirs.
#[derive(Debug, Serialize)]
pub(super) struct SegmentationSummary {
    pub(super) method: String,
    pub(super) k: u64,
    pub(super) silhouette: Option<f64>,
    pub(super) stability_ari: Option<f64>,
    pub(super) baseline: Option<serde_json::Value>,
    pub(super) segments: Vec<SegmentSummary>,
}

/// One segment.
#[derive(Debug, Serialize)]
pub(super) struct SegmentSummary {
    pub(super) name: LocalizedText,
    pub(super) size: u64,
    pub(super) share: f64,
}

impl Summary {
    /// A few lines for people.
    pub(super) fn print(&self) {
        let rejected: u64 = self.rows.rejected.values().sum();
        output::line(&format!(
            "{} rows read, {} taken, {rejected} rejected.",
            self.rows.read, self.rows.accepted
        ));
        output::line(&format!(
            "{} customers, {} deals, {} orders, {} products, {} events.",
            self.customers, self.deals, self.orders, self.products, self.events
        ));
        if let Some(segmentation) = &self.segmentation {
            let stability = segmentation.stability_ari.unwrap_or(f64::NAN);
            output::line(&format!(
                "{} segments by {}, stability {stability:.2}:",
                segmentation.k, segmentation.method
            ));
            for segment in &segmentation.segments {
                output::line(&format!(
                    "  {:>7}  {:>5.1} %  {} · {}",
                    segment.size,
                    100.0 * segment.share,
                    segment.name.en,
                    segment.name.zh
                ));
            }
        }
        if let Some(note) = &self.segmentation_note {
            output::line(&format!("No segments: {note}."));
        }
    }
}
