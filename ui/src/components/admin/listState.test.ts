import { describe, expect, it } from "vitest";

import {
  conditionsOf,
  groupsOf,
  nextSort,
  parseCondition,
  parseListSearch,
  sortDirection,
  toAddress,
  toListQuery,
  withDefaults,
  withGroups,
} from "./listState";
import { parseSearch, stringifySearch } from "./searchParams";

describe("list state in the address", () => {
  it("keeps what makes sense and drops the rest", () => {
    const search = parseListSearch({
      q: "lum",
      sort: "-name",
      filter: ["country:eq:France", "country:like:x", 7],
      cols: "email,city",
      page: "3",
    });

    expect(search).toEqual({ q: "lum", sort: "-name", filter: ["country:eq:France"], cols: "email,city" });
  });

  it("refuses a sort that is no field", () => {
    expect(parseListSearch({ sort: "name; drop table" })).toEqual({});
  });

  it("reads a single filter as a list of one", () => {
    expect(parseListSearch({ filter: "n_orders:gte:3" }).filter).toEqual(["n_orders:gte:3"]);
  });

  it("leaves colons in values alone", () => {
    expect(parseCondition("last_order_at:gte:2026-01-01T00:00:00Z")).toEqual({
      field: "last_order_at",
      op: "gte",
      value: "2026-01-01T00:00:00Z",
    });
  });

  it("reads a condition without a value", () => {
    expect(parseCondition("email:is_null")).toEqual({ field: "email", op: "is_null", value: "" });
  });

  it("survives the way into an address and back", () => {
    const search = {
      q: "王 芳&x=1",
      filter: ["city:contains:上海", "total_spent:gte:100000"],
      sort: "-total_spent",
    };

    expect(parseListSearch(parseSearch(stringifySearch(search)))).toEqual(search);
  });

  it("writes nothing for an empty state", () => {
    expect(stringifySearch({ q: "", filter: [], sort: undefined })).toBe("");
  });
});

describe("conditions", () => {
  const france = { field: "country", op: "eq", value: "France" } as const;
  const spain = { field: "country", op: "eq", value: "Spain" } as const;

  const many = { field: "n_orders", op: "gte", value: "2" } as const;

  it("are written once", () => {
    expect(groupsOf(withGroups({}, [[france], [france]]))).toEqual([[france]]);
  });

  it("keep their places, and everything else of the state", () => {
    const search = { q: "a", filter: ["country:eq:France", "n_orders:gte:2"] };

    expect(withGroups(search, groupsOf(search).with(0, [spain]))).toEqual({
      q: "a",
      filter: ["country:eq:Spain", "n_orders:gte:2"],
    });
  });

  it("leave no empty list behind when the last one goes", () => {
    expect(withGroups({ q: "a", filter: ["country:eq:France"] }, [[]])).toEqual({ q: "a" });
  });

  it("of which one must hold stand apart, and survive the way into an address and back", () => {
    const search = withGroups({}, [[france, spain], [many]]);

    expect(search.filter).toEqual(["n_orders:gte:2"]);
    const again = parseListSearch(parseSearch(stringifySearch({ ...search })));
    expect(groupsOf(again)).toEqual([[many], [france, spain]]);
    expect(toListQuery(again, "name").anyOf).toEqual([[france, spain]]);
  });

  it("that cannot be read are dropped", () => {
    expect(parseListSearch({ any: ["[", "7", "[7]", '["country:like:x"]'] })).toEqual({});
  });

  it("may be on fields with digits and dots", () => {
    expect(parseCondition("custom.tier_2:eq:a")).toEqual({ field: "custom.tier_2", op: "eq", value: "a" });
  });
});

describe("sorting", () => {
  it("goes up, down and back to the list's own order", () => {
    expect([undefined, "name", "-name"].map((sort) => nextSort(sort, "name"))).toEqual([
      "name",
      "-name",
      undefined,
    ]);
  });

  it("begins anew with another column", () => {
    expect(nextSort("-name", "city")).toBe("city");
  });

  it("tells the direction for screen readers", () => {
    expect(["name", "-name", "city"].map((sort) => sortDirection(sort, "name"))).toEqual([
      "ascending",
      "descending",
      "none",
    ]);
  });
});

describe("what is asked of the server", () => {
  it("is the default order beside the chosen conditions", () => {
    expect(toListQuery({ filter: ["status:eq:open"], q: "x" }, "due_on")).toEqual({
      sort: "due_on",
      search: "x",
      filter: [{ field: "status", op: "eq", value: "open" }],
    });
  });

  it("is a condition instead of a search where one field is searched", () => {
    expect(toListQuery({ q: "x", sort: "-due_on" }, "due_on", "title")).toEqual({
      sort: "-due_on",
      filter: [{ field: "title", op: "contains", value: "x" }],
    });
  });
});

it("a list that narrows by itself can be shown whole, and its address says so", () => {
  const own = ["status:eq:open"];

  expect(withDefaults({}, own)).toEqual({ filter: own });
  expect(toAddress({ filter: own }, own)).toEqual({});
  const whole = toAddress({}, own);
  expect(conditionsOf(withDefaults(parseListSearch({ ...whole }), own))).toEqual([]);
  expect(toAddress(withGroups(whole, [[{ field: "title", op: "contains", value: "x" }]]), own)).toEqual({
    filter: ["title:contains:x"],
  });
});
