import type { RunEvaluation } from "@/api/types";
import { CalibrationCard } from "./CalibrationCard";
import { ConfusionCard } from "./ConfusionCard";
import { ImportancesCard } from "./ImportancesCard";

/** What rows held back say of a model: whether its probabilities are true, where it errs, what it looks at. */
export function EvaluationCards({ evaluation }: { evaluation: RunEvaluation }) {
  const { calibration, confusion, importances } = evaluation;
  const isEmpty = !calibration?.bins.length && !confusion && importances.length === 0;
  if (isEmpty) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-2">
      {calibration && calibration.bins.length > 0 && <CalibrationCard calibration={calibration} />}
      {(confusion || importances.length > 0) && (
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          {confusion && <ConfusionCard confusion={confusion} />}
          {importances.length > 0 && <ImportancesCard importances={importances} />}
        </div>
      )}
    </div>
  );
}
