import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { BulkChange, BulkTarget, DataProvider, EditResource } from "@/api/dataProvider";
import type { BulkEdit } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useFormats, useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useReasons } from "./useReasons";

/** How often an edit that is under way is looked at, in milliseconds. */
const LOOK_EVERY = 500;

const isUnderWay = ({ status }: BulkEdit) =>
  status === "queued" || status === "running" || status === "undoing";

/** Looks at an edit until it is over, or its undo. */
async function follow(data: DataProvider, edit: BulkEdit, onProgress: (edit: BulkEdit) => void) {
  let now = edit;
  while (isUnderWay(now)) {
    onProgress(now);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    now = await data.bulkEdit(edit.id);
  }
  return now;
}

/** The bulk edits in the cache. */
export const BULK_EDITS = ["bulk_edits"];

/** What is shown again once many records of a list have changed. */
function useRefresh(resource: EditResource) {
  const client = useQueryClient();
  return useCallback(() => {
    void client.invalidateQueries({ queryKey: keys.list(resource) });
    void client.invalidateQueries({ queryKey: BULK_EDITS });
  }, [client, resource]);
}

/** Takes a bulk edit back and tells how that went. */
export function useTakeBack(resource: EditResource) {
  const data = useData();
  const t = useT();
  const refresh = useRefresh(resource);
  return useCallback(
    async (id: string) => {
      const shown = toast.loading(t("bulk.restoring"));
      try {
        const { status, error } = await follow(data, await data.undoBulkEdit(id), () => undefined);
        if (status !== "undone") {
          toast.error(t("bulk.notUndone"), { id: shown, description: error ?? undefined });
        } else if (await data.hasBulkConflicts(id)) {
          toast.warning(t("bulk.undoneBut"), { id: shown });
        } else {
          toast.success(t("bulk.undone"), { id: shown });
        }
      } catch (error) {
        toast.error(t("bulk.notUndone"), { id: shown, description: messageOf(error) });
      }
      refresh();
    },
    [data, refresh, t],
  );
}

/** Starts a change of many records and tells how it goes, with a way back. */
export function useBulkRun<R extends EditResource>(resource: R) {
  const data = useData();
  const formats = useFormats();
  const t = useT();
  const reasons = useReasons();
  const refresh = useRefresh(resource);
  const takeBack = useTakeBack(resource);

  const tell = useCallback(
    (edit: BulkEdit, shown: string | number) => {
      const { n_changed: count, n_refused, error } = edit;
      const refused =
        n_refused > 0
          ? t("bulk.wereRefused", { text: formats.number(n_refused), reasons: reasons(edit.refused) })
          : undefined;
      const options = {
        id: shown,
        description: error ?? refused,
        // A way back stays until it is closed.
        ...(count > 0
          ? {
              action: { label: t("bulk.undo"), onClick: () => void takeBack(edit.id) },
              duration: Infinity,
              closeButton: true,
            }
          : {}),
        ...(n_refused > 0
          ? {
              cancel: {
                label: t("bulk.refusedFile"),
                onClick: () => window.location.assign(data.refusedFileHref(edit.id)),
              },
            }
          : {}),
      };
      if (edit.status !== "done") toast.error(t("bulk.failed"), options);
      else {
        const text = formats.number(count);
        toast.success(t(edit.is_deletion ? "bulk.deleted" : "bulk.done", { count, text }), options);
      }
    },
    [data, formats, reasons, takeBack, t],
  );

  return useCallback(
    async (target: BulkTarget, change: BulkChange<R>, expect: number) => {
      const started = await data.startBulkEdit(resource, target, change, expect);
      const going = (edit: BulkEdit) =>
        t("bulk.running", {
          done: formats.number(edit.n_changed + edit.n_unchanged + edit.n_refused),
          total: formats.number(edit.n_rows),
        });
      const shown = toast.loading(going(started));
      // The dialog is closed by then: what comes of it is told by the notice.
      follow(data, started, (edit) => void toast.loading(going(edit), { id: shown })).then(
        (edit) => (tell(edit, shown), refresh()),
        (error: unknown) => {
          toast.error(t("bulk.failed"), { id: shown, description: messageOf(error) });
          refresh();
        },
      );
    },
    [data, resource, formats, refresh, tell, t],
  );
}
