import type { Deal, DealBoard, Money, Pipeline, Stage } from "@/api/types";
import type { Page } from "@/api/dataProvider";
import { minorDigits, minorPerMajor } from "@/i18n/currencies";

/** A column as the server told it, as a page of a list: so an edit of a deal finds it here, too. */
export interface ColumnPage extends Page<Deal> {
  stage: Stage;
  nDeals: number;
  sums: Money[];
  medianEnteredAt: string | null;
  /** The deals as they were when the sums were told; `items` are as they are now. */
  told: Deal[];
}

/** A board as the query cache holds it. */
export interface BoardData {
  pipeline: Pipeline;
  pages: ColumnPage[];
  pageParams: unknown[];
}

/** A column as it is shown. */
export interface Column {
  stage: Stage;
  cards: Deal[];
  nDeals: number;
  sums: Money[];
  weighted: Money[];
  medianEnteredAt: string | null;
  nextCursor: string | null;
}

/** A deal held over another stage. */
export interface Lifted {
  id: string;
  stageId: string;
}

const DAY_MS = 86_400_000;

/** Younger deals are never called slow: a week is little in any pipeline. */
const YOUNG_DAYS = 7;

/** A deal is slow from so many times the median time in its stage on, and stuck from so many. */
const SLOW = 1.5;
const STUCK = 3;

export function boardOf({ pipeline, columns }: DealBoard): BoardData {
  const pages = columns.map((column) => ({
    items: column.deals,
    told: column.deals,
    nextCursor: column.next_cursor,
    estimate: column.n_deals,
    stage: column.stage,
    nDeals: column.n_deals,
    sums: column.sums,
    medianEnteredAt: column.median_entered_at,
  }));
  return { pipeline, pages, pageParams: [] };
}

/** The stage that a deal is in, or on its way to: an unanswered change names it by `stage_id`. */
export const stageIdOf = (deal: Deal & { stage_id?: string }): string => deal.stage_id ?? deal.stage.id;

const isOnItsWay = (deal: Deal & { stage_id?: string }) => deal.stage_id !== undefined;

/**
 * The columns with each deal where it stands now. The server's figures are of the deals as they were told;
 * what became of them since is taken from there and added here.
 */
export function columnsOf(board: BoardData, lifted?: Lifted | null): Column[] {
  const columns = new Map(board.pages.map((page) => [page.stage.id, startOf(page)]));
  for (const page of board.pages) {
    const told = new Map(page.told.map((deal) => [deal.id, deal]));
    for (const deal of page.items) {
      const stageId = lifted?.id === deal.id ? lifted.stageId : stageIdOf(deal);
      const from = columns.get(page.stage.id)!;
      const to = columns.get(stageId);
      const before = told.get(deal.id) ?? deal;
      if (to !== from || before !== deal) {
        count(from, before, -1);
        if (to) count(to, deal, 1);
      }
      (to === from ? to?.stayed : to?.came)?.push(deal);
    }
  }
  return [...columns.values()].map((column) => finish(column, lifted?.id));
}

interface Start {
  page: ColumnPage;
  stayed: Deal[];
  came: Deal[];
  nDeals: number;
  sums: Map<string, number>;
}

function startOf(page: ColumnPage): Start {
  const sums = new Map(page.sums.map(({ currency, amount_minor }) => [currency, amount_minor]));
  return { page, stayed: [], came: [], nDeals: page.nDeals, sums };
}

function count(column: Start, { amount }: Deal, sign: 1 | -1) {
  column.nDeals += sign;
  if (amount)
    column.sums.set(amount.currency, (column.sums.get(amount.currency) ?? 0) + sign * amount.amount_minor);
}

/** Who came last stands on top, as in the server's order: first of all the deal that is held there. */
function byArrival(held: string | undefined) {
  const isLast = (deal: Deal) => Number(deal.id === held) * 2 + Number(isOnItsWay(deal));
  return (a: Deal, b: Deal) => isLast(b) - isLast(a) || b.stage_entered_at.localeCompare(a.stage_entered_at);
}

