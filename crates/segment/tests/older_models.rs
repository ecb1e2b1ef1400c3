//! Models that earlier versions of the program wrote are read and answer as they did.

use std::path::Path;

use rapport_learn::{Matrix, Persist, Predict};
use rapport_segment::SegmentModel;

#[test]
fn segments_of_format_1_are_read_and_answer_as_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/segment_format_1");

    let model = SegmentModel::load(&folder).unwrap();

    assert_eq!(model.feature_names(), ["recency", "frequency", "spend"]);
    assert_eq!(model.report().k, 3);
    assert_eq!(model.report().silhouette, Some(0.773_103_662_691_708_8));
    // One customer of each kind, in the order in which the card names the segments.
    let rows = [[60.0, 6.0, 200.0], [5.0, 20.0, 900.0], [300.0, 1.0, 30.0]];
    assert_eq!(model.predict(&Matrix::from_rows(&rows)).unwrap(), [0, 1, 2]);
}
