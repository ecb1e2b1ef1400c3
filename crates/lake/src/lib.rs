//! The event history in Parquet and SQL over it.
