import { describe, expect, it } from "vitest";

import { minWidthOf, orNull, splitTags, visibleColumns, type Column } from "./columns";
import { allState, NOTHING, toggled } from "./selection";

const column = (id: string, more: Partial<Column<object>> = {}): Column<object> => ({
  id,
  header: id,
  width: "8rem",
  cell: () => id,
  ...more,
});
const columns = [
  column("name", { isPinned: true }),
  column("email"),
  column("city", { isHiddenAtFirst: true }),
  column("spent", { isOnPhone: true }),
];
const idsOf = (chosen: string | null, isPhone = false) =>
  visibleColumns(columns, chosen, isPhone).map(({ id }) => id);

describe("columns in sight", () => {
  it("are the list's own at first", () => expect(idsOf(null)).toEqual(["name", "email", "spent"]));
  it("are the chosen ones, and the pinned one always", () => expect(idsOf("city")).toEqual(["name", "city"]));
  it("are few on a phone", () => expect(idsOf("city,email", true)).toEqual(["name", "spent"]));
});

it("labels are split at Western and Chinese commas, each once", () => {
  expect(splitTags("vip, 批发，vip、新客 ;")).toEqual(["vip", "批发", "新客"]);
});

it("a blank text empties a field", () => {
  expect([orNull("  "), orNull(" a ")]).toEqual([null, "a"]);
});

it("the least width is the sum of the tracks' lower bounds", () => {
  expect(minWidthOf(["2.5rem", "minmax(13rem, 1.3fr)", "7.5rem"])).toBe(23);
});

describe("selection", () => {
  const some = toggled(NOTHING, "a", true);

  it("the box over all rows is half ticked between none and all", () => {
    expect([allState(NOTHING, ["a", "b"]), allState(some, ["a", "b"]), allState(some, ["a"])]).toEqual([
      false,
      "indeterminate",
      true,
    ]);
  });

  it("is replaced, not changed", () => {
    expect(toggled(some, "a", false)).toEqual(NOTHING);
    expect(some.has("a")).toBe(true);
  });
});
