mod cancel;
mod create;
mod dry_run;
mod rejected_rows;
mod run;
mod undo;
mod update_mapping;
mod update_sheet;
