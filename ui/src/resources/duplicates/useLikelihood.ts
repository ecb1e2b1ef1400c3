import type { MatchPair } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { bandOf, digitsOf, likelihoodOf } from "./waterfall";

/**
 * A probability in words, as a share, and as how often such a guess is wrong. Of a pair that a reader sees only
 * in part it is told roughly, and looks so.
 */
export function useLikelihood() {
  const t = useT();
  const formats = useFormats();
  return ({ probability, is_partial }: Pick<MatchPair, "probability" | "is_partial">) => {
    const words = t(`duplicates.likelihood.${likelihoodOf(probability)}`);
    if (is_partial) {
      const [band, edge] = bandOf(probability);
      const percent = t(`duplicates.band.${band}`, { percent: formats.percent(edge) });
      return { words, percent, wrong: t("duplicates.isRough") };
    }
    // Never rounded up to what would be certain.
    const percent = formats.percent(Math.floor(probability * 1e4) / 1e4, digitsOf(probability));
    return { words, percent, wrong: wrongOf(probability) };
  };

  function wrongOf(probability: number): string {
    const isOne = probability >= 0.5;
    const wrong = 1000 * (isOne ? 1 - probability : probability);
    if (wrong < 1) return t(isOne ? "duplicates.fewWrongOne" : "duplicates.fewWrongTwo");
    const count = Math.round(wrong);
    const text = formats.number(wrong, { maximumSignificantDigits: 1 });
    return t(isOne ? "duplicates.wrongOne" : "duplicates.wrongTwo", { count, text });
  }
}
