import type { MatchRun } from "@/api/types";
import { Dialog } from "@/components/ui/Dialog";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";

const COLUMNS = ["records", "candidates", "pairs", "certain", "merged"] as const;

/** The latest searches and what each of them found. */
export default function RunsDialog({ runs, onClose }: { runs: MatchRun[]; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  const figuresOf = (run: MatchRun): Record<(typeof COLUMNS)[number], string> => ({
    records: formats.number(run.n_records),
    candidates: formats.number(run.n_candidates),
    pairs: formats.number(run.n_pairs),
    certain: formats.number(run.n_certain),
    merged: formats.number(run.n_merged),
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("duplicates.runs")} className="max-w-3xl">
      <Table
        caption={t("duplicates.runs")}
        tableClassName="min-w-2xl"
        head={
          <>
            <HeadCell>{t("duplicates.run.when")}</HeadCell>
            {COLUMNS.map((column) => (
              <HeadCell key={column} isFigure>
                {t(`duplicates.run.${column}`)}
              </HeadCell>
            ))}
          </>
        }
      >
        {runs.map((run) => {
          const figures = figuresOf(run);
          return (
            <tr key={run.id}>
              <RowHead className="font-normal">
                {formats.dateTime(run.started_at)}
                <span className="block text-xs text-ink-3">
                  {run.finished_at === null ? t("duplicates.run.underWay") : run.model_version}
                </span>
              </RowHead>
              {COLUMNS.map((column) => (
                <Cell key={column} isFigure>
                  {run.finished_at === null && column !== "records" ? "—" : figures[column]}
                </Cell>
              ))}
            </tr>
          );
        })}
      </Table>
    </Dialog>
  );
}
