import { expect, it } from "vitest";

import type { LedgerDay } from "@/api/types";
import { lastDays, nMissing, rowsOf } from "./ledgerModel";

const shop = { id: "1", name: "Web shop" };
const app = { id: "2", name: "App" };
const day = (over: Partial<LedgerDay>): LedgerDay => ({
  source: shop,
  day: "2026-11-24",
  channel: "events",
  seen: 10,
  stored: 10,
  duplicate: 0,
  rejected: {},
  is_complete: true,
  ...over,
});

it("the last days are UTC's and cross the end of a month", () => {
  expect(lastDays(Date.parse("2026-12-01T00:10:00Z"), 3)).toEqual(["2026-11-29", "2026-11-30", "2026-12-01"]);
});

it("a day is as bad as the worst of what came on it", () => {
  const ledger = [
    day({}),
    day({ channel: "files", seen: 5, stored: 3, rejected: { bad_time: 2 } }),
    day({ day: "2026-11-23", seen: 4, stored: 3, is_complete: false }),
    day({ day: "2026-11-22" }),
  ];
  const [row] = rowsOf([shop], ledger, ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]);

  expect(row!.cells.map(({ state, seen }) => [state, seen])).toEqual([
    ["none", 0],
    ["stored", 10],
    ["lost", 4],
    ["rejected", 15],
  ]);
  expect(row).toMatchObject({ seen: 29, stored: 26, rejected: 2, missing: 1 });
});

it("what is counted out twice does not hide what is lost", () => {
  const ledger = [
    day({ seen: 3, stored: 2, is_complete: false }),
    day({ day: "2026-11-23", seen: 2, stored: 3, is_complete: false }),
  ];

  expect(ledger.map(nMissing)).toEqual([1, -1]);
  expect(rowsOf([shop], ledger, [])[0]!.missing).toBe(2);
});

it("a source that sent nothing has a row, and nobody else's days", () => {
  const [quiet, busy] = rowsOf([app, shop], [day({})], ["2026-11-24"]);

  expect(quiet).toMatchObject({ seen: 0, cells: [{ state: "none" }], days: [] });
  expect(busy).toMatchObject({ seen: 10 });
});
