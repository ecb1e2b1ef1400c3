import type { ReactNode } from "react";

import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { Agreement, Bar, stepsByField, useValues, Value, type EvidenceProps } from "./Evidence";
import { useFieldTexts } from "./useFieldTexts";
import { useLikelihood } from "./useLikelihood";

const CELL = "border-b px-3 py-1.5 align-middle";

/** The two side by side, field by field, with what each field says and how the sum comes about. */
export function EvidenceTable({
  pair,
  fall,
  left,
  right,
}: EvidenceProps & { left: ReactNode; right: ReactNode }) {
  const t = useT();
  const valuesOf = useValues();
  const { nameOf } = useFieldTexts();
  const { words, percent } = useLikelihood()(pair);
  const steps = stepsByField(fall);
  return (
    <div tabIndex={0} className="scrollbar-thin overflow-x-auto rounded-xl border bg-raised outline-none">
      <table className="w-full min-w-[38rem] table-fixed border-separate border-spacing-0">
        <caption className="sr-only">{t("duplicates.compared")}</caption>
        <colgroup>
          <col className="w-24" />
          <col />
          <col />
          <col className="w-34" />
          <col className="w-[26%]" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={cn(CELL, "text-left align-bottom text-xs font-medium text-ink-2")}>
              {t("duplicates.field")}
            </th>
            <th scope="col" className={cn(CELL, "border-l text-left align-top font-normal")}>
              {left}
            </th>
            <th scope="col" className={cn(CELL, "border-l text-left align-top font-normal")}>
              {right}
            </th>
            <th
              scope="col"
              colSpan={2}
              className={cn(CELL, "border-l text-left align-bottom text-xs font-medium text-ink-2")}
            >
              <span className="block">{t("duplicates.evidence")}</span>
              <span className="mt-1 flex justify-between gap-2 pl-31 font-normal text-ink-3" aria-hidden>
                <span>← {t("duplicates.against")}</span>
                <span>{t("duplicates.for")} →</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {fall.sum !== null && (
            <tr>
              <th scope="row" colSpan={4} className={cn(CELL, "text-left font-normal text-ink-2")}>
                {t("duplicates.prior")}
                <span className="ml-2 text-xs text-ink-3">{t("duplicates.priorHint")}</span>
              </th>
              <td className={CELL}>
                <Bar fall={fall} step={steps.get("prior")} />
              </td>
            </tr>
          )}
          {pair.fields.map((field) => {
            const values = valuesOf(field);
            return (
              <tr key={field.field} className={cn(field.agreement === "different" && "bg-sunken")}>
                <th scope="row" className={cn(CELL, "truncate text-left text-xs font-normal text-ink-2")}>
                  {nameOf(field.field)}
                </th>
                <td className={cn(CELL, "border-l break-words")}>
                  <Value pieces={values.left} />
                </td>
                <td className={cn(CELL, "border-l break-words")}>
                  <Value pieces={values.right} />
                </td>
                <td className={cn(CELL, "border-l")}>
                  <Agreement agreement={field.agreement} />
                </td>
                <td className={CELL}>
                  <Bar fall={fall} step={steps.get(field.field)} />
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th
              scope="row"
              colSpan={fall.sum === null ? 5 : 4}
              className="px-3 py-2 text-left font-medium"
              title={t("duplicates.bitsHint")}
            >
              {t("duplicates.sum")}
              <span className="ml-2 font-normal text-ink-2">
                {words} · {percent}
              </span>
              {fall.sum === null && (
                <span className="block text-xs font-normal text-ink-2">{t("duplicates.partial")}</span>
              )}
            </th>
            {fall.sum !== null && (
              <td className="px-3 py-2" title={t("duplicates.bitsHint")}>
                <Bar fall={fall} step={{ from: 0, to: fall.sum }} isSum />
              </td>
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
