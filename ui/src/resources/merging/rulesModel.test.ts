import { expect, it } from "vitest";

import type { SurvivorshipSettings } from "@/api/types";
import { changesOf, followed, moved, rulesFor, withChanges } from "./rulesModel";

const rules: SurvivorshipSettings = {
  usual: "survivor",
  fields: { title: "most_recent", custom: "most_complete" },
  trusted_sources: ["a", "b", "c"],
};

it("sends only what differs from what is in force", () => {
  expect(changesOf(rules, {})).toBeUndefined();
  expect(
    changesOf(rules, { usual: "survivor", fields: { title: "most_recent", email: null } }),
  ).toBeUndefined();
  expect(changesOf(rules, { usual: "most_recent", fields: { title: null } })).toEqual({
    usual: "most_recent",
    fields: { title: null },
  });
  expect(changesOf(rules, { trusted_sources: ["a", "b", "c"] })).toBeUndefined();
  expect(changesOf(rules, { trusted_sources: ["b", "a", "c"] })).toEqual({
    trusted_sources: ["b", "a", "c"],
  });
});

it("lets a field without its own rule follow that of custom fields, or of every field", () => {
  expect(followed("email", rules)).toEqual({ rule: "survivor", of: "usual" });
  expect(followed("custom.size", rules)).toEqual({ rule: "most_complete", of: "custom" });
  expect(followed("custom.size", withChanges(rules, { fields: { custom: null } }))).toEqual({
    rule: "survivor",
    of: "usual",
  });
});

it("offers the most complete value where one can say more than another", () => {
  expect(rulesFor("title")).toContain("most_complete");
  expect(rulesFor("email")).not.toContain("most_complete");
});

it("moves a source by one place and not beyond the ends", () => {
  expect(moved(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
  expect(moved(["a", "b", "c"], "x", 1)).toEqual(["a", "b", "c"]);
});
