import { useQueries } from "@tanstack/react-query";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import type { Filter } from "@/components/admin/filters";
import { conditionsOf } from "@/components/admin/listState";
import { useListSearch } from "@/components/admin/useList";

type References = Record<string, { resource: "contacts" | "companies" | "runs"; label: string }>;

/** Filters by one record that a link put into the address, so that their chips say its name. */
export function useReferenceFilters(references: References): Filter[] {
  const data = useData();
  const [search] = useListSearch();
  const named = conditionsOf(search).flatMap(({ field, value }) => {
    const reference = references[field];
    return reference ? [{ field, value, ...reference }] : [];
  });
  const records = useQueries({
    queries: named.map(({ resource, value }) => ({
      queryKey: keys.record(resource, value),
      queryFn: (): Promise<{ name: string }> => data.find(resource, value),
    })),
  });
  return named.map(({ field, value, label }, i) => ({
    field,
    label,
    kind: "choice",
    operators: ["eq"],
    options: [{ value, label: records[i]?.data?.name ?? "…" }],
  }));
}
