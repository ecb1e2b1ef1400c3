import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { MatchAcceptanceSummary } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { useOwnerFilterOptions } from "@/resources/pickers/options";
import { isGoing, mayTakeBack, phaseOf, progressOf } from "./acceptanceModel";
import { LeftOver, useAcceptanceLine } from "./AcceptanceText";
import { StopAcceptance } from "./StopAcceptance";
import { UndoAcceptanceDialog } from "./UndoAcceptanceDialog";

interface AcceptancesDialogProps {
  acceptances: MatchAcceptanceSummary[];
  onClose: () => void;
}

/** The merges of many pairs, the latest first, each with what came of it and the way back. */
export default function AcceptancesDialog({ acceptances, onClose }: AcceptancesDialogProps) {
  const t = useT();
  const [undoing, setUndoing] = useState<string | null>(null);
  return (
    <>
      <Dialog
        open
        onOpenChange={onClose}
        title={t("duplicates.acceptances")}
        description={t("duplicates.acceptancesHint")}
        className="max-w-2xl"
      >
        <ul aria-label={t("duplicates.acceptances")} className="scrollbar-thin divide-y overflow-y-auto">
          {acceptances.map((acceptance) => (
            <li key={acceptance.job_id} className="px-5 py-3">
              <PastAcceptance acceptance={acceptance} onUndo={() => setUndoing(acceptance.job_id)} />
            </li>
          ))}
        </ul>
      </Dialog>
      {undoing && <UndoAcceptanceDialog id={undoing} onClose={() => setUndoing(null)} />}
    </>
  );
}

interface PastAcceptanceProps {
  acceptance: MatchAcceptanceSummary;
  onUndo: () => void;
}

function PastAcceptance({ acceptance, onUndo }: PastAcceptanceProps) {
  const t = useT();
  const formats = useFormats();
  const lineOf = useAcceptanceLine();
  const users = useOwnerFilterOptions();
  const whole = useReasons(acceptance);
  const { job_id, created_at, created_by, min_probability } = acceptance;
  const line = lineOf(acceptance);
  const { done, total } = progressOf(acceptance);
  const facts = [
    formats.dateTime(created_at),
    created_by !== null &&
      t("duplicates.acceptedBy", {
        name: users.find(({ value }) => value === created_by)?.label ?? t("duplicates.someone"),
      }),
    t("duplicates.leastOption", { percent: formats.number(min_probability * 100) + "%" }),
  ];
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-60 flex-1">
        <p className="font-medium">{line}</p>
        <p className="text-xs text-ink-3">{facts.filter(Boolean).join(" · ")}</p>
        <LeftOver acceptance={whole ?? acceptance} />
        {isGoing(acceptance) && (
          <div className="mt-2 max-w-80">
            <ProgressBar share={done / Math.max(1, total)} label={line} />
          </div>
        )}
      </div>
      {phaseOf(acceptance) === "merging" && <StopAcceptance id={job_id} />}
      {mayTakeBack(acceptance) && (
        <Button size="sm" onClick={onUndo}>
          {t("duplicates.undoAll")}
        </Button>
      )}
    </div>
  );
}

/** The reasons why pairs were left, which a list does not tell; asked for where there are any. */
function useReasons({ job_id, n_refused, n_not_undone }: MatchAcceptanceSummary) {
  const data = useData();
  return useQuery({
    queryKey: keys.matchAcceptance(job_id),
    queryFn: () => data.matchAcceptance(job_id),
    enabled: n_refused > 0 || n_not_undone > 0,
  }).data;
}
