import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { DryRunRow, Import, RowChange, Verdict } from "@/api/types";
import { LinesTable } from "@/components/admin/LinesTable";
import { currencyOf } from "@/components/admin/storedValue";
import { useFieldName } from "@/components/admin/useFieldName";
import { useLines } from "@/components/admin/usePages";
import { useStoredText } from "@/components/admin/useStoredText";
import { Badge, Card, CardTitle, ProgressBar, Skeleton } from "@/components/ui/bits";
import { Figures } from "@/components/ui/Figures";
import { Segmented } from "@/components/ui/Segmented";
import { ErrorState } from "@/components/ui/StateView";
import { Cell, HeadCell } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { currencyOfFile } from "./mappingModel";

const VERDICTS = ["created", "changed", "unchanged", "rejected"] as const;

const TONES = { created: "good", changed: "accent", unchanged: "plain", rejected: "bad" } as const;

/** How often the totals of a dry run that is under way are read, in milliseconds. */
const LOOK_EVERY = 1_000;

/** What the rows of a file would do: totals, then row by row. */
export default function DryRunCard({ one }: { one: Import }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const [only, setOnly] = useState<Verdict | "all">("all");
  const run = useQuery({
    queryKey: ["dry-run", one.id, one.dry_run_job_id],
    queryFn: () => data.dryRun(one.id),
    refetchInterval: ({ state }) => (isGoing(state.data?.status) ? LOOK_EVERY : false),
  });
  if (run.isPending) return <Skeleton className="h-40" />;
  if (run.error) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />;
  const { status, error, is_whole } = run.data;
  const counts = {
    created: run.data.n_created,
    changed: run.data.n_changed,
    unchanged: run.data.n_unchanged,
    rejected: run.data.n_rejected,
  };
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return (
    <>
      <Figures
        figures={VERDICTS.map((verdict) => ({
          label: t(`dryRun.of.${verdict}`),
          value: formats.number(counts[verdict]),
        }))}
      />
      <Card>
        <CardTitle
          id="dry-run"
          action={
            <Segmented
              label={t("dryRun.show")}
              value={only}
              options={(["all", ...VERDICTS] as const).map((value) => ({
                value,
                label: value === "all" ? t("dryRun.all") : t(`dryRun.of.${value}`),
              }))}
              onChange={setOnly}
            />
          }
        >
          {t("dryRun.title")}
        </CardTitle>
        <p className="px-4 pb-2 text-ink-2">{t("dryRun.hint")}</p>
        {!isGoing(status) && is_whole !== true && (
          <p className="px-4 pb-2 text-warn">
            {status === "cancelled" && `${t("dryRun.cancelled")} `}
            {t(is_whole === false ? "dryRun.part" : "dryRun.stopped", { n: formats.number(total) })}
          </p>
        )}
        {isGoing(status) && <ProgressBar share={null} label={t("dryRun.going")} />}
        {error && (
          <p role="alert" className="px-4 pb-2 text-bad">
            {t("dryRun.failed", { error })}
          </p>
        )}
        <Rows one={one} only={only} key={status} />
      </Card>
    </>
  );
}

const isGoing = (status: string | undefined) => status === "queued" || status === "running";

function Rows({ one, only }: { one: Import; only: Verdict | "all" }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const lines = useLines<DryRunRow>(
    ["dry-run-rows", one.id, one.dry_run_job_id, only],
    (request) => data.dryRunRows(one.id, only === "all" ? null : only, request),
    50,
    // While a dry run is under way there are more rows with every look.
    { refetchOnMount: "always" },
  );
  return (
    <LinesTable
      lines={lines}
      empty={t("dryRun.none")}
      labelledBy="dry-run"
      head={
        <>
          <HeadCell isFigure className="w-20">
            {t("dryRun.line")}
          </HeadCell>
          <HeadCell>{t("dryRun.verdict")}</HeadCell>
          <HeadCell>{t("dryRun.record")}</HeadCell>
          <HeadCell>{t("dryRun.changes")}</HeadCell>
        </>
      }
    >
      {(row) => <Row key={row.line} row={row} currency={currencyOfFile(one, formats.currency)} />}
    </LinesTable>
  );
}

function Row({ row, currency: ofFile }: { row: DryRunRow; currency: string | null }) {
  const t = useT();
  const formats = useFormats();
  const fieldName = useFieldName();
  const storedText = useStoredText();
  const currency = currencyOf(row.changes, ofFile);
  const changeText = ({ field, before, after }: RowChange) =>
    `${fieldName(field)}: ${storedText(field, before, currency)} → ${storedText(field, after, currency)}`;
  return (
    <tr>
      <Cell isFigure className="text-ink-2">
        {formats.number(row.line)}
      </Cell>
      <Cell>
        <Badge tone={TONES[row.verdict]}>{t(`dryRun.of.${row.verdict}`)}</Badge>
      </Cell>
      <Cell className="max-w-56 truncate">{row.name || "—"}</Cell>
      <Cell className="text-ink-2">
        {row.message ?? (row.changes.length > 0 ? row.changes.map(changeText).join("; ") : "—")}
      </Cell>
    </tr>
  );
}
