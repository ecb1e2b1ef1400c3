import { useCallback } from "react";

import type { Params } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { useWords } from "@/resources/models/useWords";

/** Settings are shown in more digits than figures: they were typed, not measured. */
const N_DIGITS = 7;
/** Settings that a search drew at random have no end of digits. */
export const TRIED_DIGITS = 4;

/** How the value of the named setting reads. */
export function useParamText(
  nDigits = N_DIGITS,
): (name: string, value: Params[string] | null | undefined) => string {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  return useCallback(
    (name, value) => {
      if (value === null || value === undefined) return "—";
      if (typeof value === "number") return figureText(value, formats, nDigits);
      if (typeof value === "boolean") return t(value ? "runs.yes" : "runs.no");
      if (Array.isArray(value)) return value.join(", ");
      return name === "method" ? words("method", value) : value;
    },
    [t, formats, words, nDigits],
  );
}
