import { describe, expect, it } from "vitest";

import type { Page } from "@/api/dataProvider";
import { changeRow, countOf, mergePages } from "./pages";

interface Row {
  id: string;
  name: string;
}
const page = (ids: string, nextCursor: string | null, estimate: number | null = null): Page<Row> => ({
  items: [...ids].map((id) => ({ id, name: id })),
  nextCursor,
  estimate,
});

describe("merging cursor pages", () => {
  it("keeps the order in which rows came", () => {
    expect(mergePages([page("ab", "1"), page("cd", null)]).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  });

  it("shows a row that moved between two requests once, as it is now", () => {
    const later = {
      ...page("c", null),
      items: [
        { id: "a", name: "newer" },
        { id: "c", name: "c" },
      ],
    };

    expect(mergePages([page("ab", "1"), later])).toEqual([
      { id: "a", name: "newer" },
      { id: "b", name: "b" },
      { id: "c", name: "c" },
    ]);
  });
});

describe("counting", () => {
  it("is exact as far as the server counts one by one, and an estimate beyond", () => {
    expect(countOf([page("ab", "1", 9_999)])).toEqual({ count: 9_999, isExact: true });
    expect(countOf([page("ab", "1", 10_000)])).toEqual({ count: 10_000, isExact: false });
  });

  it("counts a row once that came twice", () => {
    expect(countOf([page("ab", "1", 9), page("bc", null)])).toEqual({ count: 3, isExact: true });
  });

  it("is exact once the last page is here, whatever was estimated", () => {
    expect(countOf([page("ab", "1", 9), page("c", null)])).toEqual({ count: 3, isExact: true });
  });

  it("is unknown where the server did not count", () => {
    expect(countOf([page("ab", "1")])).toBeNull();
  });
});

describe("changing a row", () => {
  const pages = { pages: [page("ab", "1"), page("cd", null)], pageParams: [null, "1"] };

  it("replaces it without touching the pages before", () => {
    const changed = changeRow(pages, "c", (row) => ({ ...row, name: "new" }));

    expect(changed.pages[1]?.items[0]?.name).toBe("new");
    expect(pages.pages[1]?.items[0]?.name).toBe("c");
  });

  it("works on a single page, too", () => {
    const changed = changeRow(page("ab", null), "b", (row: Row) => ({ ...row, name: "new" }));

    expect(changed.items[1]?.name).toBe("new");
  });

  it("answers the same object for a row that is not there, so that nothing renders anew", () => {
    expect(changeRow(pages, "z", (row) => row)).toBe(pages);
  });
});
