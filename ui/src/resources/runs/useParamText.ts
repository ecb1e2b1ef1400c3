import { useCallback } from "react";

import type { Params } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";

/** Settings are shown in more digits than figures: they were typed, not measured. */
const N_DIGITS = 7;
/** Settings that a search drew at random have no end of digits. */
export const TRIED_DIGITS = 4;

/** How the value of a setting reads. */
export function useParamText(nDigits = N_DIGITS): (value: Params[string] | null | undefined) => string {
  const t = useT();
  const formats = useFormats();
  return useCallback(
    (value) => {
      if (value === null || value === undefined) return "—";
      if (typeof value === "number") return figureText(value, formats, nDigits);
      if (typeof value === "boolean") return t(value ? "runs.yes" : "runs.no");
      return Array.isArray(value) ? value.join(", ") : value;
    },
    [t, formats, nDigits],
  );
}
