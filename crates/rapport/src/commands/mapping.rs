//! The mapping of an import: shown before it runs, changed by `--map`.

use anyhow::{Context, Result, bail};
use rapport_ingest::{Existing, ImportMode, Mapping, MappingReason};
use rapport_pipelines::PipelineError;
use rapport_pipelines::imports::FileLayout;
use rapport_store::imports::Import;

use crate::cli::{ImportArgs, Mode};
use crate::output::BadInput;

/// The mapping of an import.
pub(super) fn of(import: &Import) -> Result<Mapping> {
    serde_json::from_value(import.mapping.clone()).context("reading the mapping")
}

/// Prints how the file is written and what becomes of each column, on standard error.
pub(super) fn show(import: &Import) -> Result<()> {
    use std::io::Write;

    let mapping = of(import)?;
    let layout: FileLayout =
        serde_json::from_value(import.format.clone()).context("reading the format")?;
    let mut text = format!(
        "{} ({}): {}{}\n",
        import.file_name,
        describe(&layout),
        name_of(&mapping.entity),
        preset_of(&mapping),
    );
    let width = mapping
        .columns
        .iter()
        .map(|c| c.column.chars().count())
        .max()
        .unwrap_or(0);
    for column in &mapping.columns {
        let field = column
            .field
            .map_or_else(|| "(kept, not mapped)".to_owned(), |f| name_of(&f));
        let pad = " ".repeat(width - column.column.chars().count());
        let why = match column.reason {
            MappingReason::Unmapped => String::new(),
            _ => format!(
                "  {:.0} %, {}",
                100.0 * column.confidence,
                name_of(&column.reason)
            ),
        };
        text.push_str(&format!("  {}{pad}  →  {field}{why}\n", column.column));
    }
    // A closed standard error must not stop the work.
    let _ = std::io::stderr().write_all(text.as_bytes());
    Ok(())
}

/// Applies what the command line wishes for the mapping.
pub(super) fn apply(mut mapping: Mapping, args: &ImportArgs) -> Result<Mapping> {
    apply_fields(&mut mapping, &args.map)?;
    mapping.mode = match args.mode {
        Some(Mode::Create) => ImportMode::Create,
        Some(Mode::Update) => ImportMode::Update,
        Some(Mode::Both) => ImportMode::Both,
        None => mapping.mode,
    };
    if args.replace {
        mapping.existing = Existing::Replace;
    }
    mapping
        .check()
        .map_err(|invalid| BadInput(invalid.to_string()))?;
    Ok(mapping)
}

/// Applies `COLUMN=FIELD` wishes; an empty field leaves the column out.
fn apply_fields(mapping: &mut Mapping, wishes: &[String]) -> Result<()> {
    for wish in wishes {
        let Some((column, field)) = wish.rsplit_once('=') else {
            bail!(BadInput(format!("--map {wish:?} must be COLUMN=FIELD")));
        };
        let names = mapping.column_names().join(", ");
        let Some(place) = mapping.columns.iter_mut().find(|c| c.column == column) else {
            bail!(BadInput(format!(
                "there is no column {column:?}; the file has {names}"
            )));
        };
        place.field = match field {
            "" => None,
            _ => {
                let value = serde_json::Value::String(field.to_owned());
                let parsed = serde_json::from_value(value);
                Some(parsed.map_err(|_| {
                    let known: Vec<_> = rapport_ingest::fields(mapping.entity)
                        .map(|f| name_of(&f))
                        .collect();
                    BadInput(format!(
                        "there is no field {field:?}; known are {}",
                        known.join(", ")
                    ))
                })?)
            }
        };
        place.reason = MappingReason::Chosen;
        place.confidence = 1.0;
    }
    Ok(())
}

/// A file that cannot be understood is the caller's to mend: exit code 2.
pub(super) fn as_bad_input(error: PipelineError) -> anyhow::Error {
    match error {
        PipelineError::Ingest(error) => BadInput(error.to_string()).into(),
        PipelineError::Invalid(error) => BadInput(error.to_string()).into(),
        other => other.into(),
    }
}

/// The preset by which the file is read, and what must be known of it.
fn preset_of(mapping: &Mapping) -> String {
    let preset = mapping.preset.as_deref();
    let Some(preset) = preset.and_then(rapport_ingest::find_preset) else {
        return String::new();
    };
    let notice = preset.notice().map(|notice| format!("\n  {}", notice.en));
    format!(", preset {}{}", preset.key, notice.unwrap_or_default())
}

fn describe(layout: &FileLayout) -> String {
    let kind = match layout.format.kind {
        rapport_ingest::FileKind::Csv {
            delimiter: '\t', ..
        } => "tab-separated".to_owned(),
        rapport_ingest::FileKind::Csv { delimiter, .. } => format!("separated by {delimiter:?}"),
        rapport_ingest::FileKind::JsonLines => "JSON lines".to_owned(),
        rapport_ingest::FileKind::Xlsx { .. } => return describe_workbook(layout),
        rapport_ingest::FileKind::Parquet => return "Parquet".to_owned(),
        rapport_ingest::FileKind::Mbox => return "mailbox (mbox)".to_owned(),
        rapport_ingest::FileKind::Eml => return "message (eml)".to_owned(),
        rapport_ingest::FileKind::Vcard => "address cards (vCard)".to_owned(),
        rapport_ingest::FileKind::Icalendar => "calendar (iCalendar)".to_owned(),
        rapport_ingest::FileKind::Json => "JSON document".to_owned(),
        rapport_ingest::FileKind::Talk { .. } => "conversations".to_owned(),
        rapport_ingest::FileKind::Feed => "feed (RSS or Atom)".to_owned(),
    };
    format!("{kind}, {}", name_of(&layout.format.encoding))
}

/// The sheet that is read, and how many others there are.
fn describe_workbook(layout: &FileLayout) -> String {
    let n_others = layout.sheets.len().saturating_sub(1);
    match layout.sheet() {
        Some(sheet) if n_others > 0 => {
            let name = &sheet.name;
            format!("Excel workbook, sheet {name:?}, {n_others} more by --sheet")
        }
        Some(sheet) => format!("Excel workbook, sheet {:?}", sheet.name),
        None => "Excel workbook".to_owned(),
    }
}

/// The name under which a value is known in the API and in files.
fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "?".to_owned(),
    }
}
