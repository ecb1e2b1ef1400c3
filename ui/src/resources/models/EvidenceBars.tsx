import type { Evidence } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { barsOf, sidesOf, type Side } from "./evidenceModel";
import { figuresApart } from "./figures";
import { useWords } from "./useWords";

const COLORS: Record<Side["who"], string> = {
  candidate: "bg-accent",
  champion: "bg-good",
  baseline: "bg-control",
};

interface EvidenceBarsProps {
  evidence: Evidence;
  /** The version that was compared. */
  version: number;
}

/** The version, the champion of its time and the baseline on the same rows, as bars on one scale. */
export function EvidenceBars({ evidence, version }: EvidenceBarsProps) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const sides = sidesOf(evidence);
  const values = sides.map(({ value }) => value);
  const [texts, bars] = [figuresApart(values, formats), barsOf(values)];
  const metric = words("metric", evidence.metric);
  const nameOf = (who: Side["who"]) => {
    if (who === "candidate") return t("models.evidence.candidate", { version });
    if (who === "champion")
      return t("models.evidence.champion", { version: evidence.champion?.version ?? "" });
    return t("models.evidence.baseline", { name: words("method", evidence.baseline.name) });
  };
  return (
    <figure className="grid gap-1.5">
      <figcaption className="flex justify-between gap-3 text-xs text-ink-3">
        <span className="truncate">{metric}</span>
        <span className="shrink-0">
          {t(evidence.higher_is_better ? "models.evidence.higher" : "models.evidence.lower")}
        </span>
      </figcaption>
      <ul aria-label={t("models.evidence.label", { metric })} className="grid gap-1">
        {sides.map(({ who }, i) => {
          const { from, to } = bars[i] ?? { from: 0, to: 0 };
          return (
            <li
              key={who}
              className="grid grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)_3.75rem] items-center gap-2 text-xs"
            >
              <span className={cn("truncate", who === "candidate" ? "font-medium" : "text-ink-2")}>
                {nameOf(who)}
              </span>
              <span className="relative h-3 rounded-sm bg-sunken" aria-hidden>
                <span
                  className={cn("absolute inset-y-0 rounded-sm", COLORS[who])}
                  style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
                />
              </span>
              <span className={cn("numeric text-right", who === "candidate" && "font-semibold")}>
                {texts[i]}
              </span>
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
