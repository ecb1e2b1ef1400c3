import { ArrowDown, ArrowUp } from "lucide-react";

import type { RunSummary } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { verdictOf } from "@/resources/models/evidenceModel";
import { figuresApart } from "@/resources/models/figures";

/** The figure that counts, with a sign whether it beats the baseline. */
export function Headline({ headline }: { headline: RunSummary["headline"] }) {
  const t = useT();
  const formats = useFormats();
  if (headline === null || headline.value === null) return <span className="text-ink-3">—</span>;
  const { value, baseline, higher_is_better } = headline;
  const [text, beside] = figuresApart([value, baseline], formats);
  const verdict = verdictOf(value, baseline, higher_is_better);
  const isBetter = verdict === "better";
  const said = t(isBetter ? "runs.aboveBaseline" : "runs.belowBaseline", { value: beside });
  return (
    <span className="inline-flex items-center gap-1 font-medium" title={verdict === "unknown" ? "" : said}>
      {text}
      {verdict === "unknown" ? (
        <span className="size-3.5" />
      ) : (
        <>
          {isBetter === higher_is_better ? (
            <ArrowUp className={isBetter ? "size-3.5 text-good" : "size-3.5 text-bad"} aria-hidden />
          ) : (
            <ArrowDown className={isBetter ? "size-3.5 text-good" : "size-3.5 text-bad"} aria-hidden />
          )}
          <span className="sr-only">{said}</span>
        </>
      )}
    </span>
  );
}
