import type { RunDetail, RunEvaluation } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { figuresApart, figureText } from "@/resources/models/figures";
import { useWords } from "@/resources/models/useWords";
import { metricRows } from "./metricRows";

interface MetricsCardProps {
  run: RunDetail;
  evaluation: RunEvaluation | null;
}

/** What the run reached, beside the baseline. */
export function MetricsCard({ run, evaluation }: MetricsCardProps) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const rows = metricRows(run, evaluation);
  const name = evaluation?.baseline?.name;
  return (
    <Card className="min-w-0">
      <CardTitle
        id="metrics"
        action={
          evaluation && (
            <span className="text-xs text-ink-3">
              {t("evaluation.nRows", { count: evaluation.n_rows, text: formats.number(evaluation.n_rows) })}
            </span>
          )
        }
      >
        {t("runs.metrics")}
      </CardTitle>
      {rows.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("runs.noMetrics")}</p>
      ) : (
        <Table
          labelledBy="metrics"
          className="pb-1"
          head={
            <>
              <HeadCell>{t("runs.metric")}</HeadCell>
              <HeadCell isFigure>{t("runs.ours")}</HeadCell>
              <HeadCell isFigure>
                {name ? t("runs.baselineOf", { name: words("method", name) }) : t("runs.baseline")}
              </HeadCell>
              <HeadCell isFigure>{t("runs.difference")}</HeadCell>
            </>
          }
        >
          {rows.map(({ name, value, baseline, difference }) => {
            const [ours, theirs] = figuresApart([value, baseline], formats);
            return (
              <tr key={name}>
                <RowHead className="py-1.5">{words("metric", name)}</RowHead>
                <Cell isFigure className="py-1.5 font-medium">
                  {ours}
                </Cell>
                <Cell isFigure className="py-1.5 text-ink-2">
                  {theirs}
                </Cell>
                <Cell isFigure className="py-1.5 text-ink-2">
                  {difference !== null && difference > 0 && "+"}
                  {figureText(difference, formats)}
                </Cell>
              </tr>
            );
          })}
        </Table>
      )}
    </Card>
  );
}
