//! Taking the events of an import out of the history: the files that hold some are written anew
//! without them.

use arrow::record_batch::RecordBatch;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{coalesce, col, lit};
use futures::{Stream, TryStreamExt as _};
use rapport_domain::ImportId;

use crate::batch::texts_of;
use crate::compact::Rewrite;
use crate::reader::view_of;
use crate::{CompactOptions, Lake, LakeError, Segment};

/// An import whose events go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The import.
    pub import: ImportId,
    /// The keys of those of its events that stay all the same.
    pub kept: Vec<String>,
}

/// What an event of an import is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKeys {
    /// Its own key.
    pub message_id: String,
    /// The order that it tells of, by its number at the source; empty where it tells of none.
    pub order_id: String,
    /// Its properties; empty where it has none.
    pub properties: String,
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
    /// What the events of an import in some files are about, piece by piece.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where a file is missing or damaged.
    pub async fn keys_of_import(
        &self,
        segments: &[Segment],
        import: ImportId,
    ) -> Result<impl Stream<Item = Result<Vec<EventKeys>, LakeError>> + use<>, LakeError> {
        let context = self.session(1);
        let text = |name: &str| coalesce(vec![col(name), lit("")]).alias(name);
        let frame = view_of(self, &context, segments, &[])?
            .filter(col("import_id").eq(lit(import.to_string())))?
            .select(KEY_COLUMNS.map(text))?;
        Ok(self.stream(segments, frame).await?.map_ok(keys_in))
    }

    /// Writes the files that hold events of some imports anew without these, but for the kept ones.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction. Where no file holds
    /// an event that goes, nothing is written. Dropping the future gives the work up.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where an input is missing or damaged, [`LakeError::Io`] where an
    /// output cannot be written; what was finished by then is an orphan for [`Lake::sweep`].
    pub async fn without_import(
        &self,
        segments: &[Segment],
        leaving: &[Leaving],
        options: &CompactOptions,
    ) -> Result<Withdrawn, LakeError> {
        let goes = leaving.iter().map(Leaving::condition).reduce(Expr::or);
        let goes = goes.unwrap_or_else(|| lit(false));
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

const KEY_COLUMNS: [&str; 3] = ["message_id", "order_id", "properties"];

fn keys_in(batch: RecordBatch) -> Vec<EventKeys> {
    let [messages, orders, properties] = KEY_COLUMNS.map(|name| texts_of(&batch, name));
    messages
        .zip(orders)
        .zip(properties)
        .map(|((message_id, order_id), properties)| EventKeys {
            message_id: message_id.to_owned(),
            order_id: order_id.to_owned(),
            properties: properties.to_owned(),
        })
        .collect()
}

impl Leaving {
    /// A condition that the events that go meet.
    fn condition(&self) -> Expr {
        let is_of_import = col("import_id").eq(lit(self.import.to_string()));
        if self.kept.is_empty() {
            return is_of_import;
        }
        let kept = self.kept.iter().map(|key| lit(key.as_str())).collect();
        is_of_import.and(col("message_id").in_list(kept, true))
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::ContactId;
    use rapport_testing::{EventBuilder, at};
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::*;
    use crate::{LakeLocation, LakeOptions, batch, file};

    fn import(number: u128) -> ImportId {
        ImportId(Uuid::from_u128(number))
    }

    fn leaving(number: u128, kept: &[String]) -> Leaving {
        Leaving {
            import: import(number),
            kept: kept.to_vec(),
        }
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
        let keys = lake.keys_of_import(&files, import(2)).await.unwrap();
        let keys: Vec<EventKeys> = keys.try_concat().await.unwrap();
        let of_d = keys.iter().filter(|keys| keys.order_id == "d");
        let kept: Vec<String> = of_d.map(|keys| keys.message_id.clone()).collect();
        let second = [leaving(2, &kept)];

        let done = lake
            .without_import(&files, &second, &options)
            .await
            .unwrap();
        let again = lake
            .without_import(&done.new, &second, &options)
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
        let options = CompactOptions::default();

        let done = lake
            .without_import(std::slice::from_ref(&file), &[leaving(1, &[])], &options)
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
        let of_files = lake
            .without_import(&files, &[leaving(1, &[])], &options)
            .await
            .unwrap();
        let of_merged = lake
            .without_import(&merged, &[leaving(1, &[])], &options)
            .await
            .unwrap();

        assert_eq!(numbers(&lake, &merged).await, ["a", "b"]);
        assert_eq!(of_files.old.len(), 1);
        assert_eq!(numbers(&lake, &of_merged.new).await, ["a"]);
    }
}
