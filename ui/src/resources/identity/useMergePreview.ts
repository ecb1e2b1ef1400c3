import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { ContactMergeField, SurvivorshipPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";

/** Whose value each field would have after a merge; undefined until it is known. */
export function useMergePreview(
  stays: string | undefined,
  goes: string | undefined,
  rules?: SurvivorshipPatch,
): ContactMergeField[] | undefined {
  const data = useData();
  return useQuery({
    queryKey: keys.mergePreview(stays ?? "", goes ?? "", rules),
    queryFn: () => data.previewMerge(stays!, goes!, rules),
    enabled: stays !== undefined && goes !== undefined,
    // While other rules are tried; of two others nothing is known.
    placeholderData: (before, query) =>
      query?.queryKey[1] === stays && query?.queryKey[3] === goes ? keepPreviousData(before) : undefined,
  }).data;
}
