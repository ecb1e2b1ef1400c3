import { queryOptions, useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import type { OwnAccess } from "@/api/types";
import { keys } from "@/components/admin/caches";

const accessQuery = (data: DataProvider) =>
  queryOptions<OwnAccess>({
    queryKey: keys.ownAccess,
    queryFn: () => data.access(),
    staleTime: 60_000,
  });

/** What the role of whoever is signed in allows; null until the server has said so. */
export function useAccess(): OwnAccess | null {
  return useQuery(accessQuery(useData())).data ?? null;
}
