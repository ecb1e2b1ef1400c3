//! Readers, column mapping, cleaning and standardizing of other people's files.
