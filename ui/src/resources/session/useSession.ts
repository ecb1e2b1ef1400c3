import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import type { SessionUser } from "@/api/types";
import { keys } from "@/components/admin/caches";

export const sessionQuery = (data: DataProvider) =>
  queryOptions<SessionUser | null>({
    queryKey: keys.session,
    queryFn: () => data.session(),
    staleTime: 300_000,
  });

export function useUser(): SessionUser | null {
  return useQuery(sessionQuery(useData())).data ?? null;
}

export function useSignOut() {
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    await data.signOut();
    client.clear();
    await navigate({ to: "/sign-in" });
  }, [data, client, navigate]);
}
