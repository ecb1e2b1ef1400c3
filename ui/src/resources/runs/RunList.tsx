import { Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { useMemo } from "react";

import type { RunSummary } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import type { Filter } from "@/components/admin/filters";
import { ListPage } from "@/components/admin/ListPage";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { ModelsNav } from "@/resources/models/ModelsNav";
import { StageBadge } from "@/resources/models/StageBadge";
import { useWords } from "@/resources/models/useWords";
import { useReferenceFilters } from "@/resources/pickers/useReferenceFilters";
import { MAX_RUNS } from "./comparison";
import { Headline } from "./Headline";
import { RunBadge } from "./RunBadge";
import { useRunName } from "./useRunName";

const STATUSES = ["running", "finished", "failed", "cancelled"] as const;

/** Every training there was, to be found, ordered and set side by side. */
export function RunList() {
  const t = useT();
  const runName = useRunName();
  return (
    <ListPage
      resource="runs"
      title={t("nav.runs")}
      searchLabel={t("runs.search")}
      columns={useRunColumns()}
      filters={useRunFilters()}
      defaultSort="-started_at"
      href={(run) => `/models/runs/${run.id}`}
      nameOf={runName}
      actions={<ModelsNav />}
      empty={<EmptyState title={t("runs.empty")} text={t("runs.emptyHint")} />}
      selectionActions={(runs) => <CompareLink runs={runs} />}
    />
  );
}

function CompareLink({ runs }: { runs: RunSummary[] }) {
  const t = useT();
  if (runs.length > MAX_RUNS) {
    return <span className="text-ink-2">{t("compare.tooMany", { count: MAX_RUNS })}</span>;
  }
  if (runs.length < 2) return <span className="text-ink-2">{t("compare.tooFew")}</span>;
  return (
    <Button asChild variant="primary">
      <Link to="/models/runs/compare" search={{ run: runs.map(({ id }) => id) }}>
        <GitCompareArrows />
        {t("compare.actionOf", { count: runs.length })}
      </Link>
    </Button>
  );
}

function useRunFilters(): Filter[] {
  const t = useT();
  const parents = useReferenceFilters({ parent_id: { resource: "runs", label: t("runs.search_of") } });
  return [
    {
      field: "status",
      label: t("runs.status"),
      kind: "choice",
      operators: ["eq", "ne"],
      options: STATUSES.map((value) => ({ value, label: t(`runs.is.${value}`) })),
    },
    { field: "task", label: t("runs.task"), kind: "text", operators: ["eq", "contains"] },
    { field: "model", label: t("runs.model"), kind: "text", operators: ["eq", "contains"] },
    { field: "tags", label: t("runs.tags"), kind: "tags" },
    { field: "headline", label: t("runs.result"), kind: "number" },
    { field: "headline_metric", label: t("runs.metric"), kind: "text", operators: ["eq", "contains"] },
    { field: "started_at", label: t("runs.startedAt"), kind: "date", operators: ["gte", "lt"] },
    { field: "seconds", label: t("runs.duration"), kind: "number" },
    { field: "seed", label: t("runs.seed"), kind: "number" },
    ...parents,
  ];
}

function useRunColumns(): Column<RunSummary>[] {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const runName = useRunName();
  return useMemo<Column<RunSummary>[]>(
    () => [
      {
        id: "name",
        header: t("runs.name"),
        width: "minmax(10rem, 1.6fr)",
        isPinned: true,
        isSortable: true,
        cell: (run) => <span className="block truncate">{runName(run)}</span>,
      },
      {
        id: "status",
        header: t("runs.status"),
        width: "7rem",
        isSortable: true,
        isOnPhone: true,
        cell: (run) => <RunBadge status={run.status} />,
      },
      {
        id: "task",
        header: t("runs.task"),
        width: "7rem",
        isSortable: true,
        cell: (run) => <span className="text-ink-2">{words("kind", run.task)}</span>,
      },
      {
        id: "model",
        header: t("runs.model"),
        width: "minmax(8rem, 0.6fr)",
        isSortable: true,
        cell: (run) => <span className="text-ink-2">{words("method", run.model)}</span>,
      },
      {
        id: "headline_metric",
        header: t("runs.metric"),
        width: "7rem",
        isSortable: true,
        cell: (run) => (
          <span className="text-ink-2">{run.headline && words("metric", run.headline.metric)}</span>
        ),
      },
      {
        id: "headline",
        header: t("runs.result"),
        width: "7rem",
        align: "right",
        isSortable: true,
        isOnPhone: true,
        cell: (run) => <Headline headline={run.headline} />,
      },
      {
        id: "version",
        header: t("runs.version"),
        width: "7.5rem",
        cell: (run) =>
          run.model_version && (
            <span className="flex items-center gap-1.5">
              <span className="numeric">{formats.number(run.model_version.version)}</span>
              <StageBadge stage={run.model_version.stage} />
            </span>
          ),
      },
      {
        id: "seconds",
        header: t("runs.duration"),
        width: "6.5rem",
        align: "right",
        isSortable: true,
        cell: (run) => run.seconds !== null && formats.duration(run.seconds),
      },
      {
        id: "started_at",
        header: t("runs.startedAt"),
        width: "11rem",
        isSortable: true,
        cell: (run) => <span className="text-ink-2">{formats.dateTime(run.started_at)}</span>,
      },
      {
        id: "tags",
        header: t("runs.tags"),
        width: "minmax(8rem, 0.6fr)",
        isHiddenAtFirst: true,
        cell: (run) => <span className="text-ink-2">{run.tags.join(", ")}</span>,
      },
      {
        id: "n_trials",
        header: t("runs.trials"),
        width: "6rem",
        align: "right",
        isHiddenAtFirst: true,
        cell: (run) => run.n_trials > 0 && formats.number(run.n_trials),
      },
      {
        id: "seed",
        header: t("runs.seed"),
        width: "6rem",
        align: "right",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (run) => run.seed !== null && String(run.seed),
      },
    ],
    [t, formats, words, runName],
  );
}
