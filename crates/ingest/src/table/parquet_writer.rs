//! A Parquet file, written one group of rows after another.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder,
    RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rapport_domain::Money;

use super::{Cell, CellKind, TableColumn};
use crate::IngestError;

/// Rows that are encoded at once.
const BATCH_ROWS: usize = 4_096;
/// Rows and bytes of a group, which is held in memory until it is whole.
const GROUP_ROWS: usize = 128 * 1024;
const GROUP_BYTES: usize = 64 << 20;
/// Digits of an amount, and those of them that stand after the point: enough for every currency.
const AMOUNT_DIGITS: u8 = 24;
const AMOUNT_SCALE: i8 = 4;

/// Writes a table.
pub(super) struct ParquetWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<Builder>,
    n_rows: usize,
}

impl<W: Write + Send> std::fmt::Debug for ParquetWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetWriter")
            .field("schema", &self.schema)
            .field("n_rows", &self.n_rows)
            .finish_non_exhaustive()
    }
}

/// The cells of a column that are not encoded yet.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Amount(Decimal128Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Instant(TimestampMicrosecondBuilder),
}

impl<W: Write + Send> ParquetWriter<W> {
    pub(super) fn new(writer: W, columns: &[TableColumn]) -> Result<Self, IngestError> {
        let field = |it: &TableColumn| Field::new(&it.name, data_type(it.kind), true);
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .build();
        let writer = ArrowWriter::try_new(writer, Arc::clone(&schema), Some(properties));
        Ok(Self {
            writer: writer.map_err(write_error)?,
            schema,
            columns: columns.iter().map(|it| Builder::of(it.kind)).collect(),
            n_rows: 0,
        })
    }

    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), IngestError> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.n_rows += 1;
        if self.n_rows >= BATCH_ROWS {
            self.encode()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<W, IngestError> {
        self.encode()?;
        self.writer.into_inner().map_err(write_error)
    }

    fn encode(&mut self) -> Result<(), IngestError> {
        if self.n_rows == 0 {
            return Ok(());
        }
        let columns = self.columns.iter_mut().map(Builder::finish);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect());
        let batch = batch.map_err(|error| write_error(error.into()))?;
        self.n_rows = 0;
        self.writer.write(&batch).map_err(write_error)
    }
}

fn data_type(kind: CellKind) -> DataType {
    match kind {
        CellKind::Text => DataType::Utf8,
        CellKind::Integer => DataType::Int64,
        CellKind::Number => DataType::Float64,
        CellKind::Amount => DataType::Decimal128(AMOUNT_DIGITS, AMOUNT_SCALE),
        CellKind::Boolean => DataType::Boolean,
        CellKind::Date => DataType::Date32,
        CellKind::Instant => instants(),
    }
}

fn instants() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

impl Builder {
    fn of(kind: CellKind) -> Self {
        match kind {
            CellKind::Text => Self::Text(StringBuilder::new()),
            CellKind::Integer => Self::Integer(Int64Builder::new()),
            CellKind::Number => Self::Number(Float64Builder::new()),
            CellKind::Amount => {
                let builder = Decimal128Builder::new();
                Self::Amount(builder.with_data_type(data_type(kind)))
            }
            CellKind::Boolean => Self::Boolean(BooleanBuilder::new()),
            CellKind::Date => Self::Date(Date32Builder::new()),
            CellKind::Instant => {
                let builder = TimestampMicrosecondBuilder::new();
                Self::Instant(builder.with_data_type(instants()))
            }
        }
    }

    /// Adds a cell; one of another kind is nothing, but for texts, which everything can be.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(column), Cell::Empty) => column.append_null(),
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Text(column), other) => column.append_value(other.clone().into_text()),
            (Self::Integer(column), cell) => column.append_option(match cell {
                Cell::Integer(number) => Some(*number),
                _ => None,
            }),
            (Self::Number(column), cell) => column.append_option(match cell {
                Cell::Number(number) => Some(*number),
                Cell::Integer(number) => Some(*number as f64),
                _ => None,
            }),
            (Self::Amount(column), cell) => column.append_option(match cell {
                Cell::Amount(money) => Some(scaled(*money)),
                _ => None,
            }),
            (Self::Boolean(column), cell) => column.append_option(match cell {
                Cell::Boolean(yes) => Some(*yes),
                _ => None,
            }),
            (Self::Date(column), cell) => column.append_option(match cell {
                Cell::Date(on) => Some(on.days_since_epoch()),
                _ => None,
            }),
            (Self::Instant(column), cell) => column.append_option(match cell {
                Cell::Instant(at) => Some(at.as_micros()),
                _ => None,
            }),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Amount(column) => Arc::new(column.finish()),
            Self::Boolean(column) => Arc::new(column.finish()),
            Self::Date(column) => Arc::new(column.finish()),
            Self::Instant(column) => Arc::new(column.finish()),
        }
    }
}

/// An amount with four digits after the point, which is as many as any currency has.
fn scaled(money: Money) -> i128 {
    let missing = u32::from(AMOUNT_SCALE.unsigned_abs()).saturating_sub(money.currency.exponent());
    i128::from(money.amount_minor) * 10_i128.pow(missing)
}

fn write_error(error: parquet::errors::ParquetError) -> IngestError {
    IngestError::Write(std::io::Error::other(error))
}
