//! Files that are not events of this lake: leftovers, other people's, and tables.

use std::sync::Arc;
use std::time::Duration;

use rapport_domain::Timestamp;
use rapport_lake::LakeError;
use rapport_testing::at;
use tempfile::TempDir;
use uuid::Uuid;

use super::{events, lake_in, n_files, sum_and_count};

#[tokio::test]
async fn an_orphan_is_swept_once_it_is_old() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let kept = lake.write_segment(&events(5, 1)).await.unwrap();
    lake.write_segment(&events(5, 1)).await.unwrap();
    let hour = Duration::from_secs(3600);
    let now = Timestamp::from(chrono::DateTime::from(
        std::fs::metadata(dir.path().join(&kept.path))
            .unwrap()
            .modified()
            .unwrap(),
    ));

    assert_eq!(
        lake.sweep(std::slice::from_ref(&kept), hour, now)
            .await
            .unwrap(),
        0
    );
    let later = now.plus_seconds(2 * 3600);
    assert_eq!(
        lake.sweep(std::slice::from_ref(&kept), hour, later)
            .await
            .unwrap(),
        1
    );
    assert_eq!(sum_and_count(&lake, &[kept], &[]).await.1, 5);
}

#[tokio::test]
async fn other_peoples_files_are_never_swept() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    std::fs::create_dir(dir.path().join("sales")).unwrap();
    for name in ["sales/2025.parquet", "report.parquet"] {
        std::fs::write(dir.path().join(name), "of somebody else").unwrap();
    }
    lake.write_segment(&events(5, 1)).await.unwrap();

    let n_swept = lake
        .sweep(&[], Duration::ZERO, at("2100-01-01T00:00:00Z"))
        .await
        .unwrap();

    assert_eq!(n_swept, 1);
    assert_eq!(n_files(dir.path()), 2);
}

#[tokio::test]
async fn a_lake_has_one_workspace_and_refuses_another() {
    let dir = TempDir::new().unwrap();
    let (ours, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));
    lake_in(&dir).claim(ours).await.unwrap();

    let again = lake_in(&dir).claim(ours).await;
    let refused = lake_in(&dir).claim(theirs).await.unwrap_err();

    assert!(again.is_ok());
    assert!(matches!(refused, LakeError::Foreign { .. }));
    assert!(refused.to_string().contains(&ours.to_string()), "{refused}");
}

#[tokio::test]
async fn a_parquet_file_of_somebody_else_is_read_as_texts() {
    use arrow::array::{Float64Array, TimestampMicrosecondArray};
    use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
    use rapport_lake::{RecordBatch, read_text_table, write_table};

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("table.parquet");
    let instant = DataType::Timestamp(TimeUnit::Microsecond, None);
    let schema = Schema::new(vec![
        Field::new("at", instant, false),
        Field::new("amount", DataType::Float64, true),
    ]);
    let times = TimestampMicrosecondArray::from(vec![0, 86_400_000_000]);
    let amounts = Float64Array::from(vec![Some(1.5), None]);
    let batch =
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(times), Arc::new(amounts)]).unwrap();
    write_table(&path, &batch).unwrap();
    std::fs::write(dir.path().join("no.parquet"), "PAR1 it is not").unwrap();

    let table = read_text_table(&path).unwrap();

    assert_eq!(table.columns, ["at", "amount"]);
    assert_eq!(table.rows[0], ["1970-01-01T00:00:00", "1.5"]);
    assert_eq!(table.rows[1][1], "");
    let refused = read_text_table(&dir.path().join("no.parquet"));
    assert!(matches!(refused, Err(LakeError::Table { .. })));
}

#[tokio::test]
async fn a_table_gives_back_the_rows_of_a_key() {
    use arrow::array::{Float64Array, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};
    use rapport_lake::{RecordBatch, read_table_rows, write_table};

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("features/table.parquet");
    let schema = Schema::new(vec![
        Field::new("customer_id", DataType::Utf8, false),
        Field::new("recency_days", DataType::Float64, true),
    ]);
    let ids = StringArray::from(vec!["a", "b"]);
    let values = Float64Array::from(vec![Some(1.0), None]);
    let batch =
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(ids), Arc::new(values)]).unwrap();
    write_table(&path, &batch).unwrap();

    let rows = read_table_rows(&path, "customer_id", "b").await.unwrap();

    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    assert!(
        read_table_rows(&dir.path().join("none.parquet"), "customer_id", "b")
            .await
            .is_err()
    );
}
