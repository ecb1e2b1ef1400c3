import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { nextOf, parseDuplicatesSearch, queueOf, stayingSide, stepFrom } from "./queueModel";

const { items: pairs } = await memoryProvider({ duplicates: 4 }).matchPairs({}, {});
const ids = pairs.map(({ id }) => id);
const none = new Set<string>();

it("puts what was skipped at the end, the latest last", () => {
  const queue = queueOf(pairs, none, none, [ids[2]!, ids[0]!]);

  expect(queue.map(({ id }) => id)).toEqual([ids[1], ids[3], ids[2], ids[0]]);
});

it("leaves out what is settled, and pairs of a contact that went", () => {
  const queue = queueOf(pairs, new Set([ids[0]!]), new Set([pairs[1]!.right.contact_id]), []);

  expect(queue.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
});

it("knows who comes next, at the ends too", () => {
  expect(nextOf(pairs, ids[0]!)).toBe(ids[1]);
  expect(nextOf(pairs, ids[3]!)).toBe(ids[2]);
  expect(nextOf(pairs.slice(0, 1), ids[0]!)).toBeNull();
  expect(stepFrom(pairs, ids[3]!, 1)).toBe(ids[3]);
  expect(stepFrom(pairs, null, 1)).toBe(ids[0]);
});

it("lets the one with more sources stay, then the older", () => {
  const { left, right } = pairs[0]!;
  const more = { ...right, n_identities: left.n_identities + 1 };
  const older = { ...right, created_at: "2001-01-01T00:00:00Z" };

  expect(stayingSide({ left, right: more })).toBe("right");
  expect(stayingSide({ left, right: older })).toBe("right");
  expect(stayingSide({ left, right: { ...right, created_at: null, n_identities: 1 } })).toBe("left");
});

it("reads an address, whatever stands in it", () => {
  expect(parseDuplicatesSearch({ order: "certainty", pair: "x", more: 1 })).toEqual({
    order: "certainty",
    pair: "x",
  });
  expect(parseDuplicatesSearch({ order: 7, pair: 8 })).toEqual({});
});
