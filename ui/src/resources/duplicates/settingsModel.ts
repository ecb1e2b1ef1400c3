import type { MatchingSettings } from "@/api/types";

/** A threshold as people type it: 99.9. */
export const percentOf = (threshold: number): string => String(Number((threshold * 100).toFixed(6)));

/** What was typed as a threshold; null where it is none. */
export function thresholdOf(percent: string): number | null {
  const value = Number(percent.replace(",", ".").trim());
  if (percent.trim() === "" || !Number.isFinite(value) || value < 90 || value > 99.999) return null;
  return Number((value / 100).toFixed(8));
}

/** Only what was changed here: somebody else may have changed the rest. */
export function changesOf(before: MatchingSettings, after: MatchingSettings): Partial<MatchingSettings> {
  const sorted = ({ distinct_sources }: MatchingSettings) => distinct_sources.toSorted().join();
  return {
    ...(before.is_automatic === after.is_automatic ? {} : { is_automatic: after.is_automatic }),
    ...(before.threshold === after.threshold ? {} : { threshold: after.threshold }),
    ...(sorted(before) === sorted(after) ? {} : { distinct_sources: after.distinct_sources }),
  };
}
