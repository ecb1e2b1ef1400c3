import { describe, expect, it } from "vitest";

import { FIELDS, uploadedImport } from "@/api/memory/importing";
import {
  certaintyOf,
  fixedFields,
  isReplaced,
  missingFields,
  modesOf,
  nRejected,
  readAddresses,
  samplesOf,
  setConstant,
  setEntity,
  setExisting,
  setField,
  setReplace,
  timeWithoutZone,
  zonesOf,
} from "./mappingModel";

const one = uploadedImport("1", "orders.csv", 10, "shop", "2026-11-24T00:00:00Z");
const fieldOf = (mapping: typeof one.mapping, column: string) =>
  mapping.columns.find((known) => known.column === column)?.field;

it("events may be of known people alone, order lines and notes have no choice", () => {
  expect(modesOf("events")).toEqual(["both", "update"]);
  expect(modesOf("order_lines")).toEqual(["both"]);
  expect(modesOf("notes")).toEqual(["both"]);
  expect(modesOf("tasks")).toContain("create");
});

it("addresses of the house are typed as people type lists", () => {
  expect(readAddresses(" me@a.example，b.example;\nme@a.example ")).toEqual(["me@a.example", "b.example"]);
  expect(readAddresses("")).toEqual([]);
});

describe("mapping", () => {
  it("moves a field from the column that held it, so that none is mapped twice", () => {
    const mapping = setField(one.mapping, "Description", "sku");

    expect([fieldOf(mapping, "Description"), fieldOf(mapping, "StockCode")]).toEqual(["sku", null]);
  });

  it("marks what a person chose as certain", () => {
    const mapping = setField(one.mapping, "Country", null);

    expect(mapping.columns.at(-1)).toMatchObject({ field: null, confidence: 1, reason: "chosen" });
  });

  it("lets one column differ from the file, and forgets both where the rows have no such choice", () => {
    const contacts = setExisting(setEntity(one.mapping, "contacts", FIELDS), "replace");
    const mapping = setReplace({ ...contacts, mode: "update" }, "Country", false);
    const replaced = mapping.columns.filter((column) => isReplaced(mapping, column));
    const orders = setEntity(mapping, "order_lines", FIELDS);

    expect(replaced.map(({ column }) => column)).not.toContain("Country");
    expect(replaced).toHaveLength(mapping.columns.length - 1);
    expect(orders).toMatchObject({ mode: "both", existing: "fill" });
    expect(orders.columns.some((column) => isReplaced(orders, column))).toBe(false);
  });

  it("names the required fields that nothing fills", () => {
    const mapping = setField(one.mapping, "InvoiceDate", null);

    expect(missingFields(mapping, FIELDS).map(({ name }) => name)).toEqual(["ordered_at"]);
  });

  it("counts a constant as filled", () => {
    const mapping = { ...setField(one.mapping, "Quantity", null), constants: { quantity: "1" } };

    expect(missingFields(mapping, FIELDS)).toEqual([]);
  });

  it("offers the currency as a fixed value even where the file has none yet", () => {
    const mapping = setConstant(one.mapping, "currency", "");

    expect(mapping.constants).toEqual({});
    expect(fixedFields(mapping, FIELDS).map(({ name }) => name)).toEqual(["currency"]);
  });

  it("leaves the fixed values behind that another kind of rows does not know", () => {
    expect(setEntity(one.mapping, "contacts", FIELDS).constants).toEqual({});
  });

  it("keeps the fields that another kind of rows also has", () => {
    const mapping = setEntity(one.mapping, "contacts", FIELDS);

    expect([fieldOf(mapping, "Country"), fieldOf(mapping, "StockCode")]).toEqual(["country", null]);
  });
});

it("samples are the first values that are not empty, each once", () => {
  expect(samplesOf(one.preview, "StockCode")).toEqual(["85123A", "71053", "D"]);
  expect(samplesOf(one.preview, "InvoiceNo")).toEqual(["536365", "C536379", "536414"]);
  expect(samplesOf(one.preview, "no such column")).toEqual([]);
});

it.each([
  [{ field: null, confidence: 0.99 }, "none"],
  [{ field: "sku", confidence: 0.95 }, "sure"],
  [{ field: "sku", confidence: 0.7 }, "likely"],
  [{ field: "sku", confidence: 0.3 }, "unsure"],
])("a guess of %j is %s", (guess, expected) => {
  expect(certaintyOf(guess)).toBe(expected);
});

it("the first time that has no zone is shown, and a file that tells its zones needs none", () => {
  const columns = [{ ...one.mapping.columns[0]!, column: "date", field: "occurred_at" }];
  const mapping = { ...one.mapping, entity: "events" as const, columns };
  const time = (...times: string[]) =>
    timeWithoutZone(
      mapping,
      times.map((time) => [time]),
    );

  expect(time("", "27/11/2026 09:30", "27/11/2026 09:31")).toBe("27/11/2026 09:30");
  expect(time("2026年11月27日 9点30分")).toBe("2026年11月27日 9点30分");
  expect(time("2026-11-27T09:30:00Z", "2026-11-27T09:30:00+08:00", "1795771800")).toBeNull();
  expect(time("Fri, 27 Nov 2026 09:30:00 GMT", "Mon Jan 02 2026 03:04:05 GMT+0100 (CET)")).toBeNull();
  expect(time("2026-11-27")).toBeNull();
});

it("zones begin with universal time and hold the one that was chosen, each once", () => {
  const zones = zonesOf("Asia/Shanghai");

  expect(zones[0]).toBe("UTC");
  expect(zones.filter((zone) => zone === "Asia/Shanghai")).toHaveLength(1);
});

it("another kind of rows has no times, so that the zone goes", () => {
  const mapping = { ...one.mapping, entity: "events" as const, time_zone: "Asia/Shanghai" };

  expect(setEntity(mapping, "events", FIELDS).time_zone).toBe("Asia/Shanghai");
  expect(setEntity(mapping, "contacts", FIELDS).time_zone).toBeNull();
});

it("rejected rows are added up over reasons", () => {
  expect(
    nRejected({
      counts: {
        read: 9,
        accepted: 4,
        unchanged: 0,
        rejected: { bad_date: 2, bad_row: 3 },
        left_out: {},
        first_left_out: [],
      },
    }),
  ).toBe(5);
});
