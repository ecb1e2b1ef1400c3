import { expect, it } from "vitest";

import type { Webhook } from "@/api/types";
import { countOf, groupsOf, instantOf, readable, standingOf, withGroup } from "./webhookModel";

it("types are grouped by what they are about, in their order", () => {
  expect(groupsOf(["contact.created", "deal.won", "contact.deleted"])).toEqual([
    { object: "contact", types: ["contact.created", "contact.deleted"] },
    { object: "deal", types: ["deal.won"] },
  ]);
});

it("a group is chosen and given up as a whole, once each", () => {
  const group = groupsOf(["deal.won", "deal.lost"])[0]!.types;

  expect(withGroup(["deal.won", "note.created"], group, true)).toEqual([
    "note.created",
    "deal.won",
    "deal.lost",
  ]);
  expect(withGroup(["deal.won", "note.created"], group, false)).toEqual(["note.created"]);
});

it("a webhook that is off is no longer failing", () => {
  const hook = { is_enabled: true, failing_since: null } as Webhook;
  const failing = { ...hook, failing_since: "2026-01-05T09:00:00Z" };

  expect(standingOf(hook)).toBe("on");
  expect(standingOf(failing)).toBe("failing");
  expect(standingOf({ ...failing, is_enabled: false })).toBe("off");
});

it("statuses are counted", () => {
  expect(countOf(["failed", "delivered", "failed"], "failed")).toBe(2);
});

it("a body is spread out to be read, and left alone where it is no JSON", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("so?")).toBe("so?");
});

it("a time of day names an instant in the reader's zone", () => {
  expect(instantOf("2026-01-05T09:00")).toBe(new Date(2026, 0, 5, 9).toISOString());
  expect(instantOf("")).toBeNull();
});
