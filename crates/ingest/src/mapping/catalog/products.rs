//! Names of a product's fields.

use super::{Entry, Field, ValueKind as K};

/// The fields of a product.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        Field::Sku,
        K::Sku,
        &[
            "sku",
            "stock code",
            "product code",
            "product id",
            "product sku",
            "item code",
            "item id",
            "item number",
            "variant sku",
            "article number",
            "asin",
            "part number",
            "handle",
            "商品编码",
            "商品编号",
            "商品id",
            "产品编码",
            "产品编号",
            "货号",
            "商品代码",
            "存货编码",
        ],
    )
    .weak(&["id", "code", "item", "barcode", "编号", "条码"]),
    Entry::new(
        Field::Name,
        K::LongText,
        &[
            "name",
            "product name",
            "item name",
            "product title",
            "title",
            "商品名称",
            "商品名",
            "产品名称",
            "品名",
            "商品标题",
            "名称",
            "存货名称",
        ],
    )
    .weak(&["description", "product", "商品", "产品"]),
    Entry::new(
        Field::Category,
        K::ShortText,
        &[
            "category",
            "product category",
            "category name",
            "product type",
            "department",
            "collection",
            "类别",
            "品类",
            "商品类别",
            "商品分类",
            "产品类别",
            "分类",
            "类目",
        ],
    )
    .weak(&["type", "vendor", "brand"]),
    Entry::new(
        Field::Price,
        K::Money,
        &[
            "price",
            "unit price",
            "list price",
            "sale price",
            "variant price",
            "retail price",
            "regular price",
            "价格",
            "单价",
            "售价",
            "零售价",
            "标价",
        ],
    )
    .weak(&["cost", "amount"]),
    Entry::new(
        Field::Currency,
        K::Currency,
        &["currency", "currency code", "币种", "货币"],
    ),
];
