//! The query engine, set up over an explicit list of files.

use std::sync::Arc;

use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext, col};
use object_store::ObjectStore;
use rapport_domain::Event;

use crate::{Lake, LakeError, LakeOptions, Segment, batch, event_schema};

/// The address under which queries know the lake's store.
const STORE_URL: &str = "lake://events";

/// Files that are merged at once. A merge holds of each the row group being read and two batches.
pub(crate) const MERGE_FAN_IN: usize = 32;
/// Rows of a batch while files are merged: with one batch per file, small ones hold less memory.
const MERGE_BATCH_ROWS: usize = 2048;

/// What all queries of a lake share: the memory that they may use, the place where they spill, the
/// store, and a cache of file footers.
pub(crate) fn runtime(
    options: &LakeOptions,
    store: &Arc<dyn ObjectStore>,
) -> Result<Arc<RuntimeEnv>, LakeError> {
    let pool = FairSpillPool::new(options.memory_limit_bytes);
    let mut builder = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool));
    if let Some(directory) = &options.spill_dir {
        builder = builder.with_temp_file_path(directory);
    }
    let runtime = builder.build_arc()?;
    let url = ObjectStoreUrl::parse(STORE_URL)?;
    runtime.register_object_store(url.as_ref(), Arc::clone(store));
    Ok(runtime)
}

impl Lake {
    /// A session for queries that spread over `n_partitions`.
    pub(crate) fn session(&self, n_partitions: usize) -> SessionContext {
        let config = session_config().with_target_partitions(n_partitions.max(1));
        SessionContext::new_with_config_rt(config, Arc::clone(&self.runtime))
    }

    /// A session whose scans keep one partition per file, so that every partition is sorted and the
    /// plan merges where it would sort otherwise.
    pub(crate) fn merge_session(&self, n_files: usize) -> SessionContext {
        let config = session_config()
            .with_target_partitions(n_files.max(1))
            .with_repartition_file_scans(false)
            .with_batch_size(MERGE_BATCH_ROWS);
        SessionContext::new_with_config_rt(config, Arc::clone(&self.runtime))
    }
}

fn session_config() -> SessionConfig {
    let mut config = SessionConfig::new().with_information_schema(false);
    let parquet = &mut config.options_mut().execution.parquet;
    // Read only the pages that can hold the rows asked for.
    parquet.pushdown_filters = true;
    // Texts come back in the schema's own type.
    parquet.schema_force_view_types = false;
    config
}

/// The order of every file.
pub(crate) fn sort_order() -> Vec<SortExpr> {
    ["customer_id", "occurred_at", "event_id"]
        .map(|name| col(name).sort(true, false))
        .to_vec()
}

/// Files and events in memory as one table with the columns of the files.
pub(crate) fn view_of(
    lake: &Lake,
    context: &SessionContext,
    segments: &[Segment],
    inbox: &[Event],
) -> Result<DataFrame, LakeError> {
    let in_memory = context.read_batch(batch::from_events(inbox, None)?)?;
    if segments.is_empty() {
        return Ok(in_memory);
    }
    let in_files = context.read_table(Arc::new(table_of(lake, segments)?))?;
    if inbox.is_empty() {
        Ok(in_files)
    } else {
        Ok(in_files.union(in_memory)?)
    }
}

/// A table over exactly these files, each sorted by customer, time and id.
fn table_of(lake: &Lake, segments: &[Segment]) -> Result<ListingTable, LakeError> {
    let urls = segments
        .iter()
        .map(|segment| {
            ListingTableUrl::parse(format!(
                "{STORE_URL}/{}",
                lake.location.path_of(&segment.path)
            ))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_extension(".parquet")
        .with_file_sort_order(vec![sort_order()]);
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(event_schema());
    Ok(ListingTable::try_new(config)?)
}
