//! The query engine, set up over an explicit list of files.

use std::sync::Arc;

use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext, col};

use crate::{Lake, LakeError, Segment, event_schema};

/// The address under which queries know the lake's store.
const STORE_URL: &str = "lake://events";

impl Lake {
    /// A session whose queries stay within the lake's memory and spread over `n_partitions`.
    pub(crate) fn session(&self, n_partitions: usize) -> Result<SessionContext, LakeError> {
        let pool = FairSpillPool::new(self.options.memory_limit_bytes);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .build_arc()?;
        let url = ObjectStoreUrl::parse(STORE_URL)?;
        runtime.register_object_store(url.as_ref(), Arc::clone(&self.store));
        let mut config = SessionConfig::new()
            .with_target_partitions(n_partitions.max(1))
            .with_information_schema(false);
        // Read only the pages that can hold the rows asked for.
        config.options_mut().execution.parquet.pushdown_filters = true;
        // Texts come back in the schema's own type.
        config
            .options_mut()
            .execution
            .parquet
            .schema_force_view_types = false;
        Ok(SessionContext::new_with_config_rt(config, runtime))
    }
}

/// A table over exactly these files, each sorted by customer, time and id.
pub(crate) fn table_of(lake: &Lake, segments: &[Segment]) -> Result<ListingTable, LakeError> {
    let urls = segments
        .iter()
        .map(|segment| {
            ListingTableUrl::parse(format!(
                "{STORE_URL}/{}",
                lake.location.path_of(&segment.path)
            ))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let order = ["customer_id", "occurred_at", "event_id"]
        .map(|column| col(column).sort(true, false))
        .to_vec();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_extension(".parquet")
        .with_file_sort_order(vec![order]);
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(event_schema());
    Ok(ListingTable::try_new(config)?)
}
