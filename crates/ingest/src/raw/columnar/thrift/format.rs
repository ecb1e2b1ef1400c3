//! The grammar of the descriptions in a Parquet file (`parquet.thrift`).

/// The structures of the format (`parquet.thrift`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::raw::columnar) enum Kind {
    File,
    Element,
    LogicalType,
    Decimal,
    Time,
    TimeUnit,
    Integer,
    Variant,
    Geometry,
    Geography,
    RowGroup,
    SortingColumn,
    ColumnChunk,
    ColumnMetaData,
    EncodingStats,
    Statistics,
    SizeStatistics,
    GeoStatistics,
    BoundingBox,
    KeyValue,
    ColumnOrder,
    Page,
    DataPage,
    DataPageV2,
    DictionaryPage,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Bool,
    Byte,
    Short,
    Int,
    Long,
    Double,
    Bytes,
    /// A structure without fields.
    Empty,
    One(Kind),
    Many(&'static Shape),
}

type Fields = &'static [(i16, Shape)];

impl Kind {
    const fn fields(self) -> Fields {
        use Shape::{Bool, Byte, Bytes, Double, Empty, Int, Long, Many, One, Short};
        match self {
            Self::File => &[
                (1, Int),
                (2, Many(&One(Self::Element))),
                (3, Long),
                (4, Many(&One(Self::RowGroup))),
                (5, Many(&One(Self::KeyValue))),
                (6, Bytes),
                (7, Many(&One(Self::ColumnOrder))),
            ],
            Self::Element => &[
                (1, Int),
                (2, Int),
                (3, Int),
                (4, Bytes),
                (5, Int),
                (6, Int),
                (7, Int),
                (8, Int),
                (9, Int),
                (10, One(Self::LogicalType)),
            ],
            Self::LogicalType => &[
                (1, Empty),
                (2, Empty),
                (3, Empty),
                (4, Empty),
                (5, One(Self::Decimal)),
                (6, Empty),
                (7, One(Self::Time)),
                (8, One(Self::Time)),
                (10, One(Self::Integer)),
                (11, Empty),
                (12, Empty),
                (13, Empty),
                (14, Empty),
                (15, Empty),
                (16, One(Self::Variant)),
                (17, One(Self::Geometry)),
                (18, One(Self::Geography)),
            ],
            Self::Decimal => &[(1, Int), (2, Int)],
            Self::Time => &[(1, Bool), (2, One(Self::TimeUnit))],
            Self::TimeUnit => &[(1, Empty), (2, Empty), (3, Empty)],
            Self::Integer => &[(1, Byte), (2, Bool)],
            Self::Variant => &[(1, Byte)],
            Self::Geometry => &[(1, Bytes)],
            Self::Geography => &[(1, Bytes), (2, Int)],
            Self::RowGroup => &[
                (1, Many(&One(Self::ColumnChunk))),
                (2, Long),
                (3, Long),
                (4, Many(&One(Self::SortingColumn))),
                (5, Long),
                (6, Long),
                (7, Short),
            ],
            Self::SortingColumn => &[(1, Int), (2, Bool), (3, Bool)],
            Self::ColumnChunk => &[
                (1, Bytes),
                (2, Long),
                (3, One(Self::ColumnMetaData)),
                (4, Long),
                (5, Int),
                (6, Long),
                (7, Int),
            ],
            Self::ColumnMetaData => &[
                (1, Int),
                (2, Many(&Int)),
                (3, Many(&Bytes)),
                (4, Int),
                (5, Long),
                (6, Long),
                (7, Long),
                (8, Many(&One(Self::KeyValue))),
                (9, Long),
                (10, Long),
                (11, Long),
                (12, One(Self::Statistics)),
                (13, Many(&One(Self::EncodingStats))),
                (14, Long),
                (15, Int),
                (16, One(Self::SizeStatistics)),
                (17, One(Self::GeoStatistics)),
            ],
            Self::EncodingStats => &[(1, Int), (2, Int), (3, Int)],
            Self::Statistics => &[
                (1, Bytes),
                (2, Bytes),
                (3, Long),
                (4, Long),
                (5, Bytes),
                (6, Bytes),
                (7, Bool),
                (8, Bool),
            ],
            Self::SizeStatistics => &[(1, Long), (2, Many(&Long)), (3, Many(&Long))],
            Self::GeoStatistics => &[(1, One(Self::BoundingBox)), (2, Many(&Int))],
            Self::BoundingBox => &[
                (1, Double),
                (2, Double),
                (3, Double),
                (4, Double),
                (5, Double),
                (6, Double),
                (7, Double),
                (8, Double),
            ],
            Self::KeyValue => &[(1, Bytes), (2, Bytes)],
            Self::ColumnOrder => &[(1, Empty)],
            Self::Page => &[
                (1, Int),
                (2, Int),
                (3, Int),
                (4, Int),
                (5, One(Self::DataPage)),
                (6, Empty),
                (7, One(Self::DictionaryPage)),
                (8, One(Self::DataPageV2)),
            ],
            Self::DataPage => &[
                (1, Int),
                (2, Int),
                (3, Int),
                (4, Int),
                (5, One(Self::Statistics)),
            ],
            Self::DataPageV2 => &[
                (1, Int),
                (2, Int),
                (3, Int),
                (4, Int),
                (5, Int),
                (6, Int),
                (7, Bool),
                (8, One(Self::Statistics)),
            ],
            Self::DictionaryPage => &[(1, Int), (2, Int), (3, Bool)],
        }
    }

    pub(super) fn shape_of(self, id: i16) -> Option<Shape> {
        let mut fields = self.fields().iter();
        fields.find(|(known, _)| *known == id).map(|(_, it)| *it)
    }
}

/// The numbers by which the compact form calls types.
pub(super) mod wire {
    pub(in crate::raw::columnar::thrift) const TRUE: u8 = 1;
    pub(in crate::raw::columnar::thrift) const FALSE: u8 = 2;
    pub(in crate::raw::columnar::thrift) const BYTE: u8 = 3;
    pub(in crate::raw::columnar::thrift) const SHORT: u8 = 4;
    pub(in crate::raw::columnar::thrift) const INT: u8 = 5;
    pub(in crate::raw::columnar::thrift) const LONG: u8 = 6;
    pub(in crate::raw::columnar::thrift) const DOUBLE: u8 = 7;
    pub(in crate::raw::columnar::thrift) const BYTES: u8 = 8;
    pub(in crate::raw::columnar::thrift) const LIST: u8 = 9;
    pub(in crate::raw::columnar::thrift) const SET: u8 = 10;
    pub(in crate::raw::columnar::thrift) const STRUCTURE: u8 = 12;
}

impl Shape {
    pub(super) const fn is(self, wire: u8) -> bool {
        match self {
            Self::Bool => matches!(wire, wire::TRUE | wire::FALSE),
            Self::Byte => wire == wire::BYTE,
            Self::Short => wire == wire::SHORT,
            Self::Int => wire == wire::INT,
            Self::Long => wire == wire::LONG,
            Self::Double => wire == wire::DOUBLE,
            Self::Bytes => wire == wire::BYTES,
            Self::Empty | Self::One(_) => wire == wire::STRUCTURE,
            Self::Many(_) => wire == wire::LIST,
        }
    }
}
