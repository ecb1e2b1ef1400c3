import { expect, it } from "vitest";

import type { IdentityOperation } from "@/api/types";
import { kindOf, otherOf, wayBackOf } from "./operationModel";

const operation = (kind: string, undone_by: number | null = null): IdentityOperation => ({
  ...{ id: 1, kind, at: "2026-11-24T09:00:00Z", user_id: null, system: null, reason: null, rule: null },
  ...{ model_version: null, score: null, contact_id: "a", other_id: "b", other_name: null },
  ...{ undoes: null, undone_by, erased_at: null },
});

it("parts merges, withdraws decisions, and takes nothing back twice", () => {
  expect(["merge", "split", "reject", "confirm"].map((kind) => wayBackOf(operation(kind)))).toEqual([
    "unmerge",
    "withdraw",
    "withdraw",
    "withdraw",
  ]);
  expect(["unmerge", "withdraw", "link", "new"].map((kind) => wayBackOf(operation(kind)))).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(wayBackOf(operation("merge", 2))).toBeNull();
});

it("tells the other of the two from whom one looks", () => {
  expect(otherOf(operation("reject"), "a")).toBe("b");
  expect(otherOf(operation("reject"), "b")).toBe("a");
  expect(kindOf(operation("something newer"))).toBe("link");
});
