import { useFormats, useT } from "@/i18n";
import { digitsOf, likelihoodOf } from "./waterfall";

/** A probability in words, as a share, and as how often such a guess is wrong. */
export function useLikelihood() {
  const t = useT();
  const formats = useFormats();
  return (probability: number) => {
    const isOne = probability >= 0.5;
    const wrong = 1000 * (isOne ? 1 - probability : probability);
    const count = Math.round(wrong);
    const text = formats.number(wrong, { maximumSignificantDigits: 1 });
    return {
      words: t(`duplicates.likelihood.${likelihoodOf(probability)}`),
      // Never rounded up to what would be certain.
      percent: formats.percent(Math.floor(probability * 1e4) / 1e4, digitsOf(probability)),
      wrong:
        wrong < 1
          ? t(isOne ? "duplicates.fewWrongOne" : "duplicates.fewWrongTwo")
          : t(isOne ? "duplicates.wrongOne" : "duplicates.wrongTwo", { count, text }),
    };
  };
}
