import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Webhook, WebhookAttempt, WebhookDeliveryDetail } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { mayReplay, readable, webhookKeys } from "./webhookModel";

interface DeliveryDialogProps {
  webhook: Webhook;
  id: string;
  onClose: () => void;
}

/** One event as it was sent, what was answered each time, and a way to send it again. */
export function DeliveryDialog({ webhook, id, onClose }: DeliveryDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: webhookKeys.delivery(webhook.id, id),
    queryFn: () => data.webhookDelivery(webhook.id, id),
  });
  const replay = useMutation({
    mutationFn: () => data.replayWebhookDelivery(webhook.id, id),
    onSuccess: () => {
      toast.success(t("webhooks.replayed"));
      onClose();
      return client.invalidateQueries({ queryKey: webhookKeys.all });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  const detail = query.data;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={detail?.delivery.type ?? t("common.loading")}
      {...(detail ? { description: detail.delivery.message_id } : {})}
      className="max-w-2xl"
    >
      <div className="scrollbar-thin grid grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto p-5">
        {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Skeleton className="w-1/2" />}
        {detail && <Sent detail={detail} />}
        {detail && mayReplay(detail.delivery) && (
          <div className="flex justify-end">
            <Button variant="primary" disabled={replay.isPending} onClick={() => replay.mutate()}>
              {t("webhooks.replay")}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Sent({ detail: { delivery, body, attempts } }: { detail: WebhookDeliveryDetail }) {
  const t = useT();
  const formats = useFormats();
  return (
    <>
      <section className="grid gap-1">
        <h3 className="text-xs font-medium text-ink-2">{t("webhooks.request")}</h3>
        {body === null ? <p>{t("webhooks.hidden")}</p> : <Text label={t("webhooks.request")} text={body} />}
      </section>
      <section className="grid gap-2">
        <h3 className="text-xs font-medium text-ink-2">{t("webhooks.attempts")}</h3>
        {attempts.length === 0 && <p>{t("webhooks.notTried")}</p>}
        <ol className="grid gap-3">
          {attempts.map((attempt) => (
            <li key={attempt.number} className="grid gap-1">
              <Attempt attempt={attempt} />
            </li>
          ))}
        </ol>
        {delivery.status === "waiting" && delivery.next_attempt_at && (
          <p className="text-ink-2">
            {t("webhooks.nextTry", { ago: formats.ago(delivery.next_attempt_at, Date.now()) })}
          </p>
        )}
      </section>
    </>
  );
}

function Attempt({ attempt }: { attempt: WebhookAttempt }) {
  const t = useT();
  const formats = useFormats();
  const number = t("webhooks.attempt", { number: formats.number(attempt.number) });
  const facts = [
    number,
    formats.dateTime(attempt.at),
    t("webhooks.took", { ms: formats.number(attempt.duration_ms) }),
    attempt.code === null ? t("webhooks.noAnswer") : String(attempt.code),
  ];
  return (
    <>
      <p>{facts.join(" · ")}</p>
      {attempt.failure && <p className="break-words text-bad">{attempt.failure}</p>}
      {attempt.answer !== null && (
        <Text
          label={`${t("webhooks.answer")}: ${number}`}
          text={attempt.answer || t("webhooks.emptyAnswer")}
        />
      )}
    </>
  );
}

/** What a machine wrote; focusable, so that the keyboard can scroll it. */
function Text({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className="scrollbar-thin max-h-64 overflow-auto rounded-md border bg-sunken p-2.5 text-xs break-words whitespace-pre-wrap"
    >
      {readable(text)}
    </pre>
  );
}
