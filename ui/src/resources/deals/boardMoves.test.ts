import { expect, it } from "vitest";

import { neighborOf, placeOf } from "./boardMoves";
import type { Column } from "./dealModel";

/** Columns of so many cards, named a0, a1, b0, … */
const columns = (...sizes: number[]) =>
  sizes.map((n, i) => ({
    cards: Array.from({ length: n }, (_, k) => ({ id: `${"abcd"[i]}${k}` })),
  })) as unknown as Column[];

const from = (all: Column[], id: string, key: string) => {
  const next = neighborOf(all, placeOf(all, id)!, key);
  return next && all[next.columnIdx]!.cards[next.cardIdx]!.id;
};

it.each([
  ["a0", "ArrowDown", "a1"],
  ["a2", "ArrowDown", null],
  ["a0", "ArrowUp", null],
  ["a1", "ArrowUp", "a0"],
  ["a0", "End", "a2"],
  ["a2", "Home", "a0"],
  ["a2", "ArrowRight", "c0"],
  ["c0", "ArrowLeft", "a0"],
  ["a0", "ArrowLeft", null],
  ["c0", "ArrowRight", null],
  ["a0", "x", null],
])("from %s, %s leads to %s", (id, key, expected) => {
  expect(from(columns(3, 0, 1), id, key)).toBe(expected);
});

it("a card that is not there has no place", () => {
  expect(placeOf(columns(1), "z9")).toBeNull();
});
