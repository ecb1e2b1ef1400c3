import { useMemo } from "react";

import type { RunDetail } from "@/api/types";
import { Skeleton } from "@/components/ui/bits";
import { Chip } from "@/components/ui/Chip";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { useWords } from "@/resources/models/useWords";
import type { Comparison } from "./comparison";
import { CurveCard } from "./CurveCard";
import { CurveControls, type CurveLook } from "./CurveControls";
import { curveNames, ofMetric } from "./curveModel";
import { useCurves } from "./useComparison";
import { useRunName } from "./useRunName";

/** So many metrics are drawn before anything is chosen. */
const N_AT_FIRST = 2;

interface ComparedCurvesProps {
  runs: RunDetail[];
  comparison: Comparison;
  onChange: (next: Comparison) => void;
}

/** A chart for each chosen metric, with the curves of all runs in it. */
export function ComparedCurves({ runs, comparison, onChange }: ComparedCurvesProps) {
  const t = useT();
  const words = useWords();
  const names = useMemo(() => curveNames(runs), [runs]);
  const known = comparison.metric?.filter((name) => names.includes(name));
  const chosen = known ?? names.slice(0, N_AT_FIRST);
  const curves = useCurves(runs, chosen);
  const look: CurveLook = { isLog: comparison.log === "1", smoothing: comparison.smooth ?? 0 };

  function toggle(name: string) {
    const next = chosen.includes(name)
      ? chosen.filter((other) => other !== name)
      : names.filter((other) => other === name || chosen.includes(other));
    const { metric: _, ...rest } = comparison;
    // None at all cannot stand in an address: the last one stays.
    onChange(next.length > 0 ? { ...rest, metric: next } : comparison);
  }

  function draw({ isLog, smoothing }: CurveLook) {
    const { log: _, smooth: __, ...rest } = comparison;
    onChange({ ...rest, ...(isLog ? { log: "1" } : {}), ...(smoothing > 0 ? { smooth: smoothing } : {}) });
  }

  const isOneOnly = chosen.length === 1;
  return (
    <section aria-labelledby="curves" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h2 id="curves" className="font-semibold">
          {t("compare.curves")}
        </h2>
        {names.length > 0 && (
          <>
            <div role="group" aria-label={t("compare.metrics")} className="flex flex-wrap gap-1">
              {names.map((name) => (
                <Chip key={name} isOn={chosen.includes(name)} onClick={() => toggle(name)}>
                  {words("metric", name)}
                </Chip>
              ))}
            </div>
            <CurveControls look={look} onChange={draw} />
          </>
        )}
      </div>
      {names.length === 0 ? (
        <p className="text-ink-2">{t("compare.noCurves")}</p>
      ) : curves.data ? (
        <div
          className={
            isOneOnly
              ? "grid grid-cols-[minmax(0,1fr)]"
              : "grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2"
          }
        >
          {chosen.map((metric) => (
            <DrawnMetric key={metric} metric={metric} runs={curves.data} look={look} />
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

interface DrawnMetricProps {
  metric: string;
  runs: Parameters<typeof ofMetric>[0];
  look: CurveLook;
}

function DrawnMetric({ metric, runs, look }: DrawnMetricProps) {
  const runName = useRunName();
  const curves = useMemo(
    () => ofMetric(runs, metric).map((curve) => ({ ...curve, name: runName(curve) })),
    [runs, metric, runName],
  );
  return <CurveCard metric={metric} curves={curves} {...look} />;
}
