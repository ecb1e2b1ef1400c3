import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import { keys } from "@/components/admin/caches";
import { ProgressBar } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { useRefreshPeople } from "@/resources/identity/useRefreshPeople";
import { isGoing, mayTakeBack, phaseOf, progressOf } from "./acceptanceModel";
import { LeftOver, useAcceptanceLine } from "./AcceptanceText";
import { StopAcceptance } from "./StopAcceptance";
import { UndoAcceptanceDialog } from "./UndoAcceptanceDialog";
import { LOOK_EVERY } from "./useAcceptances";

/** How a merge of many pairs goes, what came of it, and the way back. */
export function Acceptance({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const data = useData();
  const lineOf = useAcceptanceLine();
  const [isAsking, setAsking] = useState(false);
  const { data: acceptance, error } = useQuery({
    queryKey: keys.matchAcceptance(id),
    queryFn: () => data.matchAcceptance(id),
    refetchInterval: ({ state }) => (state.data && isGoing(state.data) ? LOOK_EVERY : false),
  });
  useWhenOver(acceptance ? isGoing(acceptance) : null);

  // What is not there any more, or not the reader's, is not told of.
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 403);
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  if (!acceptance) return null;
  const line = lineOf(acceptance);
  const { done, total } = progressOf(acceptance);
  return (
    <div
      aria-live="polite"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b bg-selected px-4 py-2"
    >
      {isGoing(acceptance) ? (
        <>
          <div className="max-w-80 min-w-0 flex-1 text-xs">
            <p className="mb-1.5">{line}</p>
            <ProgressBar share={done / Math.max(1, total)} label={line} />
          </div>
          {phaseOf(acceptance) === "merging" && <StopAcceptance id={id} />}
        </>
      ) : (
        <>
          <div className="min-w-0 flex-1">
            <p className="font-medium">{line}</p>
            <LeftOver acceptance={acceptance} />
          </div>
          <span className="ml-auto flex items-center gap-1">
            {mayTakeBack(acceptance) && (
              <Button onClick={() => setAsking(true)}>{t("duplicates.undoAll")}</Button>
            )}
            <IconButton label={t("common.close")} onClick={onClose}>
              <X />
            </IconButton>
          </span>
        </>
      )}
      {isAsking && <UndoAcceptanceDialog id={id} onClose={() => setAsking(false)} />}
    </div>
  );
}

/** Shows the queue, the contacts and the past merges anew once the work is over. */
function useWhenOver(isUnderWay: boolean | null) {
  const client = useQueryClient();
  const refreshPeople = useRefreshPeople();
  const before = useRef(isUnderWay);
  useEffect(() => {
    if (before.current === true && isUnderWay === false) {
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
      void client.invalidateQueries({ queryKey: keys.matchAcceptances });
      refreshPeople();
    }
    before.current = isUnderWay;
  }, [isUnderWay, client, refreshPeople]);
}
