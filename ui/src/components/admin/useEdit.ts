import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { EditResource, ListRecords, Patches } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { messageOf } from "@/i18n/problems";
import { useFormats, useT } from "@/i18n";
import { newestCached } from "./caches";
import { editsOf } from "./edits";
import { undoPatch } from "./patch";

export { messageOf };

/** Takes a saved change back; false where somebody changed the same fields since. */
type Undo = () => Promise<boolean>;

/** Saves without a word; throws what the server refuses. */
function useSave<R extends EditResource>(resource: R) {
  const data = useData();
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationKey: ["edit", resource],
    mutationFn: ({ id, version, change }: { id: string; version: number; change: Patches[R] }) =>
      data.update(resource, id, version, change),
  });
  return useCallback(
    async (seen: ListRecords[R], change: Patches[R]): Promise<Undo> => {
      const { id } = seen;
      const apply = (record: ListRecords[R], patch: Patches[R]) =>
        editsOf(client).apply(resource, record, patch, (version) =>
          mutateAsync({ id, version, change: patch }),
        );
      const { before, saved } = await apply(seen, change);
      return async () => {
        const now = newestCached(client, resource, id) ?? saved;
        const back = undoPatch(change, before, saved, now);
        if (back !== null) await apply(now, back);
        return back !== null;
      };
    },
    [client, resource, mutateAsync, data],
  );
}

/** Says what was saved, with a way back that also answers to Ctrl + Z. */
export function useAnnounce() {
  // Those of the user who made the change: by the time it is saved, another may have signed in.
  const edits = editsOf(useQueryClient());
  const t = useT();
  return useCallback(
    (text: string, what: string, undo: Undo, id?: string | number) => {
      const takeBack = edits.remember(() => {
        toast.dismiss(shown);
        undo().then(
          (isDone) =>
            isDone ? toast(t("edit.undone", { what })) : toast.error(t("edit.changedSince", { what })),
          (error: unknown) => toast.error(t("edit.notUndone", { what }), { description: messageOf(error) }),
        );
      });
      const action = { label: t("edit.undo"), onClick: takeBack };
      const shown = toast.success(text, id === undefined ? { action } : { action, id });
    },
    [edits, t],
  );
}

/**
 * Changes a record in place: shown at once, called saved only after the server committed it, taken
 * back when it refuses. The record is the one that was seen when the editing began.
 */
export function useEdit<R extends EditResource>(resource: R) {
  const save = useSave(resource);
  const announce = useAnnounce();
  const t = useT();
  return useCallback(
    async (record: ListRecords[R], change: Patches[R], what: string) => {
      try {
        const undo = await save(record, change);
        announce(t("edit.saved", { what }), what, undo);
      } catch (error) {
        if (error instanceof ApiError && error.isConflict) toast.error(t("edit.conflict"));
        else toast.error(t("edit.failed"), { description: messageOf(error) });
      }
    },
    [save, announce, t],
  );
}

/** Whether the next record may go better than this one did. */
const isAboutOne = (error: unknown) =>
  error instanceof ApiError && [404, 409, 412, 422].includes(error.status);

/** Changes many records, one after the other, as one action: one notice, one way back. */
export function useBulkEdit<R extends EditResource>(resource: R) {
  const save = useSave(resource);
  const announce = useAnnounce();
  const formats = useFormats();
  const t = useT();
  return useCallback(
    async (records: ListRecords[R][], changeOf: (record: ListRecords[R]) => Patches[R], what: string) => {
      if (records.length === 0) return;
      const total = formats.number(records.length);
      const saving = (n: number) => t("edit.savingMany", { done: formats.number(n), total });
      const id = toast.loading(saving(0));
      const undos: Undo[] = [];
      let refusal: unknown;
      for (const [n, record] of records.entries()) {
        try {
          undos.push(await save(record, changeOf(record)));
        } catch (error) {
          refusal = error;
          if (!isAboutOne(error)) break;
        }
        toast.loading(saving(n + 1), { id });
      }
      const nFailed = records.length - undos.length;
      const undoAll = async () => {
        const done = [];
        for (const undo of undos.toReversed()) done.push(await undo());
        return done.every(Boolean);
      };
      const n = { count: undos.length, text: formats.number(undos.length) };
      if (undos.length > 0) announce(t("edit.savedMany", { ...n, what }), what, undoAll, id);
      else toast.dismiss(id);
      if (nFailed > 0) {
        toast.error(t("edit.failedMany", { count: nFailed, text: formats.number(nFailed) }), {
          description: messageOf(refusal),
        });
      }
    },
    [save, announce, formats, t],
  );
}
