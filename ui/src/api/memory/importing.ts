import type * as Wire from "../types";

const field = (
  entity: Wire.EntityKind,
  name: string,
  en: string,
  zh: string,
  required = false,
): Wire.FieldInfo => ({ name, label: { en, zh }, required, entity });

export const FIELDS: Wire.FieldInfo[] = [
  field("order_lines", "order_id", "Order number", "订单号", true),
  field("order_lines", "sku", "Product code", "商品编码", true),
  field("order_lines", "product_name", "Product name", "商品名称"),
  field("order_lines", "quantity", "Quantity", "数量", true),
  field("order_lines", "ordered_at", "Ordered at", "下单时间", true),
  field("order_lines", "unit_price", "Unit price", "单价", true),
  field("order_lines", "customer_id", "Customer number", "客户编号"),
  field("order_lines", "country", "Country", "国家"),
  field("order_lines", "currency", "Currency", "币种"),
  field("contacts", "name", "Name", "姓名"),
  field("contacts", "email", "E-mail", "邮箱"),
  field("contacts", "phone", "Phone", "手机"),
  field("contacts", "external_id", "Customer number", "客户编号"),
  field("contacts", "country", "Country", "国家"),
  field("contacts", "company", "Company", "公司名称"),
];

const HEADERS = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
  "Country",
];
const MATCHES = [
  "order_id",
  "sku",
  "product_name",
  "quantity",
  "ordered_at",
  "unit_price",
  "customer_id",
  "country",
];
const ROWS = [
  [
    "536365",
    "85123A",
    "WHITE HANGING HEART T-LIGHT HOLDER",
    "6",
    "2010-12-01 08:26:00",
    "2.55",
    "17850",
    "United Kingdom",
  ],
  ["536365", "71053", "WHITE METAL LANTERN", "6", "2010-12-01 08:26:00", "3.39", "17850", "United Kingdom"],
  ["C536379", "D", "Discount", "-1", "2010-12-01 09:41:00", "27.50", "14527", "United Kingdom"],
  ["536414", "22139", "", "56", "2010-12-01 11:52:00", "0.0", "", "United Kingdom"],
];

const SHEETS = ["Orders", "Stores", "Old orders"];

const WORKBOOK: Wire.Import["format"] = {
  compression: "none",
  encoding: "utf8",
  kind: "xlsx",
  delimiter: null,
  sheet: SHEETS[0]!,
  sheets: SHEETS.map((name) => ({ name, is_visible: !name.startsWith("Old") })),
};

const textFormat = (fileName: string): Wire.Import["format"] => ({
  compression: fileName.endsWith(".gz") ? "gzip" : "none",
  encoding: "utf8",
  kind: "csv",
  delimiter: ",",
  sheet: null,
  sheets: [],
});

/** The import of a workbook with another of its sheets to read; the stores have fewer columns. */
export function withSheet(from: Wire.Import, sheet: string): Wire.Import {
  const fresh = uploadedImport(from.id, from.file_name, from.bytes, from.source, from.created_at);
  const format = { ...from.format, sheet };
  if (sheet !== "Stores") return { ...fresh, format };
  const columns = fresh.mapping.columns.slice(-1);
  const preview = { headers: ["Country"], rows: [["United Kingdom"], ["France"]] };
  return { ...fresh, format, preview, mapping: { ...fresh.mapping, columns } };
}

/** Exports that the in-memory server knows. */
export const PRESETS: Wire.ImportPreset[] = [
  {
    key: "shopify_orders",
    system: "Shopify",
    entity: "order_lines",
    label: { en: "Shopify orders", zh: "Shopify 订单" },
    notice: null,
  },
  {
    key: "woocommerce_orders",
    system: "WooCommerce",
    entity: "order_lines",
    label: { en: "WooCommerce orders", zh: "WooCommerce 订单" },
    notice: {
      en: "The orders are imported without their customers.",
      zh: "导入的订单不会关联到客户。",
    },
  },
];

/** The import with another preset; the columns of the sample stay as they are. */
export function withPreset(from: Wire.Import, preset: string | null): Wire.Import {
  return { ...from, mapping: { ...from.mapping, preset } };
}

