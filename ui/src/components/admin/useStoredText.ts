import { useMemo } from "react";

import { useFormats, useT } from "@/i18n";
import { storedText, type ValueTexts } from "./storedValue";

const NO_NAMES: Record<string, string> = {};

/** Writes values of columns as people read them; their texts ("fields") must have been loaded. */
export function useStoredText(names: Record<string, string> = NO_NAMES) {
  const t = useT();
  const formats = useFormats();
  return useMemo(() => {
    const texts: ValueTexts = {
      formats,
      names,
      nothing: t("fields.nothing"),
      yes: t("fields.yes"),
      no: t("fields.no"),
      priorities: (["low", "normal", "high", "urgent"] as const).map((name) => t(`fields.priority.${name}`)),
    };
    return (field: string, value: unknown, currency: string | null = null) =>
      storedText(field, value, currency, texts);
  }, [formats, names, t]);
}
