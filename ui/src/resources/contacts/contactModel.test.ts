import { expect, it } from "vitest";

import type { TimelineEntry } from "@/api/types";
import { isLate, tomorrow } from "@/resources/tasks/taskModel";
import { renamed, rhythmOf, splitName } from "./contactModel";
import { byMonth, FACETS, isOfFacet, withRuns } from "./timelineModel";

it.each([
  ["Marta Keller", { first_name: "Marta", last_name: "Keller" }],
  ["Ana María García", { first_name: "Ana María", last_name: "García" }],
  ["王芳", { first_name: null, last_name: null }],
])("%s is split into its parts", (name, parts) => {
  expect(splitName(name)).toEqual(parts);
});

it("a new name leaves no part of the old one behind", () => {
  expect(renamed(" 王芳 ")).toEqual({ name: "王芳", first_name: null, last_name: null });
});

const entry = (at: string, kind = "note"): TimelineEntry => ({
  id: at,
  kind,
  at,
  title: "",
  detail: null,
  actor: null,
  amount: null,
  order: null,
  ticket_id: null,
});

it("page views that follow each other are one run, an order between them parts them", () => {
  const kinds = ["page_viewed", "page_viewed", "order", "page_viewed", "note", "note"];

  const runs = withRuns(kinds.map((kind, i) => entry(`2026-11-0${i + 1}`, kind)));

  expect(runs.map((run) => run.length)).toEqual([2, 1, 1, 1, 1]);
});

it.each([
  ["product_returned", "orders"],
  ["campaign_opened", "messages"],
  ["task", "notes"],
] as const)("%s is among the %s", (kind, facet) => {
  expect(FACETS.filter((known) => isOfFacet({ kind }, known))).toEqual(["all", facet]);
});

it("the timeline is parted by month in the order in which it came", () => {
  const groups = byMonth(["2026-11-02", "2026-11-01", "2026-09-30"].map((at) => entry(at)));

  expect(groups.map(({ month, entries }) => [month, entries.length])).toEqual([
    ["2026-11", 2],
    ["2026-09", 1],
  ]);
});

it("an open task is late from the day after its day", () => {
  const now = new Date(2026, 10, 24, 12).getTime();

  expect(isLate({ status: "open", due_on: "2026-11-23" }, now)).toBe(true);
  expect(isLate({ status: "open", due_on: "2026-11-24" }, now)).toBe(false);
  expect(isLate({ status: "done", due_on: "2026-11-01" }, now)).toBe(false);
});

it.each([
  [new Date(2026, 10, 30, 23, 59), "2026-12-01"],
  [new Date(2026, 11, 31, 0, 0), "2027-01-01"],
  [new Date(2026, 9, 25, 0, 30), "2026-10-26"],
])("the day after %s is %s", (now, day) => {
  expect(tomorrow(now.getTime())).toBe(day);
});

it("a customer is late by the own rhythm, not by the calendar", () => {
  const now = Date.parse("2026-11-24T00:00:00Z");
  const buyer = {
    n_orders: 5,
    first_order_at: "2026-09-25T00:00:00Z",
    last_order_at: "2026-11-04T00:00:00Z",
  };

  expect(rhythmOf(buyer, now)).toEqual({ usualDays: 10, silentDays: 20, ratio: 2 });
  expect(rhythmOf({ ...buyer, n_orders: 1 }, now)).toBeNull();
});
