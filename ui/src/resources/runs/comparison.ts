/** What a comparison shows, as it stands in the address. */
export interface Comparison {
  run?: string[];
  /** Curves that are drawn; some are chosen where none is named. */
  metric?: string[];
  /** Whether values stand on a logarithmic axis. */
  log?: "1";
  /** Weight of what came before, from 0 (none) to 0.99. */
  smooth?: number;
  /** Whether rows in which all runs agree are left out. */
  differ?: "1";
}

/** As many runs as the server compares. */
export const MAX_RUNS = 20;
export const MAX_SMOOTHING = 0.99;

const texts = (raw: unknown): string[] => [
  ...new Set([raw].flat().filter((text): text is string => typeof text === "string" && text !== "")),
];

/** Reads search parameters of unknown make; what makes no sense is dropped. */
export function parseComparison(raw: Record<string, unknown>): Comparison {
  const [run, metric] = [texts(raw.run).slice(0, MAX_RUNS), texts(raw.metric)];
  const smooth = Number(raw.smooth ?? 0);
  return {
    ...(run.length > 0 ? { run } : {}),
    ...(metric.length > 0 ? { metric } : {}),
    ...(String(raw.log) === "1" ? { log: "1" } : {}),
    ...(smooth > 0 && smooth <= MAX_SMOOTHING ? { smooth } : {}),
    ...(String(raw.differ) === "1" ? { differ: "1" } : {}),
  };
}
