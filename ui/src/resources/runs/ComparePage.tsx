import { Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";

import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { BackLink } from "@/layout/BackLink";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { ComparedCurves } from "./ComparedCurves";
import { ComparedRuns } from "./ComparedRuns";
import { DifferenceTable } from "./DifferenceTable";
import { useComparison, useRuns } from "./useComparison";

/** Several runs side by side: their curves, their settings, their figures. */
export function ComparePage() {
  const t = useT();
  const formats = useFormats();
  const [comparison, change] = useComparison();
  const ids = comparison.run ?? [];
  const { data: runs, error, isPending, refetch } = useRuns(ids);
  const n = ids.length;
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)]">
      <PageHeader
        title={t("compare.title")}
        before={<BackLink resource="runs" label={t("nav.runs")} />}
        note={n > 0 && t("list.count", { count: n, text: formats.number(n) })}
      />
      <ComparedRuns ids={ids} runs={runs ?? []} onChange={(run) => change({ ...comparison, run })} />
      <PageBody>
        {n === 0 ? (
          <EmptyState
            icon={<GitCompareArrows />}
            title={t("compare.empty")}
            text={t("compare.emptyHint")}
            action={<ToRuns />}
          />
        ) : runs ? (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 p-4">
            <ComparedCurves runs={runs} comparison={comparison} onChange={change} />
            <DifferenceTable
              runs={runs}
              isNarrowed={comparison.differ === "1"}
              onNarrowed={(isOn) => {
                const { differ: _, ...rest } = comparison;
                change(isOn ? { ...rest, differ: "1" } : rest);
              }}
            />
          </div>
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} action={<ToRuns />} />
        ) : (
          isPending && (
            <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
              <Skeleton className="w-1/3" />
              <Skeleton className="w-2/3" />
            </div>
          )
        )}
      </PageBody>
    </div>
  );
}

function ToRuns() {
  const t = useT();
  return (
    <Button asChild>
      <Link to="/models/runs">{t("compare.toRuns")}</Link>
    </Button>
  );
}
