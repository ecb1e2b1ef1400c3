//! Formats that are no table of text: address cards, mailboxes and Parquet; and the tables that we write.

mod cards;
mod channels;
mod columnar;
mod hostile_parquet;
mod mailboxes;
mod tables;