/** An import as the server answers it right after the upload. */
export function uploadedImport(
  id: string,
  fileName: string,
  bytes: number,
  source: string,
  now: string,
): Wire.Import {
  return {
    id,
    file_name: fileName,
    source,
    bytes,
    status: "ready",
    entity: "order_lines",
    format: fileName.endsWith(".xlsx") ? WORKBOOK : textFormat(fileName),
    mapping: {
      entity: "order_lines",
      dates: "day_first",
      decimal: "point",
      cancelled_order_prefix: "C",
      own_addresses: [],
      time_zone: null,
      mode: "both",
      existing: "fill",
      preset: null,
      constants: { currency: "GBP" },
      columns: HEADERS.map((column, i) => ({
        column,
        field: MATCHES[i]!,
        confidence: [0.99, 0.98, 0.86, 1, 0.99, 0.97, 0.95, 0.78][i]!,
        reason: i === 2 || i === 7 ? "contents" : "header_synonym",
        replace: null,
      })),
    },
    preview: { headers: HEADERS, rows: ROWS },
    counts: { read: 0, accepted: 0, unchanged: 0, rejected: {}, left_out: {}, first_left_out: [] },
    progress: { rows_done: 0, rows_total: null, rows_per_second: null, seconds_left: null },
    job_id: null,
    is_journaled: true,
    undo_job_id: null,
    dry_run_job_id: null,
    created_at: now,
    finished_at: null,
    error: null,
  };
}

export function rejectedRows(): Wire.RejectedRow[] {
  return Array.from({ length: 120 }, (_, i) => {
    const isDate = i % 3 === 0;
    return {
      line: 14 + i * 211,
      column: isDate ? "InvoiceDate" : "Quantity",
      value: isDate ? "31/13/2011" : "six",
      reason: isDate ? "bad_date" : "bad_number",
      message: isDate ? "write dates like 2011-12-31 08:26" : "write the quantity in digits",
      cells: [
        String(540_000 + i),
        "22139",
        "",
        isDate ? "4" : "six",
        isDate ? "31/13/2011" : "2011-01-04",
        "1.25",
        "",
        "France",
      ],
    };
  });
}

const dryRunRow = { record_id: null, changes: [], column: null, value: null, reason: null, message: null };

/** What a few rows of an import would do, one of each kind. */
export const DRY_RUN_ROWS: Wire.DryRunRow[] = [
  { ...dryRunRow, line: 2, verdict: "created", name: "536365" },
  {
    ...dryRunRow,
    line: 3,
    verdict: "changed",
    name: "536366",
    changes: [{ field: "quantity", before: "6", after: "8" }],
  },
  { ...dryRunRow, line: 4, verdict: "unchanged", name: "536367" },
  {
    ...dryRunRow,
    line: 5,
    verdict: "rejected",
    name: "",
    column: "InvoiceDate",
    value: "31/13/2011",
    reason: "bad_date",
    message: "write dates like 2011-12-31 08:26",
  },
];

/** The dry run of an import that has such rows. */
export const dryRunOf = (one: Wire.Import): Wire.DryRun => ({
  job_id: one.dry_run_job_id ?? "",
  status: "done",
  n_created: 1,
  n_changed: 1,
  n_unchanged: 1,
  n_rejected: 1,
  is_whole: true,
  error: null,
});

/** What an import of orders has made and changed. */
export const EFFECTS: Wire.ImportEffect[] = [
  { kind: "contacts", n_made: 4_338, n_changed: 12 },
  { kind: "orders", n_made: 22_190, n_changed: 0 },
  { kind: "order_lines", n_made: 397_924, n_changed: 0 },
];

/** What the undo of an import left, of a contact that somebody has edited since. */
export const conflictsOf = (contact: Wire.Contact): Wire.ImportConflict[] => [
  {
    seq: 1,
    kind: "contacts",
    record_id: contact.id,
    line_no: 0,
    name: contact.name,
    reason: "changed",
    field: "title",
    before: null,
    after: "Buyer",
    found: "Head of purchasing",
  },
];

/** The import after `done` of `total` rows. */
export function progressed(from: Wire.Import, done: number, total: number, now: string): Wire.Import {
  const rejected = { bad_date: Math.round(done * 0.0004), bad_number: Math.round(done * 0.0009) };
  const isOver = done >= total;
  return {
    ...from,
    status: isOver ? "done" : "running",
    finished_at: isOver ? now : null,
    counts: {
      read: done,
      accepted: done - rejected.bad_date - rejected.bad_number,
      unchanged: 0,
      rejected,
      left_out: {},
      first_left_out: [],
    },
    progress: {
      rows_done: done,
      rows_total: total,
      rows_per_second: 41_250,
      seconds_left: Math.round((total - done) / 41_250),
    },
  };
}
