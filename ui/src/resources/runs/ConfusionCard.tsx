import type { Confusion } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { HeadCell, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { confusionRows, shadeOf } from "./confusionModel";

/** What was predicted against what was true: a table whose cells are the darker the more of a row they hold. */
export function ConfusionCard({ confusion }: { confusion: Confusion }) {
  const t = useT();
  const formats = useFormats();
  const { labels, threshold } = confusion;
  return (
    <Card className="min-w-0">
      <CardTitle
        id="confusion"
        action={
          threshold !== null && (
            <span className="numeric text-xs text-ink-3">
              {t("evaluation.threshold", { value: figureText(threshold, formats) })}
            </span>
          )
        }
      >
        {t("evaluation.confusion")}
      </CardTitle>
      <p className="px-4 pb-2 text-xs text-ink-2">{t("evaluation.confusionHint")}</p>
      <Table
        labelledBy="confusion"
        className="max-h-96 pb-1"
        head={
          <>
            <HeadCell>
              {t("evaluation.actual")} <span aria-hidden>↓</span> / {t("evaluation.predictedClass")}{" "}
              <span aria-hidden>→</span>
            </HeadCell>
            {labels.map((label) => (
              <HeadCell key={label} isFigure className="max-w-40 truncate text-ink" title={label}>
                {label}
              </HeadCell>
            ))}
            <HeadCell isFigure title={t("evaluation.recallHint")}>
              {t("evaluation.recall")}
            </HeadCell>
          </>
        }
      >
        {confusionRows(confusion).map(({ label, cells, recall }) => (
          <tr key={label}>
            <th
              scope="row"
              title={label}
              className="sticky left-0 max-w-40 truncate border-b bg-raised px-4 py-2 text-left font-medium"
            >
              {label}
            </th>
            {cells.map(({ n, share, isRight }, i) => (
              <td
                key={labels[i]}
                className={cn("numeric border-b border-l px-4 py-2 text-right", isRight && "font-semibold")}
                style={{
                  backgroundColor: `color-mix(in srgb, var(${isRight ? "--accent" : "--bad"}) ${shadeOf(share)}%, var(--raised))`,
                }}
              >
                {formats.number(n)}
                <span className="block text-2xs font-normal text-ink-2">
                  <span aria-hidden>{formats.percent(share, 1)}</span>
                  <span className="sr-only">
                    {t("evaluation.ofActual", { percent: formats.percent(share, 1), label })}
                  </span>
                </span>
              </td>
            ))}
            <td className="numeric border-b border-l px-4 py-2 text-right text-ink-2">
              {recall === null ? "—" : formats.percent(recall, 1)}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
