import { useCallback } from "react";

import type { Params } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";

/** Settings are shown in more digits than figures: they were typed, not measured. */
const N_DIGITS = 7;

/** How the value of a setting reads. */
export function useParamText(): (value: Params[string] | undefined) => string {
  const t = useT();
  const formats = useFormats();
  return useCallback(
    (value) => {
      if (value === null || value === undefined) return "—";
      if (typeof value === "number") return figureText(value, formats, N_DIGITS);
      if (typeof value === "boolean") return t(value ? "runs.yes" : "runs.no");
      return Array.isArray(value) ? value.join(", ") : value;
    },
    [t, formats],
  );
}
