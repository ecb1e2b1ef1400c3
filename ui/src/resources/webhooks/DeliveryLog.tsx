import { useState } from "react";

import { useData } from "@/api/context";
import type { Webhook, WebhookDelivery, WebhookStatus } from "@/api/types";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Segmented } from "@/components/ui/Segmented";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { DeliveryDialog } from "./DeliveryDialog";
import { ReplayDialog } from "./ReplayDialog";
import { STATUSES, webhookKeys } from "./webhookModel";

const TONES = { waiting: "warn", delivered: "good", failed: "bad", withheld: "plain" } as const;
const PAGE_SIZE = 25;

/** What was told to a webhook, the latest first. */
export function DeliveryLog({ webhook }: { webhook: Webhook }) {
  const t = useT();
  const data = useData();
  const [status, setStatus] = useState<WebhookStatus | "every">("every");
  const [shown, setShown] = useState<string | null>(null);
  const [isReplaying, setIsReplaying] = useState(false);
  const only = status === "every" ? null : status;
  const { rows, ...pages } = usePages(
    [...webhookKeys.log(webhook.id), status],
    (page) => data.webhookDeliveries(webhook.id, only, page),
    PAGE_SIZE,
  );
  const options = (["every", ...STATUSES] as const).map((value) => ({
    value,
    label: value === "every" ? t("webhooks.every") : t(`webhooks.status.${value}`),
  }));
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div>
          <h3 className="font-semibold">{t("webhooks.log")}</h3>
          <p className="text-xs text-ink-2">{t("webhooks.logHint")}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Segmented label={t("webhooks.show")} options={options} value={status} onChange={setStatus} />
          <Button onClick={() => setIsReplaying(true)}>{t("webhooks.replaySince")}</Button>
        </div>
      </div>
      <Paged pages={pages} empty={t("webhooks.noDeliveries")} isEmpty={rows.length === 0}>
        {rows.length > 0 && (
          <Table
            caption={t("webhooks.log")}
            className="max-h-[26rem] rounded-lg border"
            tableClassName="min-w-[34rem]"
            head={
              <>
                <HeadCell>{t("webhooks.event")}</HeadCell>
                <HeadCell>{t("webhooks.queued")}</HeadCell>
                <HeadCell isFigure>{t("webhooks.tries")}</HeadCell>
                <HeadCell>{t("webhooks.answer")}</HeadCell>
              </>
            }
          >
            {rows.map((delivery) => (
              <Line key={delivery.id} delivery={delivery} onShow={() => setShown(delivery.id)} />
            ))}
          </Table>
        )}
      </Paged>
      {shown && <DeliveryDialog webhook={webhook} id={shown} onClose={() => setShown(null)} />}
      {isReplaying && <ReplayDialog webhook={webhook} onClose={() => setIsReplaying(false)} />}
    </section>
  );
}

function Line({ delivery, onShow }: { delivery: WebhookDelivery; onShow: () => void }) {
  const t = useT();
  const formats = useFormats();
  const at = formats.dateTime(delivery.created_at);
  return (
    <tr>
      <RowHead>
        <button
          type="button"
          aria-label={t("webhooks.details", { type: delivery.type, at })}
          className="font-mono text-xs hover:underline"
          onClick={onShow}
        >
          {delivery.type}
        </button>
      </RowHead>
      <Cell>{at}</Cell>
      <Cell isFigure>{formats.number(delivery.n_attempts)}</Cell>
      <Cell>
        <span className="flex items-center gap-2">
          <Badge tone={TONES[delivery.status]}>{t(`webhooks.status.${delivery.status}`)}</Badge>
          {delivery.last_code !== null && <span className="numeric text-ink-2">{delivery.last_code}</span>}
        </span>
      </Cell>
    </tr>
  );
}
