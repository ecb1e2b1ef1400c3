import { expect, it } from "vitest";

import { isGoing, mayTakeBack, phaseOf, progressOf } from "./acceptanceModel";

const counts = { n_one: 0, n_refused: 0, n_changed: 0, n_undone: 0, n_not_undone: 0 };
const merged = { ...counts, status: "done" as const, undo: null, n_pairs: 5, n_merged: 5 };
const undo = (status: "queued" | "running" | "done" | "failed" | "cancelled") => ({ job_id: "j", status });

it("a merge of many that ended early is over, and what it merged can be taken back", () => {
  for (const status of ["failed", "cancelled"] as const) {
    const stopped = { ...merged, status, n_merged: 2 };
    expect(phaseOf(stopped)).toBe(status);
    expect(isGoing(stopped)).toBe(false);
    expect(mayTakeBack(stopped)).toBe(true);
  }
});

it("nothing is taken back while it is merged, or where nothing was", () => {
  expect(mayTakeBack({ ...merged, status: "running" })).toBe(false);
  expect(mayTakeBack({ ...merged, n_merged: 0, n_refused: 5 })).toBe(false);
});

it("the way back counts where there is one", () => {
  expect(phaseOf({ ...merged, undo: undo("queued") })).toBe("undoing");
  expect(phaseOf({ ...merged, undo: undo("done") })).toBe("undone");
  expect(phaseOf({ ...merged, undo: undo("failed") })).toBe("undo_broke_off");
  expect(mayTakeBack({ ...merged, undo: undo("failed"), n_merged: 3, n_undone: 2 })).toBe(true);
});

it("pairs that are left count as done, and so do those that could not be taken back", () => {
  const going = { ...merged, status: "running" as const, n_merged: 1, n_one: 1, n_refused: 1, n_changed: 1 };
  expect(progressOf(going)).toEqual({ done: 4, total: 5 });
  const back = { ...merged, undo: undo("running"), n_merged: 3, n_undone: 2, n_not_undone: 1 };
  expect(progressOf(back)).toEqual({ done: 3, total: 5 });
});
