import { useCallback } from "react";

import type { Condition } from "@/api/dataProvider";
import { useFormats, useT } from "@/i18n";
import { valueText, type Filter, type FilterWords } from "./filters";

/** How a condition reads: field, operator, value. */
export function useConditionText(filters: Filter[]) {
  const t = useT();
  const formats = useFormats();
  return useCallback(
    (condition: Condition) => {
      const { field, op } = condition;
      const filter = filters.find((known) => known.field === field) ?? {
        field,
        label: field,
        kind: "text" as const,
      };
      const words: FilterWords = {
        period: (period) => t(`filter.period.${period}`),
        span: (count, unit) => t(`filter.span.${unit}`, { count }),
        and: (low, high) => t("filter.and", { low, high }),
      };
      const operator = t(`filter.op.${filter.kind === "date" ? "date_" : ""}${op}` as "filter.op.eq");
      return `${filter.label} ${operator} ${valueText(filter, condition, formats, words)}`.trim();
    },
    [filters, formats, t],
  );
}
