import { expect, it } from "vitest";

import type { Deal, Money, Stage } from "@/api/types";
import {
  ageOf,
  amountOf,
  amountText,
  boardOf,
  columnsOf,
  totalsOf,
  withMore,
  type BoardData,
} from "./dealModel";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-24T09:00:00Z");
const eur = (amount_minor: number): Money => ({ amount_minor, currency: "EUR" });
const gbp = (amount_minor: number): Money => ({ amount_minor, currency: "GBP" });

const stage = (id: string, outcome: Stage["outcome"], probability: number): Stage => ({
  id,
  name: id,
  outcome,
  probability,
});
const TALKS = stage("talks", "open", 0.2);
const OFFER = stage("offer", "open", 0.5);
const WON = stage("won", "won", 1);

const deal = (id: string, of: Stage, amount: Money | null, enteredDaysAgo = 0): Deal => ({
  id,
  name: id,
  pipeline_id: "sales",
  stage: { id: of.id, name: of.name },
  amount,
  expected_close_on: null,
  contact: null,
  company: null,
  owner: null,
  custom: {},
  stage_entered_at: new Date(NOW - enteredDaysAgo * DAY).toISOString(),
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  version: 1,
});

/** Two deals in talks, of 10 that are there; one in the offer; none won. */
const board = (): BoardData =>
  boardOf({
    pipeline: { id: "sales", name: "Sales", version: 1, stages: [TALKS, OFFER, WON] },
    columns: [
      {
        stage: TALKS,
        n_deals: 10,
        sums: [eur(1000), gbp(300)],
        weighted: [eur(200), gbp(60)],
        median_entered_at: null,
        deals: [deal("a", TALKS, eur(100), 1), deal("b", TALKS, gbp(300), 2)],
        next_cursor: "2",
      },
      {
        stage: OFFER,
        n_deals: 1,
        sums: [eur(51)],
        weighted: [eur(26)],
        median_entered_at: null,
        deals: [deal("c", OFFER, eur(51), 3)],
        next_cursor: null,
      },
      {
        stage: WON,
        n_deals: 0,
        sums: [],
        weighted: [],
        median_entered_at: null,
        deals: [],
        next_cursor: null,
      },
    ],
  });

/** The board with one deal as a change made it. */
const changed = (data: BoardData, id: string, change: object): BoardData => ({
  ...data,
  pages: data.pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (one.id === id ? { ...one, ...change } : one)),
  })),
});

const ids = (data: BoardData) => columnsOf(data).map(({ cards }) => cards.map(({ id }) => id).join());

it("a board that nobody touched shows the server's figures", () => {
  const columns = columnsOf(board());

  expect(columns.map(({ nDeals }) => nDeals)).toEqual([10, 1, 0]);
  expect(columns[0]!.sums).toEqual([eur(1000), gbp(300)]);
  expect(columns[0]!.weighted).toEqual([eur(200), gbp(60)]);
  // Half a cent is rounded up, as on the server.
  expect(columns[1]!.weighted).toEqual([eur(26)]);
});

it("a deal on its way counts where it goes, on top", () => {
  const moved = changed(board(), "b", { stage_id: "offer" });
  const [talks, offer] = columnsOf(moved);

  expect(ids(moved)).toEqual(["a", "b,c", ""]);
  expect([talks!.nDeals, offer!.nDeals]).toEqual([9, 2]);
  expect(talks!.sums).toEqual([eur(1000)]);
  expect(offer!.sums).toEqual([eur(51), gbp(300)]);
  expect(offer!.weighted).toEqual([eur(26), gbp(150)]);
});

it("a saved move and a held card look alike", () => {
  const saved = changed(board(), "a", { stage: { id: "won", name: "won" }, version: 2 });

  expect(ids(saved)).toEqual(["b", "c", "a"]);
  const held = columnsOf(board(), { id: "a", stageId: "won" });
  expect(held.map(({ sums }) => sums)).toEqual(columnsOf(saved).map(({ sums }) => sums));
  expect(held.map(({ nDeals }) => nDeals)).toEqual([9, 1, 1]);
});

