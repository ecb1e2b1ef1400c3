import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

import type { TrialRow } from "@/api/dataProvider";
import { nextSort, sortDirection } from "@/components/admin/listState";
import { Badge } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { Sparkline } from "./Sparkline";
import { bestTrial } from "./trialModel";
import { TRIED_DIGITS, useParamText } from "./useParamText";

const TONES = { running: "accent", finished: "plain", stopped: "warn", failed: "bad" } as const;

interface TrialTableProps {
  trials: TrialRow[];
  isHigherBetter: boolean;
  params: string[];
  sort: string;
  onSort: (sort: string) => void;
}

/** Every trial with its settings, its value and what it told on the way. */
export function TrialTable({ trials, isHigherBetter, params, sort, onSort }: TrialTableProps) {
  const t = useT();
  const formats = useFormats();
  const paramText = useParamText(TRIED_DIGITS);
  const best = bestTrial(trials, isHigherBetter);
  const head = (field: string, label: string, isFigure = true) => (
    <SortHead isFigure={isFigure} field={field} sort={sort} onSort={onSort}>
      {label}
    </SortHead>
  );
  return (
    <Table
      labelledBy="trials"
      className="max-h-96 border-t"
      tableClassName="min-w-max"
      head={
        <>
          {head("number", t("trials.number"))}
          {head("status", t("trials.status"), false)}
          {head("value", t("trials.value"))}
          {params.map((name) => (
            <HeadCell key={name} isFigure>
              {name}
            </HeadCell>
          ))}
          <HeadCell>{t("trials.reports")}</HeadCell>
          {head("cost", t("trials.cost"))}
        </>
      }
    >
      {trials.map((trial) => (
        <tr key={trial.id} className={cn(trial === best && "bg-selected")}>
          <th scope="row" className="numeric border-b px-4 py-1.5 text-right font-normal">
            {formats.number(trial.number)}
          </th>
          <Cell className="py-1.5">
            <span className="flex items-center gap-1.5" title={trial.error ?? ""}>
              <Badge tone={TONES[trial.status]}>{t(`trials.is.${trial.status}`)}</Badge>
              {trial === best && <Badge tone="good">{t("trials.best")}</Badge>}
            </span>
            {trial.error && <span className="block max-w-56 truncate text-xs text-bad">{trial.error}</span>}
          </Cell>
          <Cell isFigure className="py-1.5 font-medium">
            {figureText(trial.value, formats)}
          </Cell>
          {params.map((name) => (
            <Cell key={name} isFigure className="max-w-40 truncate py-1.5">
              {paramText(name, trial.params[name])}
            </Cell>
          ))}
          <Cell className="py-1.5">
            <Sparkline
              values={trial.reports.map(({ value }) => value)}
              label={t("trials.reportsLabel", {
                count: trial.reports.length,
                text: formats.number(trial.reports.length),
                value: figureText(trial.reports.at(-1)?.value, formats),
              })}
            />
          </Cell>
          <Cell isFigure className="py-1.5 text-ink-2">
            {figureText(trial.cost, formats, 3)}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

interface SortHeadProps {
  field: string;
  sort: string;
  onSort: (sort: string) => void;
  isFigure: boolean;
  children: ReactNode;
}

function SortHead({ field, sort, onSort, isFigure, children }: SortHeadProps) {
  const direction = sortDirection(sort, field);
  return (
    <HeadCell isFigure={isFigure} aria-sort={direction}>
      <button
        type="button"
        className="inline-flex items-center gap-1 rounded hover:text-ink"
        onClick={() => onSort(nextSort(sort, field) ?? "number")}
      >
        {children}
        {direction === "ascending" && <ArrowUp className="size-3" aria-hidden />}
        {direction === "descending" && <ArrowDown className="size-3" aria-hidden />}
      </button>
    </HeadCell>
  );
}
