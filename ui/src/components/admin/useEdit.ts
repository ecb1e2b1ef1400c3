import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { EditResource, ListRecords, Patches } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { useT } from "@/i18n";
import { changeCached, keys, newestVersion } from "./caches";
import { inversePatch, mergePatch } from "./patch";

interface Edit<R extends EditResource> {
  record: ListRecords[R];
  change: Patches[R];
}

// Changes of one record go out one after the other, each with the version that the one before made.
const queues = new Map<string, Promise<unknown>>();
function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (queues.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
  queues.set(key, turn);
  const forget = () => void (queues.get(key) === turn && queues.delete(key));
  turn.then(forget, forget);
  return turn;
}

/**
 * Changes a record in place: shown at once, called saved only after the server committed it, taken
 * back when it refuses. The toast offers to undo.
 */
export function useEdit<R extends EditResource>(resource: R) {
  const data = useData();
  const client = useQueryClient();
  const t = useT();

  const { mutateAsync } = useMutation({
    mutationKey: ["edit", resource],
    mutationFn: ({ record, change }: Edit<R>) =>
      inTurn(`${resource}/${record.id}`, () =>
        data.update(resource, record.id, newestVersion(client, resource, record.id, record.version), change),
      ),
  });

  /** Saves without a word; true when it went well. */
  const save = useCallback(
    async ({ record, change }: Edit<R>): Promise<ListRecords[R] | null> => {
      await client.cancelQueries({ queryKey: keys.list(resource) });
      changeCached(client, resource, record.id, (now) => mergePatch(now, change));
      try {
        const saved = await mutateAsync({ record, change });
        changeCached(client, resource, record.id, () => saved);
        return saved;
      } catch (error) {
        changeCached(client, resource, record.id, (now) => mergePatch(now, inversePatch(record, change)));
        if (error instanceof ApiError && error.isConflict) {
          void client.invalidateQueries({ queryKey: keys.list(resource) });
          void client.invalidateQueries({ queryKey: keys.record(resource, record.id) });
          void client.invalidateQueries({ queryKey: keys.profile(record.id) });
          toast.error(t("edit.conflict"));
        } else {
          toast.error(t("edit.failed"), { description: messageOf(error) });
        }
        return null;
      }
    },
    [client, mutateAsync, resource, t],
  );

  return useCallback(
    async (record: ListRecords[R], change: Patches[R], what: string) => {
      const undo = inversePatch(record, change);
      const saved = await save({ record, change });
      if (saved === null) return;
      toast.success(t("edit.saved", { what }), {
        action: {
          label: t("edit.undo"),
          onClick: () =>
            void save({ record: saved, change: undo }).then(
              (done) => done && toast(t("edit.undone", { what })),
            ),
        },
      });
    },
    [save, t],
  );
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.violations[0]?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
