import { expect, it } from "vitest";

import type { ModelDetail, ModelStage, ModelVersion } from "@/api/types";
import { wayBack } from "./undo";

const NEXT: Record<ModelStage, ModelStage[]> = {
  candidate: ["shadow", "retired"],
  shadow: ["champion", "candidate", "retired"],
  champion: ["retired"],
  retired: ["candidate"],
};

function model(stages: ModelStage[], rollBackTo: number | null = null): ModelDetail {
  const versions = stages.map(
    (stage, i) => ({ version: i + 1, stage, next_stages: NEXT[stage] }) as ModelVersion,
  );
  const champion = versions.find(({ stage }) => stage === "champion") ?? null;
  return { versions, champion, roll_back_to: rollBackTo } as ModelDetail;
}

it("a promotion is taken back by a roll-back to the champion before", () => {
  expect(wayBack(model(["champion", "shadow"]), model(["retired", "champion"], 1), 2)).toBe("rollback");
});

it("a first champion cannot step back into the shadow", () => {
  expect(wayBack(model(["shadow"]), model(["champion"]), 1)).toBeNull();
});

it("a roll-back has no way back in one step", () => {
  expect(wayBack(model(["retired", "champion"], 1), model(["champion", "retired"]), 1)).toBeNull();
});

it("a champion that retired comes back by a roll-back", () => {
  expect(wayBack(model(["champion"]), model(["retired"], 1), 1)).toBe("rollback");
});

it.each([
  ["candidate", "shadow", { to: "candidate", version: 1 }],
  ["shadow", "candidate", { to: "shadow", version: 1 }],
  ["retired", "candidate", { to: "retired", version: 1 }],
  ["candidate", "retired", { to: "candidate", version: 1 }],
  ["shadow", "retired", null],
] as const)("from %s to %s", (from, to, expected) => {
  expect(wayBack(model([from]), model([to]), 1)).toEqual(expected);
});
