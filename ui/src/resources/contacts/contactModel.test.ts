import { expect, it } from "vitest";

import type { TimelineEntry } from "@/api/types";
import { isLate } from "@/resources/tasks/taskModel";
import { splitName } from "./contactModel";
import { byMonth } from "./timelineModel";

it.each([
  ["Marta Keller", { first_name: "Marta", last_name: "Keller" }],
  ["Ana María García", { first_name: "Ana María", last_name: "García" }],
  ["王芳", { first_name: null, last_name: null }],
])("%s is split into its parts", (name, parts) => {
  expect(splitName(name)).toEqual(parts);
});

it("the timeline is parted by month in the order in which it came", () => {
  const entry = (at: string): TimelineEntry => ({
    id: at,
    kind: "note",
    at,
    title: "",
    detail: null,
    actor: null,
    amount: null,
    order: null,
    ticket_id: null,
  });

  const groups = byMonth(["2026-11-02", "2026-11-01", "2026-09-30"].map(entry));

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
