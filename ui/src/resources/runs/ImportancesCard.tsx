import { useState } from "react";

import type { RunEvaluation } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { barsOf } from "@/resources/models/evidenceModel";
import { figureText } from "@/resources/models/figures";

const N_AT_FIRST = 10;

/** Which features a model looks at, the strongest first. */
export function ImportancesCard({ importances }: Pick<RunEvaluation, "importances">) {
  const t = useT();
  const formats = useFormats();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? importances : importances.slice(0, N_AT_FIRST);
  const bars = barsOf(importances.map(({ importance }) => importance));
  const n = importances.length;
  return (
    <Card className="min-w-0">
      <CardTitle id="importances">{t("evaluation.importances")}</CardTitle>
      <ul aria-labelledby="importances" className="grid gap-1 px-4 pt-1 pb-3">
        {shown.map(({ feature, importance }, i) => (
          <li
            key={feature}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_4rem] items-center gap-3 text-xs"
          >
            <span className="truncate" title={feature}>
              {feature}
            </span>
            <span className="relative h-2 rounded-full bg-track" aria-hidden>
              <span
                className="absolute inset-y-0 rounded-full bg-accent"
                style={{
                  left: `${(bars[i]?.from ?? 0) * 100}%`,
                  width: `${((bars[i]?.to ?? 0) - (bars[i]?.from ?? 0)) * 100}%`,
                }}
              />
            </span>
            <span className="numeric text-right text-ink-2">{figureText(importance, formats, 3)}</span>
          </li>
        ))}
      </ul>
      {n > N_AT_FIRST && (
        <div className="px-4 pb-3">
          <Button size="sm" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
            {isAll
              ? t("evaluation.showFewer")
              : t("evaluation.showAll", { count: n, text: formats.number(n) })}
          </Button>
        </div>
      )}
    </Card>
  );
}
