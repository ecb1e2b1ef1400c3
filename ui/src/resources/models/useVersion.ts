import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { ModelDetail, ModelVersion } from "@/api/types";
import { keys } from "@/components/admin/caches";

/** All that is known of one version, its card included. */
export function useVersionDetail(kind: string, version: number, isEnabled = true) {
  const data = useData();
  return useQuery({
    queryKey: keys.modelVersion(kind, version),
    queryFn: () => data.modelVersion(kind, version),
    staleTime: 300_000,
    enabled: isEnabled,
  });
}

/**
 * A version as the model lists it. The server lists the latest ones, the champion and the one that a
 * roll-back brings back; any other is asked for by itself.
 */
export function useVersion(model: ModelDetail, version: number | null) {
  const listed = model.versions.find((known) => known.version === version);
  const isMissing = version !== null && listed === undefined;
  const { data, error, refetch } = useVersionDetail(model.kind, version ?? 0, isMissing);
  const found: ModelVersion | undefined = listed ?? (isMissing ? data : undefined);
  return { found, error: isMissing ? error : null, refetch };
}
