import { useT } from "@/i18n";
import { Agreement, Bar, stepsByField, useValues, Value, type EvidenceProps } from "./Evidence";
import { useFieldTexts } from "./useFieldTexts";

/** The same on a phone: field after field, one value below the other. */
export function EvidenceCards({ pair, fall }: EvidenceProps) {
  const t = useT();
  const valuesOf = useValues();
  const { nameOf } = useFieldTexts();
  const steps = stepsByField(fall);
  return (
    <dl aria-label={t("duplicates.compared")} className="divide-y rounded-xl border bg-raised">
      {fall.sum !== null && (
        <div className="px-3 py-2">
          <dt className="text-xs text-ink-2">{t("duplicates.prior")}</dt>
          <dd>
            <Bar fall={fall} step={steps.get("prior")} />
          </dd>
        </div>
      )}
      {pair.fields.map((field) => {
        const values = valuesOf(field);
        const step = steps.get(field.field);
        return (
          <div key={field.field} className="grid gap-1 px-3 py-2">
            <dt className="flex items-center justify-between gap-2 text-xs text-ink-2">
              {nameOf(field.field)}
              <Agreement agreement={field.agreement} />
            </dt>
            <dd className="grid grid-cols-2 gap-3">
              <span className="min-w-0 break-words">
                <Value pieces={values.left} />
              </span>
              <span className="min-w-0 break-words">
                <Value pieces={values.right} />
              </span>
            </dd>
            {step && (
              <dd>
                <Bar fall={fall} step={step} />
              </dd>
            )}
          </div>
        );
      })}
      <div className="px-3 py-2">
        <dt className="font-medium">{t("duplicates.sum")}</dt>
        <dd>
          {fall.sum === null ? (
            <span className="text-xs text-ink-2">{t("duplicates.partial")}</span>
          ) : (
            <Bar fall={fall} step={{ from: 0, to: fall.sum }} isSum />
          )}
        </dd>
      </div>
    </dl>
  );
}
