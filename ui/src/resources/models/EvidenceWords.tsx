import type { Evidence } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { sidesOf } from "./evidenceModel";
import { figuresApart, figureText } from "./figures";
import { useWords } from "./useWords";

/** What the comparison says, in sentences with all figures. */
export function EvidenceWords({ evidence }: { evidence: Evidence }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const sides = sidesOf(evidence);
  const texts = figuresApart(
    sides.map(({ value }) => value),
    formats,
  );
  const name = words("method", evidence.baseline.name);
  const range = ({ lower, upper }: { lower: number; upper: number }) => ({
    lower: figureText(lower, formats),
    upper: figureText(upper, formats),
  });
  const { n_rows, champion, saved_against_champion: champ, saved_against_baseline: base } = evidence;
  const verdicts = sides.flatMap(({ who, verdict }, i) => {
    if (who === "candidate" || verdict === null) return [];
    const said = { value: texts[i], version: champion?.version ?? "", name };
    return [t(`models.evidence.${who}_${verdict}`, said)];
  });
  const sentences = [
    t("models.evidence.words", {
      metric: words("metric", evidence.metric),
      value: texts[0],
      count: n_rows,
      text: formats.number(n_rows),
    }),
    ...(champion === null ? [t("models.evidence.noChampion")] : []),
    ...verdicts,
    ...(champ ? [t("models.evidence.savedChampion", range(champ))] : []),
    ...(base ? [t("models.evidence.savedBaseline", range(base))] : []),
  ];
  return (
    <div className="grid gap-1 text-ink-2">
      {/* Chinese sentences stand close together. */}
      <p>{sentences.join(formats.language === "zh" ? "" : " ")}</p>
      <p className="text-xs text-ink-3">
        {t("models.evidence.measured", { date: formats.dateTime(evidence.measured_at) })}
      </p>
    </div>
  );
}
