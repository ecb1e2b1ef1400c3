import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { OwnedKind, Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { grantOf, mayChange } from "@/resources/access/accessModel";
import { useAccess } from "./useAccess";
import { useUser } from "./useSession";

/** What of a record decides who may change it. */
export interface Owned {
  id: string;
  owner: Reference | null;
}

/** Whether this record may be changed; null where that is not known yet, or where it has no owner. */
export function useMayChange(kind: OwnedKind | undefined, record: Owned | undefined): boolean | null {
  const data = useData();
  const user = useUser();
  const access = useAccess();
  const reach = kind && access ? grantOf(access.policy, kind).write : "all";
  // A share can only help where the role lets change some records and not all.
  const isAsked = kind !== undefined && record !== undefined && reach !== "none" && reach !== "all";
  const shares = useQuery({
    queryKey: keys.shares(kind ?? "", record?.id ?? ""),
    queryFn: () => data.shares(kind!, record!.id),
    enabled: isAsked,
  });
  if (kind === undefined || record === undefined || access === null || user === null) return null;
  return mayChange(access, user.id, kind, record.owner, shares.data ?? []);
}
