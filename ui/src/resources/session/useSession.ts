import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import type { SessionUser } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { forgetEdits } from "@/components/admin/edits";
import { forgetLists } from "@/components/admin/listMemory";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { forgetAwaited } from "@/layout/awaitedJobs";
import { forgetRecents } from "@/layout/recents";

export const sessionQuery = (data: DataProvider) =>
  queryOptions<SessionUser | null>({
    queryKey: keys.session,
    queryFn: () => data.session(),
    staleTime: 300_000,
  });

export function useUser(): SessionUser | null {
  return useQuery(sessionQuery(useData())).data ?? null;
}

/**
 * Whether the user may change records, or also look after the workspace. The server decides; this only
 * keeps from offering what it would refuse.
 */
export function useMay(what: "write" | "administer"): boolean {
  const role = useUser()?.role;
  return role === "admin" || (what === "write" && role === "member");
}

/** Forgets what the app remembers of a user beside the query cache; somebody else may sign in next. */
export function forgetUser(client: QueryClient) {
  forgetEdits(client);
  forgetAwaited(client);
  forgetLists();
  forgetRecents();
}

export function useSignOut() {
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const t = useT();
  return useCallback(async () => {
    try {
      await data.signOut();
    } catch (error) {
      // The cookie is still good, so it would be wrong to show the sign-in; no session is what was wanted.
      if (!(error instanceof ApiError && error.status === 401)) {
        toast.error(t("session.notSignedOut"), { description: messageOf(error) });
        return;
      }
    }
    client.clear();
    forgetUser(client);
    await navigate({ to: "/sign-in" });
  }, [data, client, navigate, t]);
}
