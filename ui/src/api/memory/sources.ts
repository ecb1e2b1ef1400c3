import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { Random } from "./random";

type SourceProvider = Pick<
  DataProvider,
  "sources" | "createSource" | "ledger" | "writeKeys" | "createWriteKey" | "revokeWriteKey"
>;

const DAY_MS = 86_400_000;

/** A shop that sends files and events, and loses some on one day; an app that sends nothing. */
export function sourceProvider(
  random: Random,
  nowText: () => string,
  answer: <T>(make: () => T) => Promise<T>,
): SourceProvider {
  const shop = { id: random.id(), name: "Web shop" };
  let sources: Wire.Source[] = [{ id: random.id(), name: "App" }, shop];
  let writeKeys: Wire.WriteKey[] = [];
  const isIn = (from: string, until: string) => (day: Wire.LedgerDay) => from <= day.day && day.day <= until;
  return {
    sources: () => answer(() => sources),
    createSource: (name) =>
      answer(() => {
        const known = sources.find((source) => source.name === name.trim());
        if (known) return known;
        const made = { id: random.id(), name: name.trim() };
        sources = [...sources, made].sort((a, b) => a.name.localeCompare(b.name));
        return made;
      }),
    ledger: (from, until) => answer(() => daysOf(shop, until).filter(isIn(from, until))),
    writeKeys: (source) => answer(() => writeKeys.filter((key) => key.source_id === source)),
    createWriteKey: (source) =>
      answer(() => {
        const key = `wk_${random.id().replaceAll("-", "")}`;
        const made = {
          id: random.id(),
          source_id: source,
          prefix: key.slice(0, 8),
          created_at: nowText(),
          revoked_at: null,
        };
        writeKeys = [...writeKeys, made];
        return { key, write_key: made };
      }),
    revokeWriteKey: (id) =>
      answer(() => {
        if (!writeKeys.some((key) => key.id === id)) throw new ApiError(404, "not_found", "no such key");
        writeKeys = writeKeys.map((key) => (key.id === id ? { ...key, revoked_at: nowText() } : key));
      }),
  };
}

/** Five days before and with `until`, the latest first. */
function daysOf(source: Wire.Reference, until: string): Wire.LedgerDay[] {
  const day = (before: number) =>
    new Date(Date.parse(`${until}T00:00:00Z`) - before * DAY_MS).toISOString().slice(0, 10);
  const usual = { source, duplicate: 3, rejected: {}, is_complete: true };
  return [
    { ...usual, day: day(0), channel: "events", seen: 1_203, stored: 1_200 },
    { ...usual, day: day(1), channel: "events", seen: 905, stored: 890, rejected: { bad_time: 12 } },
    { ...usual, day: day(2), channel: "files", seen: 5_003, stored: 4_998, rejected: { bad_email: 2 } },
    { ...usual, day: day(3), channel: "events", seen: 1_010, stored: 1_000, is_complete: false },
    { ...usual, day: day(4), channel: "events", seen: 703, stored: 700 },
  ];
}
