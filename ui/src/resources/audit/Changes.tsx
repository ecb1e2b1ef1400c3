import { ArrowRight } from "lucide-react";
import { useState } from "react";

import type { AuditEntry } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { currencyOf, valueText, type ValueTexts } from "./auditModel";
import { useFieldName } from "./useFieldName";

/** Values that are shown before one asks for all. */
const N_SHOWN = 4;

interface ChangesProps {
  entry: AuditEntry;
  names: Record<string, string>;
}

/** What stood in each field and what stands there since. */
export function Changes({ entry, names }: ChangesProps) {
  const t = useT();
  const formats = useFormats();
  const fieldName = useFieldName();
  const [isOpen, setOpen] = useState(false);
  if (entry.changes === null) return <span className="text-ink-2 italic">{t("audit.erased")}</span>;
  const texts: ValueTexts = {
    formats,
    names,
    nothing: t("audit.nothing"),
    yes: t("audit.yes"),
    no: t("audit.no"),
    priorities: (["low", "normal", "high", "urgent"] as const).map((name) => t(`audit.priorityOf.${name}`)),
  };
  const currency = currencyOf(entry);
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
                <del className="text-ink-2">{valueText(field, before, currency, texts)}</del>
                <ArrowRight className="mx-1 inline size-3.5 text-ink-3" aria-label={t("audit.becomes")} />
              </>
            )}
            <ins className="no-underline">{valueText(field, after, currency, texts)}</ins>
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