function finish({ page, stayed, came, nDeals, sums }: Start, held: string | undefined): Column {
  const shown = [...sums]
    .filter(([, amount_minor]) => amount_minor !== 0)
    .map(([currency, amount_minor]) => ({ currency, amount_minor }))
    .sort((a, b) => a.currency.localeCompare(b.currency));
  return {
    stage: page.stage,
    cards: came.length === 0 ? stayed : [...came.sort(byArrival(held)), ...stayed],
    nDeals,
    sums: shown,
    weighted: weightedOf(shown, page.stage.probability),
    medianEnteredAt: page.medianEnteredAt,
    nextCursor: page.nextCursor,
  };
}

/** Amounts times a chance, in whole minor units. */
export const weightedOf = (sums: Money[], probability: number): Money[] =>
  sums.map(({ currency, amount_minor }) => ({
    currency,
    amount_minor: Math.round(amount_minor * probability),
  }));

/** What the undecided deals of all columns come to. */
export function totalsOf(columns: Column[]): { sums: Money[]; weighted: Money[] } {
  const open = columns.filter(({ stage }) => stage.outcome === "open");
  return {
    sums: added(open.flatMap(({ sums }) => sums)),
    weighted: added(open.flatMap(({ weighted }) => weighted)),
  };
}

function added(amounts: Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { currency, amount_minor } of amounts)
    sums.set(currency, (sums.get(currency) ?? 0) + amount_minor);
  return [...sums].map(([currency, amount_minor]) => ({ currency, amount_minor }));
}

/**
 * The board with more deals of one stage; unchanged where the column was read anew meanwhile. Deals that
 * are there already, because they were moved, are not taken twice.
 */
export function withMore(board: BoardData, stageId: string, cursor: string, more: Page<Deal>): BoardData {
  const known = new Set(board.pages.flatMap(({ items }) => items.map(({ id }) => id)));
  const fresh = more.items.filter(({ id }) => !known.has(id));
  const pages = board.pages.map((page) =>
    page.stage.id === stageId && page.nextCursor === cursor
      ? {
          ...page,
          items: [...page.items, ...fresh],
          told: [...page.told, ...fresh],
          nextCursor: more.nextCursor,
        }
      : page,
  );
  return { ...board, pages };
}

/** How long a deal has been in its stage, beside the median of all deals there. */
export interface Age {
  days: number;
  medianDays: number | null;
  pace: "usual" | "slow" | "stuck";
}

/** The age of a deal in its stage at the instant `now`; what is decided does not age. */
export function ageOf(deal: Deal, stage: Stage, medianEnteredAt: string | null, now: number): Age | null {
  if (stage.outcome !== "open") return null;
  const days = daysSince(deal.stage_entered_at, now);
  const medianDays = medianEnteredAt === null ? null : daysSince(medianEnteredAt, now);
  const usual = Math.max(medianDays ?? days, 1);
  const pace = days < YOUNG_DAYS || days < SLOW * usual ? "usual" : days < STUCK * usual ? "slow" : "stuck";
  return { days, medianDays, pace };
}

const daysSince = (at: string, now: number) => Math.max(0, Math.floor((now - Date.parse(at)) / DAY_MS));

/**
 * An amount as people type it: "1234.50", "1,234.50" or "1 234". Null where nothing is typed, undefined
 * where it is something else, is below zero, or has more digits than its currency.
 */
export function amountOf(text: string, currency: string): Money | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  const [, whole = "", fraction = ""] = /^(\d+|\d{1,3}(?:[\s,'’]\d{3})+)(?:\.(\d+))?$/.exec(typed) ?? [];
  if (whole === "" || fraction.length > minorDigits(currency)) return undefined;
  const major = Number(`${whole.replace(/\D/g, "")}.${fraction || "0"}`);
  const amount_minor = Math.round(major * minorPerMajor(currency));
  return Number.isSafeInteger(amount_minor) ? { amount_minor, currency } : undefined;
}

/** An amount as it stands in a field: "1234.50". */
export const amountText = ({ amount_minor, currency }: Money): string =>
  (amount_minor / minorPerMajor(currency)).toFixed(minorDigits(currency));
