//! The verbs of learning: data sets, splits, metrics, model folders.
