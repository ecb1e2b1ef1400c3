mod create;
mod delete;
mod list;
mod profile;
mod show;
mod source_records;
mod timeline;
mod update;
