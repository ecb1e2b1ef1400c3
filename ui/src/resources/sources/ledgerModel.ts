import type { LedgerDay, Source } from "@/api/types";

/** How a day of a source went, the worst of its channels. */
export type DayState = "none" | "stored" | "rejected" | "lost";

export interface DayCell {
  day: string;
  seen: number;
  state: DayState;
}

/** What a source has sent in the days shown. */
export interface SourceRow {
  source: Source;
  /** The days shown, the earliest first, days without data included. */
  cells: DayCell[];
  /** Days with data, the latest first. */
  days: LedgerDay[];
  seen: number;
  stored: number;
  rejected: number;
  missing: number;
}

const DAY_MS = 86_400_000;
const SEVERITY: DayState[] = ["none", "stored", "rejected", "lost"];

export const nRefused = ({ rejected }: LedgerDay) =>
  Object.values(rejected).reduce((sum, count) => sum + count, 0);

/** Items that nothing is known of; below zero where more was counted out than came. */
export const nMissing = (day: LedgerDay) => day.seen - day.stored - day.duplicate - nRefused(day);

function stateOf(day: LedgerDay): DayState {
  if (!day.is_complete) return "lost";
  if (nRefused(day) > 0) return "rejected";
  return day.seen > 0 ? "stored" : "none";
}

/** The last days in UTC as `2026-11-24`, the earliest first. */
export function lastDays(now: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    new Date(now - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** A row for each source, by name; sources that sent nothing are rows as well. */
export function rowsOf(sources: Source[], ledger: LedgerDay[], days: string[]): SourceRow[] {
  return sources.map((source) => {
    const own = ledger.filter((day) => day.source.id === source.id);
    const sum = (of: (day: LedgerDay) => number) => own.reduce((total, day) => total + of(day), 0);
    return {
      source,
      cells: days.map((day) => cellOf(day, own)),
      days: own,
      seen: sum((day) => day.seen),
      stored: sum((day) => day.stored),
      rejected: sum(nRefused),
      missing: sum((day) => Math.abs(nMissing(day))),
    };
  });
}

function cellOf(day: string, ledger: LedgerDay[]): DayCell {
  const ofDay = ledger.filter((one) => one.day === day);
  const worst = Math.max(0, ...ofDay.map((one) => SEVERITY.indexOf(stateOf(one))));
  return { day, seen: ofDay.reduce((sum, one) => sum + one.seen, 0), state: SEVERITY[worst]! };
}
