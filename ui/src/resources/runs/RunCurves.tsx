import { useMemo, useState } from "react";

import type { RunDetail } from "@/api/types";
import { Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { CurveCard } from "./CurveCard";
import { CurveControls, type CurveLook } from "./CurveControls";
import { byStem, isCurve } from "./curveModel";
import { useCurves } from "./useComparison";

/** The curves of one run: training and validation of the same figure in one chart. */
export function RunCurves({ run }: { run: RunDetail }) {
  const t = useT();
  const hasCurves = run.metrics.some(isCurve);
  const runs = useMemo(() => (hasCurves ? [run] : []), [hasCurves, run]);
  const curves = useCurves(runs);
  const [look, setLook] = useState<CurveLook>({ isLog: false, smoothing: 0 });
  const groups = useMemo(() => byStem(curves.data?.[0]?.series ?? []), [curves.data]);
  // Most trainings end at once: that there is no curve is worth no words.
  if (!hasCurves) return null;
  return (
    <section aria-labelledby="curves" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h2 id="curves" className="font-semibold">
          {t("runs.curves")}
        </h2>
        <CurveControls look={look} onChange={setLook} />
      </div>
      {curves.data ? (
        <div
          className={
            groups.length === 1
              ? "grid grid-cols-[minmax(0,1fr)]"
              : "grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2"
          }
        >
          {groups.map(({ stem, curves }) => (
            <CurveCard key={stem} metric={stem} curves={curves} hasLegend {...look} />
          ))}
        </div>
      ) : curves.error ? (
        <ErrorState error={curves.error} onRetry={() => void curves.refetch()} />
      ) : (
        <div role="status" aria-label={t("common.loading")} className="grid h-64 place-items-center">
          <Skeleton className="w-40" />
        </div>
      )}
    </section>
  );
}
