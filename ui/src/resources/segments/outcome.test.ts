import { expect, it } from "vitest";

import { outcomeOf } from "./outcome";

it.each([
  [false, null, "new"],
  [true, "not_better_than_champion", "kept"],
  // The champion was retired while it took in the customers of today.
  [true, null, "kept"],
  [false, "stale_evidence", "stays"],
] as const)("champion kept %s, refused by %s: %s", (is_champion_kept, refusal, outcome) => {
  expect(outcomeOf({ is_champion_kept, refusal })).toBe(outcome);
});
