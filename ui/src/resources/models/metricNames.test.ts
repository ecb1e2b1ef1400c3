import { expect, it } from "vitest";

import { axisOf, bySegmentsOf } from "./metricNames";

it("a figure of one method over the number of segments is taken apart", () => {
  expect(bySegmentsOf("kmeans stability_ari by segments")).toEqual({
    method: "kmeans",
    figure: "stability_ari",
  });
  expect(axisOf("kmeans stability_ari by segments")).toBe("segments");
});

it.each(["val_loss", "silhouette", "loss by segments"])("%s stands over steps", (metric) => {
  expect(bySegmentsOf(metric)).toBeNull();
  expect(axisOf(metric)).toBe("step");
});
