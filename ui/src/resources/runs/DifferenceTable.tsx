import { Link } from "@tanstack/react-router";

import type { RunDetail } from "@/api/types";
import { SeriesMark } from "@/components/charts/SeriesMark";
import { Card, CardTitle } from "@/components/ui/bits";
import { Chip } from "@/components/ui/Chip";
import { cn } from "@/components/ui/cn";
import { Cell, HeadCell, RowGroup, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { figuresApart } from "@/resources/models/figures";
import { useWords } from "@/resources/models/useWords";
import { metricsBeside, paramsBeside } from "./differences";
import { RunBadge } from "./RunBadge";
import { useParamName } from "./useParamName";
import { useParamText } from "./useParamText";
import { useRunName } from "./useRunName";

interface Row {
  name: string;
  texts: string[];
  isDifferent: boolean;
  best: number[];
}

interface DifferenceTableProps {
  runs: RunDetail[];
  /** Whether only rows are shown in which the runs differ. */
  isNarrowed: boolean;
  onNarrowed: (isNarrowed: boolean) => void;
}

/** Settings and figures of several runs, a column each; where all agree the row is pale. */
export function DifferenceTable({ runs, isNarrowed, onNarrowed }: DifferenceTableProps) {
  const t = useT();
  const runName = useRunName();
  const groups = useGroups(runs);
  return (
    <Card className="min-w-0">
      <CardTitle
        id="differences"
        action={
          <Chip isOn={isNarrowed} onClick={() => onNarrowed(!isNarrowed)}>
            {t("compare.differ")}
          </Chip>
        }
      >
        {t("compare.table")}
      </CardTitle>
      <Table
        labelledBy="differences"
        isGrouped
        className="mt-1"
        tableClassName="min-w-max"
        head={
          <>
            <HeadCell className="left-0 z-10 min-w-40">{t("compare.property")}</HeadCell>
            {runs.map((run, look) => (
              <HeadCell key={run.id} className="max-w-56 min-w-36">
                <Link
                  to="/models/runs/$id"
                  params={{ id: run.id }}
                  className="flex items-center gap-2 text-ink hover:underline"
                >
                  <SeriesMark look={look} />
                  <span className="truncate">{runName(run)}</span>
                </Link>
                <span className="mt-1 block">
                  <RunBadge status={run.status} />
                </span>
              </HeadCell>
            ))}
          </>
        }
      >
        {groups.map(({ title, rows }) => {
          const shown = isNarrowed ? rows.filter(({ isDifferent }) => isDifferent) : rows;
          return (
            <RowGroup key={title}>
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={runs.length + 1}
                  className="border-b bg-sunken px-4 py-1.5 text-left text-xs font-medium text-ink-2"
                >
                  <span className="sticky left-4">{title}</span>
                </th>
              </tr>
              {shown.map((row) => (
                <PropertyRow key={row.name} row={row} runs={runs} />
              ))}
              {shown.length === 0 && (
                <tr>
                  <Cell colSpan={runs.length + 1} className="text-ink-2">
                    {t("compare.allSame")}
                  </Cell>
                </tr>
              )}
            </RowGroup>
          );
        })}
      </Table>
    </Card>
  );
}

function PropertyRow({ row, runs }: { row: Row; runs: RunDetail[] }) {
  const t = useT();
  return (
    <tr>
      <th
        scope="row"
        className={cn(
          "sticky left-0 border-b bg-raised px-4 py-1.5 text-left",
          row.isDifferent ? "font-medium" : "font-normal text-ink-3",
        )}
      >
        {row.name}
      </th>
      {runs.map((run, i) => (
        <Cell
          key={run.id}
          title={row.texts[i]}
          className={cn("numeric max-w-56 truncate py-1.5", !row.isDifferent && "text-ink-3")}
        >
          <span className={cn(row.best.includes(i) && "font-semibold text-good")}>
            {row.texts[i]}
            {row.best.includes(i) && <span className="text-2xs font-medium"> {t("compare.best")}</span>}
          </span>
        </Cell>
      ))}
    </tr>
  );
}

function useGroups(runs: RunDetail[]): { title: string; rows: Row[] }[] {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const paramName = useParamName();
  const paramText = useParamText();
  const row = (name: string, read: (run: RunDetail) => string | null): Row => {
    const texts = runs.map((run) => read(run) ?? "—");
    return { name, texts, isDifferent: new Set(texts).size > 1, best: [] };
  };
  return [
    {
      title: t("compare.general"),
      rows: [
        row(t("runs.task"), ({ task }) => words("kind", task)),
        row(t("runs.model"), ({ model }) => words("method", model)),
        row(t("runs.seed"), ({ seed }) => (seed === null ? null : String(seed))),
        row(t("runs.nRows"), ({ data }) => data && formats.number(data.n_rows)),
        row(t("runs.fingerprint"), ({ data }) => data && data.fingerprint.slice(0, 12)),
        row(t("runs.code"), ({ code_version }) => code_version),
        row(t("runs.duration"), ({ seconds }) => (seconds === null ? null : formats.duration(seconds))),
        row(t("runs.startedAt"), ({ started_at }) => formats.dateTime(started_at)),
      ],
    },
    {
      title: t("runs.params"),
      rows: paramsBeside(runs).map(({ name, values, isDifferent }) => ({
        name: paramName(name),
        texts: values.map((value) => paramText(name, value)),
        isDifferent,
        best: [],
      })),
    },
    {
      title: t("runs.metrics"),
      rows: metricsBeside(runs).map(({ name, values, isDifferent, best }) => ({
        name: words("metric", name),
        texts: figuresApart(values, formats),
        isDifferent,
        best,
      })),
    },
  ];
}
