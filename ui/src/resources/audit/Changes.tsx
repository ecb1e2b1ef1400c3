import { ArrowRight } from "lucide-react";
import { useState } from "react";

import type { AuditEntry } from "@/api/types";
import { currencyOf } from "@/components/admin/storedValue";
import { useFieldName } from "@/components/admin/useFieldName";
import { useStoredText } from "@/components/admin/useStoredText";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";

/** Values that are shown before one asks for all. */
const N_SHOWN = 4;

interface ChangesProps {
  entry: AuditEntry;
  names: Record<string, string>;
}

/** What was said of two contacts; null where the entry is about something else. */
function verdictOf({ action, changes }: AuditEntry): "same" | "different" | "withdrawn" | null {
  const said = changes?.find(({ field }) => field === "verdict");
  if (action !== "decided" || !said) return null;
  return said.after === "same" || said.after === "different" ? said.after : "withdrawn";
}

/** What stood in each field and what stands there since. */
export function Changes({ entry, names }: ChangesProps) {
  const t = useT();
  const formats = useFormats();
  const fieldName = useFieldName();
  const storedText = useStoredText(names);
  const [isOpen, setOpen] = useState(false);
  if (entry.changes === null) return <span className="text-ink-2 italic">{t("audit.erased")}</span>;
  const other = entry.about_id === null ? undefined : names[entry.about_id];
  const withOther = other !== undefined && (
    <span className="block text-ink-2">{t("audit.withOther", { name: other })}</span>
  );
  const verdict = verdictOf(entry);
  if (verdict)
    return (
      <span className="break-words">
        {t(`audit.verdict.${verdict}`)}
        {withOther}
      </span>
    );
  // Who was merged with somebody or parted from has changed in nothing else.
  if (entry.changes.length === 0 && withOther) return withOther;
  const currency = currencyOf(entry.changes, entry.currency);
  const shown = isOpen ? entry.changes : entry.changes.slice(0, N_SHOWN);
  const nMore = entry.changes.length - shown.length;
  return (
    <div className="grid justify-items-start gap-1">
      <ul className="grid gap-1">
        {shown.map(({ field, before, after }) => (
          <li key={field} className="break-words">
            <span className="text-ink-2">{fieldName(field)}: </span>
            {before !== null && (
              <>
                <del className="text-ink-2">{storedText(field, before, currency)}</del>
                <ArrowRight className="mx-1 inline size-3.5 text-ink-3" aria-label={t("audit.becomes")} />
              </>
            )}
            <ins className="no-underline">{storedText(field, after, currency)}</ins>
          </li>
        ))}
      </ul>
      {nMore > 0 && (
        <Button size="sm" onClick={() => setOpen(true)}>
          {t("audit.more", { count: nMore, text: formats.number(nMore) })}
        </Button>
      )}
    </div>
  );
}
