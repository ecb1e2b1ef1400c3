import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { editsOf } from "@/components/admin/edits";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useRefreshPeople } from "./useRefreshPeople";
import { useUndoOperation } from "./useUndoOperation";

interface Merge {
  stays: Reference;
  goes: Reference;
  reason: string;
}

/** Makes one contact part of another, with a way back in the notice. */
export function useMerge(onMerged: (merge: Merge) => void) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const refreshPeople = useRefreshPeople();
  const undo = useUndoOperation();

  function say({ stays, goes }: Merge, operation: number) {
    const takeBack = editsOf(client).remember(() => {
      toast.dismiss(id);
      undo(operation).then(
        () => toast(t("identity.mergeUndone", { goes: goes.name })),
        (error: unknown) => toast.error(t("edit.failed"), { description: messageOf(error) }),
      );
    });
    const text = t("identity.merged", { goes: goes.name, stays: stays.name });
    const id = toast.success(text, { action: { label: t("edit.undo"), onClick: takeBack } });
  }

  return useMutation({
    mutationFn: ({ stays, goes, reason }: Merge) =>
      data.mergeContacts(stays.id, goes.id, reason.trim() || null),
    onSuccess: ({ operation }, merge) => {
      say(merge, operation);
      onMerged(merge);
      refreshPeople();
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
    },
  });
}
