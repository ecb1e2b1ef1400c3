import { lazy, Suspense, useState, type ReactNode } from "react";

import { ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import type { MatchAcceptanceSummary } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { JobProgress } from "@/layout/JobProgress";
import { useMay } from "@/resources/session/useSession";
import { useMatchingSettings } from "./useMatchingSettings";
import type { Runs } from "./useRuns";

const AcceptancesDialog = lazy(() => import("./AcceptancesDialog"));
const RunsDialog = lazy(() => import("./RunsDialog"));
const SettingsDialog = lazy(() => import("./SettingsDialog"));

interface RunStripProps {
  runs: Runs;
  acceptances: MatchAcceptanceSummary[];
}

/**
 * What the last search did, or how far the present one is; the way to what was merged at once; and whether
 * certain pairs merge by themselves.
 */
export function RunStrip({ runs, acceptances }: RunStripProps) {
  const t = useT();
  const formats = useFormats();
  const mayManage = useMay("manage_settings");
  const settings = useMatchingSettings();
  const [open, setOpen] = useState<"runs" | "acceptances" | "settings" | null>(null);
  const { last, job } = runs;
  if (!last && !runs.isUnderWay && !mayManage && acceptances.length === 0) return null;
  const n = (value: number) => formats.number(value);
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-b bg-sunken px-4 py-1 text-xs text-ink-2">
      {runs.isUnderWay ? (
        <div className="w-full max-w-72 py-1">
          {job ? (
            <JobProgress job={job} hasCount />
          ) : (
            <>
              <p className="mb-1.5">{t("duplicates.looking")}</p>
              <ProgressBar share={null} label={t("duplicates.looking")} />
            </>
          )}
        </div>
      ) : (
        last && (
          <>
            <Button variant="ghost" size="sm" className="-ml-2" onClick={() => setOpen("runs")}>
              {t("duplicates.lastLook", {
                ago: formats.ago(last.finished_at ?? last.started_at, Date.now()),
              })}
            </Button>
            <dl className="flex flex-wrap gap-x-4 phone:hidden">
              <Figure label={t("duplicates.run.records")}>{n(last.n_records)}</Figure>
              <Figure label={t("duplicates.run.candidates")}>{n(last.n_candidates)}</Figure>
              <Figure label={t("duplicates.run.pairs")}>{n(last.n_pairs)}</Figure>
              <Figure
                label={t("duplicates.run.certain")}
                title={t("duplicates.run.certainHint", { percent: formats.percent(last.threshold, 1) })}
              >
                {n(last.n_certain)}
              </Figure>
              {last.n_merged > 0 && <Figure label={t("duplicates.run.merged")}>{n(last.n_merged)}</Figure>}
            </dl>
          </>
        )
      )}
      {acceptances.length > 0 && (
        <Button variant="ghost" size="sm" onClick={() => setOpen("acceptances")}>
          {t("duplicates.acceptances")}
        </Button>
      )}
      {settings && (
        <span className="ml-auto">
          {mayManage ? (
            <Button variant="ghost" size="sm" className="-mr-2" onClick={() => setOpen("settings")}>
              {t(settings.is_automatic ? "duplicates.settingsOn" : "duplicates.settingsOff")}
            </Button>
          ) : (
            t(settings.is_automatic ? "duplicates.settingsOn" : "duplicates.settingsOff")
          )}
        </span>
      )}
      <Suspense>
        {open === "runs" && <RunsDialog runs={runs.all} onClose={() => setOpen(null)} />}
        {open === "acceptances" && (
          <AcceptancesDialog acceptances={acceptances} onClose={() => setOpen(null)} />
        )}
        {open === "settings" && settings && (
          <SettingsDialog settings={settings} onClose={() => setOpen(null)} />
        )}
      </Suspense>
    </div>
  );
}

function Figure({ label, title, children }: { label: string; title?: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5" title={title}>
      <dt>{label}</dt>
      <dd className="numeric font-medium text-ink">{children}</dd>
    </div>
  );
}
