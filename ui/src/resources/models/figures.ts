import type { Formats } from "@/i18n/format";

const N_DIGITS = 4;
const MAX_DIGITS = 9;

/** A figure in four digits that count; "—" where there is none. */
export function figureText(value: number | null | undefined, formats: Formats, digits = N_DIGITS): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4)
    return formats.number(value, { notation: "scientific", maximumSignificantDigits: digits });
  if (size >= 1000) return formats.number(value, { maximumFractionDigits: Math.max(0, digits - 4) });
  return formats.number(value, { maximumSignificantDigits: digits });
}

/** Figures in as many digits as it takes to tell them apart: nothing is better than its own equal. */
export function figuresApart(values: (number | null)[], formats: Formats): string[] {
  const nDistinct = new Set(values).size;
  for (let digits = N_DIGITS; digits < MAX_DIGITS; digits += 1) {
    const texts = values.map((value) => figureText(value, formats, digits));
    if (new Set(texts).size === nDistinct) return texts;
  }
  return values.map((value) => figureText(value, formats, MAX_DIGITS));
}
