import { useMemo } from "react";

import type { CustomField, CustomValue } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import type { Filter } from "@/components/admin/filters";
import { useFormats, useT } from "@/i18n";
import { filterOf, hasCustomFields, OBJECT_OF, readable } from "./customModel";
import { useCustomFields } from "./useCustomFields";

/** A record with custom values; lists of other things have none. */
interface WithCustom {
  custom?: Record<string, CustomValue>;
}

const isSortable = ({ type }: CustomField) => type.kind !== "long_text" && type.kind !== "multiple_choice";

/** Columns and filters of the custom fields that a list's records have. */
export function useCustomColumns<T extends object>(
  resource: string,
): { columns: Column<T>[]; filters: Filter[] } {
  const t = useT();
  const formats = useFormats();
  const fields = useCustomFields(hasCustomFields(resource) ? OBJECT_OF[resource] : null);
  const shape = JSON.stringify(fields);
  return useMemo(() => {
    const words = { yes: t("custom.yes"), no: t("custom.no") };
    const columns = fields.map((field): Column<T> => {
      const text = (row: T) => readable(field.type, (row as WithCustom).custom?.[field.key], formats, words);
      return {
        id: `custom.${field.key}`,
        header: formats.text(field.label),
        width: "minmax(8rem, 0.8fr)",
        isHiddenAtFirst: true,
        isSortable: isSortable(field),
        cell: (row) => <span className="text-ink-2">{text(row)}</span>,
      };
    });
    return { columns, filters: fields.map((field) => filterOf(field, formats.text(field.label), words)) };
    // The fields are new objects with every look at the cache; what they say is not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, t, formats]);
}
