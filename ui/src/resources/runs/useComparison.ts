import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { useData } from "@/api/context";
import type { RunSummary } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { asSearch } from "@/components/admin/searchParams";
import type { Comparison } from "./comparison";

const POLL_MS = 5_000;

/** What is compared and how, as it stands in the address, and how to change it. */
export function useComparison() {
  const comparison = useSearch({ strict: false }) as Comparison;
  const navigate = useNavigate();
  const change = useCallback(
    (next: Comparison) => void navigate({ to: ".", search: asSearch(next), replace: true }),
    [navigate],
  );
  return [comparison, change] as const;
}

/** Events tell what runs do; asking now and then helps where they do not come through. */
export const pollWhileRunning = (runs: Pick<RunSummary, "status">[] | undefined) =>
  runs?.some(({ status }) => status === "running") ? POLL_MS : false;

export function useRuns(ids: string[]) {
  const data = useData();
  return useQuery({
    queryKey: keys.comparison(ids),
    queryFn: () => data.compareRuns(ids),
    enabled: ids.length > 0,
    placeholderData: (before) => (ids.length > 0 ? before : undefined),
    refetchInterval: ({ state }) => pollWhileRunning(state.data),
  });
}

export function useCurves(runs: Pick<RunSummary, "id" | "status">[], metrics?: string[]) {
  const data = useData();
  const ids = runs.map(({ id }) => id);
  return useQuery({
    queryKey: keys.curves(ids, metrics),
    queryFn: () => data.curves(ids, metrics),
    enabled: ids.length > 0 && metrics?.length !== 0,
    placeholderData: (before) => before,
    refetchInterval: pollWhileRunning(runs),
  });
}
