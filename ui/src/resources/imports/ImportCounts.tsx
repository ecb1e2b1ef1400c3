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
    </>
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
