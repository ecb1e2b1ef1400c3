import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createContext, use, useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import type { Action, OwnedKind, SessionUser } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { forgetEdits } from "@/components/admin/edits";
import { forgetLists } from "@/components/admin/listMemory";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { forgetAwaited } from "@/layout/awaitedJobs";
import { forgetRecents } from "@/layout/recents";
import { grantOf, mayWriteAnything, readsEverything } from "@/resources/access/accessModel";
import { useAccess } from "./useAccess";

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
 * What is allowed beside records; the arranging of pipelines follows from changing all deals, the reading of
 * everything from seeing all records with all fields.
 */
type Given = Exclude<
  Action,
  "read_records" | "keep_own_account" | "write_records" | "manage_users" | "manage_mailboxes"
>;

const OF_MEMBERS: Given[] = ["import_files", "export_records", "train_models", "arrange_pipelines"];

/** Whether the record of this page may be changed; null where the page is not about one. */
export const MayChangeThis = createContext<boolean | null>(null);

/**
 * Whether the user's role allows to change or make records, of one kind where it is named, or something
 * else. The server decides; this only keeps from offering what it would refuse. Until it has told what a
 * role allows, the built-in role counts.
 */
export function useMay(what: "write" | "create" | "administer" | Given, kind?: OwnedKind): boolean {
  const role = useUser()?.role;
  const access = useAccess();
  const mayChangeThis = use(MayChangeThis);
  if (what === "administer") return role === "admin";
  if (what === "write" && kind === undefined && mayChangeThis !== null) return mayChangeThis;
  const isWriter = role === "admin" || role === "member";
  if (what === "write" || what === "create") {
    if (access === null) return isWriter;
    if (kind === undefined) return mayWriteAnything(access.policy);
    const grant = grantOf(access.policy, kind);
    return what === "create" ? grant.create : grant.write !== "none";
  }
  if (what === "arrange_pipelines" && access !== null) return grantOf(access.policy, "deal").write === "all";
  if (what === "read_everything") return access === null || readsEverything(access.policy);
  if (access === null) return role === "admin" || (isWriter && OF_MEMBERS.includes(what));
  return access.policy.actions.includes(what);
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
