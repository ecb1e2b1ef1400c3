mod create;
mod delete;
mod show;
