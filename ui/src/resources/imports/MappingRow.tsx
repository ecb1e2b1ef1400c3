import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ColumnMapping, FieldInfo, Import } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { Select } from "@/components/ui/fields";
import { Cell, RowHead } from "@/components/ui/Table";
import { useFormats } from "@/i18n";
import { certaintyOf, samplesOf } from "./mappingModel";

interface MappingRowProps {
  column: ColumnMapping;
  preview: Import["preview"];
  fields: FieldInfo[];
  /** Whether its values replace those that are here already; none where there is no such choice. */
  isReplaced: boolean | null;
  onField: (field: string | null) => void;
  /** Asks for a new field for the column; none where that is not the user's to do. */
  onNewField: (() => void) | null;
  onReplace: (replace: boolean) => void;
}

const TONES = { sure: "good", likely: "plain", unsure: "warn", none: "plain" } as const;

/** The choice that makes a field; no field is called so. */
const NEW = "+";

export function MappingRow({
  column,
  preview,
  fields,
  isReplaced,
  onField,
  onNewField,
  onReplace,
}: MappingRowProps) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const certainty = certaintyOf(column);
  const reason = i18n.exists(`imports.reason.${column.reason}`)
    ? t(`imports.reason.${column.reason}` as "imports.reason.contents")
    : column.reason.replaceAll("_", " ");
  const samples = samplesOf(preview, column.column).join(" · ") || "—";
  return (
    <tr>
      <RowHead className="phone:w-36 phone:max-w-36 phone:pr-0">
        <span className="break-words">{column.column}</span>
        {/* On a phone the field, not what it is filled from, is what there must be room for. */}
        <span className="hidden truncate text-xs font-normal text-ink-2 phone:block">{samples}</span>
      </RowHead>
      <Cell
        className="max-w-56 truncate text-ink-2 phone:hidden"
        title={samplesOf(preview, column.column, 6).join("\n")}
      >
        {samples}
      </Cell>
      <Cell className="w-64 py-1.5">
        <span className="flex items-center gap-2">
          <ArrowRight className="size-3.5 shrink-0 text-ink-3" aria-hidden />
          <Select
            aria-label={t("imports.fieldFor", { column: column.column })}
            value={column.field ?? ""}
            onChange={({ target: { value } }) => {
              if (value === NEW) onNewField?.();
              else onField(value || null);
            }}
          >
            <option value="">{t("imports.skip")}</option>
            {onNewField && <option value={NEW}>{t("importing.newField")}</option>}
            {fields.map((field) => (
              <option key={field.name} value={field.name}>
                {formats.text(field.label)}
                {field.required ? " *" : ""}
              </option>
            ))}
          </Select>
        </span>
      </Cell>
      {isReplaced !== null && (
        <Cell className="w-20">
          {column.field !== null && (
            <input
              type="checkbox"
              className="size-4 cursor-pointer accent-accent"
              aria-label={t("importing.replaceFor", { column: column.column })}
              checked={isReplaced}
              onChange={(event) => onReplace(event.target.checked)}
            />
          )}
        </Cell>
      )}
      <Cell className="w-56">
        {certainty !== "none" && (
          <span className="flex items-center gap-2">
            <Badge tone={TONES[certainty]}>
              {column.reason === "chosen" ? t("imports.byYou") : formats.percent(column.confidence)}
            </Badge>
            {column.reason !== "chosen" && <span className="text-xs text-ink-2">{reason}</span>}
          </span>
        )}
      </Cell>
    </tr>
  );
}
