import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitCompareArrows, TriangleAlert } from "lucide-react";

import { useData } from "@/api/context";
import type { RunDetail } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { CandidatesCard } from "./CandidatesCard";
import { EvaluationCards } from "./EvaluationCards";
import { MetricsCard } from "./MetricsCard";
import { RunBadge } from "./RunBadge";
import { RunCurves } from "./RunCurves";
import { RunFigures } from "./RunFigures";
import { SettingsCard } from "./SettingsCard";
import { TrialsCard } from "./TrialsCard";
import { useRunName } from "./useRunName";

/** One training: what went in, how it went, what came out, and what it was measured against. */
export function RunShow() {
  const t = useT();
  const runName = useRunName();
  return (
    <RecordPage
      resource="runs"
      titleOf={runName}
      note={(run) => <RunBadge status={run.status} />}
      actions={(run) => (
        <Button asChild>
          <Link to="/models/runs/compare" search={{ run: [run.id] }}>
            <GitCompareArrows />
            {t("compare.action")}
          </Link>
        </Button>
      )}
    >
      {(run) => <Content run={run} />}
    </RecordPage>
  );
}

function Content({ run }: { run: RunDetail }) {
  const t = useT();
  const data = useData();
  const evaluation = useQuery({
    queryKey: keys.evaluation(run.id),
    queryFn: () => data.evaluation(run.id),
    enabled: run.has_evaluation,
  });
  const candidates = evaluation.data?.candidates ?? [];
  return (
    <>
      {run.error && (
        <p role="alert" className="flex gap-2.5 rounded-xl bg-bad-soft px-4 py-2.5 text-bad">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{t("runs.errorIs", { error: run.error })}</span>
        </p>
      )}
      <RunFigures run={run} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <MetricsCard run={run} evaluation={evaluation.data ?? null} />
          {candidates.length > 0 && <CandidatesCard candidates={candidates} />}
        </div>
        <SettingsCard run={run} />
      </div>
      <RunCurves run={run} />
      {run.n_trials > 0 && <TrialsCard run={run} />}
      {evaluation.data ? (
        <EvaluationCards evaluation={evaluation.data} />
      ) : evaluation.error ? (
        <ErrorState error={evaluation.error} onRetry={() => void evaluation.refetch()} />
      ) : run.has_evaluation ? (
        <div role="status" aria-label={t("common.loading")} className="p-2">
          <Skeleton className="w-1/3" />
        </div>
      ) : (
        run.status === "finished" &&
        run.n_trials === 0 && <p className="px-1 text-ink-2">{t("evaluation.none")}</p>
      )}
    </>
  );
}
