import type { RunEvaluation } from "@/api/types";
import { Badge, Card, CardTitle } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { useWords } from "@/resources/models/useWords";

/** What the model was chosen from, with the figures that decided. */
export function CandidatesCard({ candidates }: Pick<RunEvaluation, "candidates">) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const nameOf = (name: string) => {
    const [method = "", ...rest] = name.split(" ");
    return [words("method", method), ...rest].join(" ");
  };
  const names = [...new Set(candidates.flatMap(({ metrics }) => Object.keys(metrics)))];
  return (
    <Card className="min-w-0">
      <CardTitle id="candidates">{t("evaluation.candidates")}</CardTitle>
      <Table
        labelledBy="candidates"
        className="max-h-96 pb-1"
        head={
          <>
            <HeadCell>{t("evaluation.candidate")}</HeadCell>
            {names.map((name) => (
              <HeadCell key={name} isFigure>
                {words("metric", name)}
              </HeadCell>
            ))}
          </>
        }
      >
        {candidates.map(({ name, metrics, is_chosen }) => (
          <tr key={name} className={cn(is_chosen && "bg-selected")}>
            <th scope="row" className="border-b px-4 py-1.5 text-left font-medium">
              <span className="flex items-center gap-2">
                {nameOf(name)}
                {is_chosen && <Badge tone="accent">{t("evaluation.chosen")}</Badge>}
              </span>
            </th>
            {names.map((metric) => (
              <Cell key={metric} isFigure className="py-1.5">
                {figureText(metrics[metric], formats)}
              </Cell>
            ))}
          </tr>
        ))}
      </Table>
    </Card>
  );
}
