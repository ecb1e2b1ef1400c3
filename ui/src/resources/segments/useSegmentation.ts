import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";

/** The segments in force, which many screens name; null while there are none. */
export function useSegmentation() {
  const data = useData();
  return useQuery({
    queryKey: keys.segmentation,
    queryFn: () => data.currentSegmentation(),
    staleTime: 60_000,
  });
}
