import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { OwnedKind } from "@/api/types";
import { isAbout, keys } from "@/components/admin/caches";
import { useT } from "@/i18n";
import { RESOURCE_OF } from "./accessModel";

interface Named {
  id: string;
  name: string;
}

/** Takes a record from the pool, and gives one back. */
export function useClaim(kind: OwnedKind) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const refresh = (id: string) =>
    Promise.all([
      client.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey, RESOURCE_OF[kind], id) }),
      client.invalidateQueries({ queryKey: keys.pools }),
    ]);
  const claim = useMutation({
    mutationFn: ({ id }: Named) => data.claim(kind, id),
    onSuccess: (_, { name }) => toast.success(t("pool.claimed", { name })),
    // Also after a refusal: somebody else may have it now.
    onSettled: (_, __, { id }) => refresh(id),
  });
  const release = useMutation({
    mutationFn: ({ id }: Named) => data.release(kind, id),
    onSuccess: (_, { id, name }) => {
      toast.success(t("pool.released", { name }));
      return refresh(id);
    },
  });
  return { claim, release };
}