it("a move that is taken back leaves no trace", () => {
  const there = changed(board(), "a", { stage: { id: "won", name: "won" }, version: 2 });
  const back = changed(there, "a", { stage: { id: "talks", name: "talks" }, version: 3 });

  expect(columnsOf(back).map(({ sums, nDeals }) => [sums, nDeals])).toEqual(
    columnsOf(board()).map(({ sums, nDeals }) => [sums, nDeals]),
  );
  expect(ids(back)).toEqual(ids(board()));
});

it("an amount that was changed counts as it is now", () => {
  const [talks] = columnsOf(changed(board(), "a", { amount: gbp(50) }));

  expect(talks!.sums).toEqual([eur(900), gbp(350)]);
  expect(talks!.nDeals).toBe(10);
});

it("a deal of another pipeline leaves the board", () => {
  const [talks] = columnsOf(changed(board(), "a", { stage: { id: "elsewhere", name: "" } }));

  expect(talks!.nDeals).toBe(9);
  expect(talks!.cards.map(({ id }) => id)).toEqual(["b"]);
});

it("who came last stands on top", () => {
  const first = changed(board(), "a", { stage: { id: "won", name: "won" } });
  const both = changed(first, "c", { stage: { id: "won", name: "won" } });

  expect(ids(both)[2]).toBe("a,c");
  expect(ids(changed(both, "c", { stage_id: "won" }))[2]).toBe("c,a");
});

it("only undecided deals make the total, per currency", () => {
  const moved = changed(board(), "c", { stage_id: "won" });

  expect(totalsOf(columnsOf(board()))).toEqual({
    sums: [eur(1051), gbp(300)],
    weighted: [eur(226), gbp(60)],
  });
  expect(totalsOf(columnsOf(moved)).sums).toEqual([eur(1000), gbp(300)]);
});

it("more of a column is added once, and only to the column it was asked for", () => {
  const more = { items: [deal("d", TALKS, null), deal("c", TALKS, null)], nextCursor: null, estimate: null };
  const longer = withMore(board(), "talks", "2", more);

  expect(ids(longer)).toEqual(["a,b,d", "c", ""]);
  expect(columnsOf(longer)[0]!.nextCursor).toBeNull();
  expect(withMore(board(), "talks", "stale", more)).toEqual(board());
});

it.each([
  [3, 1, "usual"],
  [7, 5, "usual"],
  [8, 5, "slow"],
  [14, 5, "slow"],
  [15, 5, "stuck"],
  [7, 0, "stuck"],
  [40, null, "usual"],
])("%s days where %s are usual are %s", (days, median, pace) => {
  const entered = median === null ? null : new Date(NOW - median * DAY).toISOString();

  expect(ageOf(deal("a", TALKS, null, days), TALKS, entered, NOW)).toEqual({
    days,
    medianDays: median,
    pace,
  });
});

it("what is won does not age, and nothing is younger than today", () => {
  expect(ageOf(deal("a", WON, null, 90), WON, null, NOW)).toBeNull();
  expect(ageOf(deal("a", TALKS, null, -2), TALKS, null, NOW)?.days).toBe(0);
});

it.each([
  ["1234.50", "EUR", 123_450],
  ["1,234.5", "EUR", 123_450],
  ["1 234", "EUR", 123_400],
  ["12", "JPY", 12],
  ["0.1", "EUR", 10],
  ["1.234", "KWD", 1234],
  ["12.5", "JPY", undefined],
  ["1.005", "EUR", undefined],
  ["-5", "EUR", undefined],
  ["about 5", "EUR", undefined],
  ["1,23", "EUR", undefined],
  ["99999999999999999", "EUR", undefined],
])("%s of %s is %s minor units", (text, currency, amount_minor) => {
  expect(amountOf(text, currency)).toEqual(
    amount_minor === undefined ? undefined : { amount_minor, currency },
  );
});

it("nothing typed is no amount, and an amount reads back as written", () => {
  expect(amountOf("  ", "EUR")).toBeNull();
  for (const currency of ["EUR", "JPY", "KWD"])
    expect(amountOf(amountText({ amount_minor: 12_345, currency }), currency)).toEqual({
      amount_minor: 12_345,
      currency,
    });
});
