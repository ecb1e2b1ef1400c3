import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { DataProvider } from "@/api/dataProvider";
import type { ModelDetail, ModelStage } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useAnnounce } from "@/components/admin/useEdit";
import { useT } from "@/i18n";
import { wayBack, type WayBack } from "./undo";
import { useWords } from "./useWords";

/** A change that somebody wants: a stage for a version, or the champion before. */
export type Step = { version: number; to: ModelStage } | "rollback";

function send(data: DataProvider, { kind, revision }: ModelDetail, step: Step | WayBack, reason: string) {
  return step === "rollback"
    ? data.rollBack(kind, revision, reason)
    : data.changeStage(kind, revision, { ...step, reason });
}

/** Puts the newest state where all screens find it; single versions are asked for again. */
function show(client: QueryClient, model: ModelDetail) {
  const key = keys.model(model.kind);
  client.setQueryData(key, model);
  void client.invalidateQueries({ queryKey: keys.models, exact: true });
  void client.invalidateQueries({ queryKey: key, predicate: ({ queryKey }) => queryKey.length > key.length });
}

/** The version that a step is about. */
export const versionOf = (model: ModelDetail, step: Step): number | null =>
  step === "rollback" ? model.roll_back_to : step.version;

/**
 * Changes a stage or rolls back, as seen in `model`: nothing shows before the server has done it, for
 * what serves is no matter of guessing. What can be taken back in one step offers so.
 */
export function useStageChange(onDone: () => void) {
  const data = useData();
  const client = useQueryClient();
  const say = useSayDone();
  return useMutation({
    mutationKey: ["stage"],
    mutationFn: ({ model, step, reason }: { model: ModelDetail; step: Step; reason: string }) =>
      send(data, model, step, reason),
    onSuccess: (after, { model, step }) => {
      show(client, after);
      say(model, after, step);
      onDone();
    },
    onError: (error, { model }) => {
      // Whatever the server saw otherwise than this screen did, the screen shall see it, too.
      if (error instanceof ApiError && [404, 409, 412].includes(error.status))
        void client.invalidateQueries({ queryKey: keys.model(model.kind) });
    },
  });
}

function useSayDone() {
  const data = useData();
  const client = useQueryClient();
  const announce = useAnnounce();
  const t = useT();
  const words = useWords();
  return useCallback(
    (before: ModelDetail, after: ModelDetail, step: Step) => {
      const version = versionOf(before, step);
      if (version === null) return;
      const text =
        step === "rollback" ? t("models.rolledBack", { version }) : t(`models.done.${step.to}`, { version });
      const back = wayBack(before, after, version);
      if (back === null) return void toast.success(text);
      const what = t("models.what", { version, kind: words("kind", before.kind) });
      const undo = async () => {
        try {
          show(client, await send(data, after, back, t("models.undoReason", { what: text })));
          return true;
        } catch (error) {
          if (error instanceof ApiError && error.isConflict) return false;
          throw error;
        }
      };
      announce(text, what, undo);
    },
    [data, client, announce, t, words],
  );
}
