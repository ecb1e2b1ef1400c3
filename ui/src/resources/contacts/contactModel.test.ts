import { expect, it } from "vitest";

import type { TimelineEntry } from "@/api/types";
import { isLate } from "@/resources/tasks/taskModel";
import { renamed, splitName } from "./contactModel";
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
