import type { MatchField } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { i18nHas } from "@/i18n/problems";
import { useCustomFields } from "@/resources/custom/useCustomFields";

/** What fields of contacts are called, and their values as people read them. */
export function useFieldTexts() {
  const t = useT();
  const formats = useFormats();
  const custom = useCustomFields("contact");
  return {
    nameOf: (field: string): string => {
      const own = custom.find(({ key }) => field === `custom.${key}`);
      if (own) return formats.text(own.label);
      const key = `duplicates.fieldName.${field}`;
      return i18nHas(key) ? t(key as "duplicates.fieldName.name") : field.replace(/^custom\./, "");
    },
    valuesOf: ({ field, left, right }: Pick<MatchField, "field" | "left" | "right">) =>
      [left, right].map((value) =>
        value !== null && field === "country" ? formats.country(value) : value,
      ) as [string | null, string | null],
  };
}
