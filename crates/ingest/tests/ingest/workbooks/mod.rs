//! Excel workbooks: a sheet reads like the same table in text.

mod bad;
mod equal;
mod sheets;
mod values;

use std::io::{Read as _, Write as _};

use rust_xlsxwriter::{Workbook, Worksheet};
use zip::write::SimpleFileOptions;

use crate::files::{Read, in_memory};

/// A workbook with one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

/// Fills a sheet with texts from a cell on.
fn write_table(sheet: &mut Worksheet, at: (u32, u16), rows: &[&[&str]]) {
    for (row, cells) in (at.0..).zip(rows) {
        for (column, cell) in (at.1..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
}

/// Rows by their lines, cells joined by bars; `!` marks rejected ones.
fn shown(file: &Read) -> Vec<String> {
    let taken = file.rows.iter();
    let mut rows: Vec<_> = taken
        .map(|row| (row.line(), row.cells().join("|")))
        .collect();
    let rejected = file.rejected.iter();
    rows.extend(rejected.map(|row| (row.line, format!("! {}", row.message))));
    rows.sort();
    rows.into_iter()
        .map(|(line, text)| format!("{line}: {text}"))
        .collect()
}

/// The workbook with one part of it written anew.
fn with_part(bytes: &[u8], name: &str, contents: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(in_memory(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(in_memory([]));
    for idx in 0..archive.len() {
        let part = archive.by_index_raw(idx).unwrap();
        if part.name().unwrap() != name {
            writer.raw_copy_file(part).unwrap();
        }
    }
    writer
        .start_file(name, SimpleFileOptions::default())
        .unwrap();
    writer.write_all(contents).unwrap();
    writer.finish().unwrap().into_inner()
}

/// One part of a workbook as text.
fn part_of(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(in_memory(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}
