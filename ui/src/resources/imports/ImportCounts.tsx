import { useTranslation } from "react-i18next";

import type { Import } from "@/api/types";
import { Card, CardTitle, Meter } from "@/components/ui/bits";
import { Figures } from "@/components/ui/Figures";
import { useFormats } from "@/i18n";
import { nRejected } from "./mappingModel";

/** How many rows went where, the rejected ones by reason. */
export function ImportCounts({ one }: { one: Import }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const reasonName = useReasonName();
  const { read, accepted, unchanged, rejected } = one.counts;
  const total = nRejected(one);
  const ofRead = (n: number) =>
    read > 0
      ? t("imports.ofRead", { percent: formats.percent(n / read, n / read < 0.01 && n > 0 ? 2 : 0) })
      : undefined;
  return (
    <>
      <Figures
        figures={[
          { label: t("imports.read"), value: formats.number(read) },
          { label: t("imports.accepted"), value: formats.number(accepted), note: ofRead(accepted) },
          { label: t("imports.unchanged"), value: formats.number(unchanged), note: ofRead(unchanged) },
          { label: t("imports.rejected"), value: formats.number(total), note: ofRead(total) },
        ]}
      />
      {total > 0 && (
        <Card>
          <CardTitle>{t("imports.why")}</CardTitle>
          <ul className="grid gap-2.5 px-4 pb-4">
            {Object.entries(rejected)
              .filter(([, n]) => n > 0)
              .sort(([, a], [, b]) => b - a)
              .map(([reason, n]) => (
                <li
                  key={reason}
                  className="grid grid-cols-[minmax(0,14rem)_minmax(3rem,1fr)_4rem] items-center gap-3"
                >
                  <span className="truncate">{reasonName(reason)}</span>
                  <Meter share={n / total} label={reasonName(reason)} />
                  <span className="numeric text-right">{formats.number(n)}</span>
                </li>
              ))}
          </ul>
        </Card>
      )}
      {one.counts.first_left_out.length > 0 && <LeftOutCard one={one} />}
    </>
  );
}

/** Values that rows were taken without, since they name what is not here. */
function LeftOutCard({ one }: { one: Import }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { left_out, first_left_out } = one.counts;
  const total = Object.values(left_out).reduce((sum, n) => sum + n, 0);
  return (
    <Card>
      <CardTitle>{t("importing.leftOut")}</CardTitle>
      <div className="grid gap-2 px-4 pb-4">
        <p className="text-ink-2">
          {t("importing.leftOutHint", { count: total, text: formats.number(total) })}
        </p>
        <ul aria-label={t("importing.leftOut")} className="grid max-h-64 gap-1 overflow-y-auto">
          {first_left_out.map(({ line, column, value }) => (
            <li key={`${line} ${column ?? ""} ${value}`}>
              {t("importing.leftOutOne", { line: formats.number(line), column: column ?? "", value })}
            </li>
          ))}
        </ul>
        {total > first_left_out.length && (
          <p className="text-xs text-ink-2">
            {t("importing.leftOutMore", { text: formats.number(total - first_left_out.length) })}
          </p>
        )}
      </div>
    </Card>
  );
}

/** A reason in words; one that this version does not know is shown as it came. */
export function useReasonName(): (reason: string) => string {
  const { t, i18n } = useTranslation();
  return (reason) =>
    i18n.exists(`importing.rejectReason.${reason}`)
      ? t(`importing.rejectReason.${reason}` as "importing.rejectReason.bad_date")
      : reason.replaceAll("_", " ");
}
