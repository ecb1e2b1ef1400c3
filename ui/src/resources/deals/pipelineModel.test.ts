import { expect, it } from "vitest";

import type { Pipeline } from "@/api/types";
import { draftOf, patchOf, withMoved, withoutStage } from "./pipelineModel";

const pipeline: Pipeline = {
  id: "sales",
  name: "Sales",
  version: 1,
  stages: [
    { id: "talks", name: "Talks", outcome: "open", probability: 0.07 },
    { id: "offer", name: "Offer", outcome: "open", probability: 0.5 },
    { id: "won", name: "Won", outcome: "won", probability: 1 },
    { id: "lost", name: "Lost", outcome: "lost", probability: 0 },
  ],
};
const names = ({ stages }: { stages: { name: string }[] }) => stages.map(({ name }) => name);

it("an untouched draft says the pipeline as it is", () => {
  expect(draftOf(pipeline).stages[0]!.chance).toBe("7");
  expect(patchOf(draftOf(pipeline))).toEqual({ name: "Sales", stages: pipeline.stages, moves: [] });
});

it("stages move by a step and not over the end", () => {
  const draft = draftOf(pipeline);

  expect(names(withMoved(draft, 1, -1))).toEqual(["Offer", "Talks", "Won", "Lost"]);
  expect(withMoved(draft, 0, -1)).toBe(draft);
  expect(withMoved(draft, 3, 1)).toBe(draft);
});

it("the deals of a removed stage go to the one before it, and on when that goes, too", () => {
  const once = withoutStage(draftOf(pipeline), 1);
  const twice = withoutStage(once, 0);

  expect(patchOf(once).moves).toEqual([{ from: "offer", to: "talks" }]);
  expect(names(twice)).toEqual(["Won", "Lost"]);
  expect(patchOf(twice).moves).toEqual(
    expect.arrayContaining([
      { from: "offer", to: "won" },
      { from: "talks", to: "won" },
    ]),
  );
});

it("a stage that was never saved goes without a trace, the last saved one stays", () => {
  const draft = draftOf(pipeline);
  const added = {
    ...draft,
    stages: [{ key: "new", name: "New", outcome: "open" as const, chance: "1" }, ...draft.stages],
  };
  expect(patchOf(withoutStage(added, 0)).moves).toEqual([]);

  const only = { ...draft, stages: draft.stages.slice(0, 1) };
  expect(withoutStage(only, 0)).toBe(only);
});
