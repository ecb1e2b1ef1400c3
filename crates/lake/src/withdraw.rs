//! Taking the events of an import out of the history: the files that hold some are written anew
//! without them.

use datafusion::logical_expr::Expr;
use datafusion::prelude::{col, lit};
use rapport_domain::ImportId;

use crate::compact::Rewrite;
use crate::reader::view_of;
use crate::{CompactOptions, Lake, LakeError, Segment};

/// Events of an import that stay all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptEvents {
    /// All events of these orders, by their numbers at the source.
    pub orders: Vec<String>,
    /// Events with these keys.
    pub messages: Vec<String>,
    /// Events with exactly these properties.
    pub properties: Vec<String>,
}

/// Files that hold events of an import, and those that hold what else was in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Withdrawn {
    /// The files as they were; they stay until the caller removes them.
    pub old: Vec<Segment>,
    /// The files that take their place.
    pub new: Vec<Segment>,
}

impl Lake {
    /// Writes the files that hold events of an import anew without these, but for the kept ones.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction. Where no file holds
    /// an event of the import, nothing is written. Dropping the future gives the work up.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where an input is missing or damaged, [`LakeError::Io`] where an
    /// output cannot be written; what was finished by then is an orphan for [`Lake::sweep`].
    pub async fn without_import(
        &self,
        segments: &[Segment],
        import: ImportId,
        kept: &KeptEvents,
        options: &CompactOptions,
    ) -> Result<Withdrawn, LakeError> {
        let import = import.to_string();
        let goes = kept.spared_from(col("import_id").eq(lit(import)));
        let mut old = Vec::new();
        for segment in segments {
            if self.holds(segment, goes.clone()).await? {
                old.push(segment.clone());
            }
        }
        // A row of which the condition is unknown has no import and stays.
        let stays = goes.is_not_true();
        let new = self.merge(&old, options, Rewrite::Only(&stays)).await?;
        Ok(Withdrawn { old, new })
    }

    /// Whether a file has a row that meets a condition; mostly its statistics tell.
    pub(crate) async fn holds(
        &self,
        segment: &Segment,
        condition: Expr,
    ) -> Result<bool, LakeError> {
        let segments = std::slice::from_ref(segment);
        let context = self.session(1);
        let frame = view_of(self, &context, segments, &[])?
            .filter(condition)?
            .limit(0, Some(1))?;
        let batches = self.collect(segments, frame).await?;
        Ok(batches.iter().any(|batch| batch.num_rows() > 0))
    }
}

impl KeptEvents {
    /// A condition that the kept events do not meet.
    fn spared_from(&self, condition: Expr) -> Expr {
        let lists = [
            ("order_id", &self.orders),
            ("message_id", &self.messages),
            ("properties", &self.properties),
        ];
        let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
        lists.fold(condition, |condition, (column, values)| {
            let values = values.iter().map(|value| lit(value.as_str())).collect();
            let is_kept = col(column).in_list(values, false);
            condition.and(is_kept.is_not_true())
        })
    }
}

#[cfg(test)]
mod tests {
    use arrow::record_batch::RecordBatch;
    use rapport_domain::ContactId;
    use rapport_testing::{EventBuilder, at};
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::*;
    use crate::{LakeLocation, LakeOptions, batch, file};

    fn import(number: u128) -> ImportId {
        ImportId(Uuid::from_u128(number))
    }

    /// Orders of one customer, told by their numbers.
    fn orders(numbers: &[&str]) -> Vec<rapport_domain::Event> {
        let mut make = EventBuilder::new("shop");
        let customer = ContactId(Uuid::from_u128(1));
        let start = at("2025-01-01T00:00:00Z");
        let order = |(day, number): (i64, &&str)| {
            make.ordered(customer, start.plus_seconds(86_400 * day), number, 100)
        };
        (0..).zip(numbers).map(order).collect()
    }

    async fn numbers(lake: &Lake, segments: &[Segment]) -> Vec<String> {
        let snapshot = lake.snapshot(segments, &[]).await.unwrap();
        let query = "SELECT order_id FROM events ORDER BY order_id";
        let batches = snapshot.sql(query, &[]).await.unwrap();
        let texts = batches
            .iter()
            .flat_map(|batch| batch::texts_of(batch, "order_id"));
        texts.map(str::to_owned).collect()
    }

    fn lake_in(dir: &TempDir) -> Lake {
        let location = LakeLocation::Directory(dir.path().to_owned());
        Lake::open(location, LakeOptions::default()).unwrap()
    }

    #[tokio::test]
    async fn only_the_events_of_the_import_go_even_after_files_were_merged() {
        let dir = TempDir::new().unwrap();
        let lake = lake_in(&dir);
        let options = CompactOptions::default();
        let first = lake
            .write_import(&orders(&["a", "b"]), import(1))
            .await
            .unwrap();
        let second = lake
            .write_import(&orders(&["c", "d"]), import(2))
            .await
            .unwrap();
        let other = lake.write_segment(&orders(&["e"])).await.unwrap();
        let mut files = lake.compact(&[first, second], &options).await.unwrap();
        files.push(other.clone());
        let kept = KeptEvents {
            orders: vec!["d".to_owned()],
            ..KeptEvents::default()
        };

        let done = lake
            .without_import(&files, import(2), &kept, &options)
            .await
            .unwrap();
        let again = lake
            .without_import(&done.new, import(2), &kept, &options)
            .await
            .unwrap();

        assert_eq!(numbers(&lake, &done.new).await, ["a", "b", "d"]);
        assert!(!done.old.contains(&other), "{done:?}");
        assert_eq!(again, Withdrawn::default());
    }

    #[tokio::test]
    async fn a_file_of_nothing_else_leaves_none() {
        let dir = TempDir::new().unwrap();
        let lake = lake_in(&dir);
        let file = lake.write_import(&orders(&["a"]), import(1)).await.unwrap();
        let (kept, options) = (KeptEvents::default(), CompactOptions::default());

        let done = lake
            .without_import(std::slice::from_ref(&file), import(1), &kept, &options)
            .await
            .unwrap();

        assert_eq!((done.old, done.new), (vec![file], vec![]));
    }

    /// Files of versions that knew no imports lack the column.
    #[tokio::test]
    async fn a_file_without_the_column_reads_as_of_no_import_and_can_be_merged() {
        let dir = TempDir::new().unwrap();
        let lake = lake_in(&dir);
        let of_before = lake.write_segment(&orders(&["a"])).await.unwrap();
        let whole = batch::from_events(&orders(&["a"]), None).unwrap();
        let n_columns = whole.num_columns();
        let narrow: RecordBatch = whole
            .project(&(0..n_columns - 1).collect::<Vec<_>>())
            .unwrap();
        file::write_batch(&dir.path().join(&of_before.path), &narrow).unwrap();
        let new = lake.write_import(&orders(&["b"]), import(1)).await.unwrap();
        let files = [of_before.clone(), new];
        let options = CompactOptions::default();

        let merged = lake.compact(&files, &options).await.unwrap();
        let kept = KeptEvents::default();
        let of_files = lake
            .without_import(&files, import(1), &kept, &options)
            .await
            .unwrap();
        let of_merged = lake
            .without_import(&merged, import(1), &kept, &options)
            .await
            .unwrap();

        assert_eq!(numbers(&lake, &merged).await, ["a", "b"]);
        assert_eq!(of_files.old.len(), 1);
        assert_eq!(numbers(&lake, &of_merged.new).await, ["a"]);
    }
}
