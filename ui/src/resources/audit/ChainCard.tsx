import { useMutation } from "@tanstack/react-query";
import { Link2 } from "lucide-react";

import { useData } from "@/api/context";
import type { AuditVerification } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";

/** Whether the entries are as they were written: checked where somebody asks, for it reads them all. */
export function ChainCard() {
  const t = useT();
  const data = useData();
  const check = useMutation({ mutationFn: () => data.verifyAudit() });
  return (
    <Card>
      <CardTitle
        action={
          <Button size="sm" disabled={check.isPending} onClick={() => check.mutate()}>
            <Link2 />
            {t(check.isPending ? "audit.checking" : "audit.check")}
          </Button>
        }
      >
        {t("audit.chain")}
      </CardTitle>
      <div className="grid gap-2 px-4 pb-4">
        <p className="text-ink-2">{t("audit.chainHint")}</p>
        <div aria-live="polite">{check.data && <Found found={check.data} />}</div>
        <Refusal error={check.error} />
      </div>
    </Card>
  );
}

function Found({ found: { n_sound, checked_at, head, fault } }: { found: AuditVerification }) {
  const t = useT();
  const formats = useFormats();
  if (fault)
    return (
      <div className="text-bad">
        <p className="font-medium">{t(`audit.fault.${fault.kind}`, { text: formats.number(fault.seq) })}</p>
        <p>{t("audit.faultHint", { text: formats.number(n_sound) })}</p>
      </div>
    );
  const at = formats.dateTime(checked_at);
  return (
    <div className="grid gap-1">
      <p className="font-medium text-good">
        {t("audit.sound", { count: n_sound, text: formats.number(n_sound), at })}
      </p>
      <p className="text-xs text-ink-2">{t("audit.head")}:</p>
      <code className="text-xs break-all">{head}</code>
    </div>
  );
}
