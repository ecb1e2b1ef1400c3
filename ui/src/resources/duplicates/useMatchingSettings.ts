import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { MatchingSettings } from "@/api/types";
import { keys } from "@/components/admin/caches";

/** How duplicates are found and what happens to certain ones; undefined until it is known. */
export function useMatchingSettings(): MatchingSettings | undefined {
  const data = useData();
  return useQuery({ queryKey: keys.matchingSettings, queryFn: () => data.matchingSettings() }).data;
}
