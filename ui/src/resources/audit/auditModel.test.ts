import { expect, it } from "vitest";

import { conditionsOf } from "./auditModel";
import { parseAuditSearch } from "./auditSearch";

it("an address asks for what it names and nothing else", () => {
  const search = parseAuditSearch({
    action: "viewed",
    object: "moon",
    record: "r",
    from: "2026-01-05",
    to: "x",
  });

  expect(search).toEqual({ action: "viewed", record: "r", from: "2026-01-05" });
  expect(conditionsOf(search)).toEqual([
    { field: "action", op: "eq", value: "viewed" },
    { field: "object_id", op: "eq", value: "r" },
    { field: "at", op: "between", value: "2026-01-05,2200-01-01" },
  ]);
  expect(conditionsOf({})).toEqual([]);
});
