import { expect, it } from "vitest";

import { confusionRows, shadeOf } from "./confusionModel";

it("counts are shares of what was true", () => {
  const [no, yes] = confusionRows({
    labels: ["no", "yes"],
    threshold: 0.5,
    counts: [
      [90, 10],
      [5, 15],
    ],
  });

  expect(no).toMatchObject({ label: "no", n: 100, recall: 0.9 });
  expect(yes?.cells).toEqual([
    { n: 5, share: 0.25, isRight: false },
    { n: 15, share: 0.75, isRight: true },
  ]);
});

it("a class that never came has no recall", () => {
  expect(
    confusionRows({
      labels: ["a", "b"],
      threshold: null,
      counts: [
        [0, 0],
        [1, 2],
      ],
    })[0]?.recall,
  ).toBeNull();
});

it("no cell is so dark that its figure could not be read", () => {
  expect(shadeOf(1)).toBeLessThan(45);
  expect(shadeOf(0)).toBe(0);
});
