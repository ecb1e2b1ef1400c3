import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { NewWebhookSecret, Webhook, WebhookEventType, WebhookPatch } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Badge, Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { DeliveryLog } from "./DeliveryLog";
import { SecretDialog } from "./SecretDialog";
import { useTypeText } from "./useTypeText";
import { WebhookForm } from "./WebhookForm";
import { webhookKeys } from "./webhookModel";

type Open = "edit" | "rotate" | "delete" | null;

/** One webhook: what it is told, what can be done with it, and its log. */
export function WebhookDetail({ webhook, types }: { webhook: Webhook; types: WebhookEventType[] }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<NewWebhookSecret | null>(null);
  const close = () => setOpen(null);
  const refresh = () => client.invalidateQueries({ queryKey: webhookKeys.all });
  const onError = (error: unknown) => toast.error(t("edit.failed"), { description: messageOf(error) });
  const change = useMutation({
    mutationFn: (patch: WebhookPatch) => data.updateWebhook(webhook.id, webhook.version, patch),
    onSuccess: () => (close(), refresh()),
  });
  const rotate = useMutation({
    mutationFn: () => data.rotateWebhookSecret(webhook.id),
    onSuccess: (drawn) => (close(), setSecret(drawn), refresh()),
    onError,
  });
  const remove = useMutation({
    mutationFn: () => data.deleteWebhook(webhook.id),
    onSuccess: () => (void navigate({ to: "/settings/webhooks", search: {} }), refresh()),
    onError,
  });
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-4 p-5">
      <Told webhook={webhook} />
      <Actions
        webhook={webhook}
        onOpen={setOpen}
        onSwitch={() => change.mutate({ is_enabled: !webhook.is_enabled }, { onError })}
      />
      <DeliveryLog webhook={webhook} />
      {open === "edit" && (
        <WebhookForm
          webhook={webhook}
          types={types}
          isSaving={change.isPending}
          error={change.error}
          onSave={(input) => change.mutate(input)}
          onClose={() => (change.reset(), close())}
        />
      )}
      {open === "rotate" && (
        <Asking kind="rotate" isBusy={rotate.isPending} onYes={() => rotate.mutate()} onClose={close} />
      )}
      {open === "delete" && (
        <Asking kind="delete" isBusy={remove.isPending} onYes={() => remove.mutate()} onClose={close} />
      )}
      {secret && <NewSecret drawn={secret} onClose={() => setSecret(null)} />}
    </Card>
  );
}

/** What it is told, and why it is not. */
function Told({ webhook }: { webhook: Webhook }) {
  const t = useT();
  const formats = useFormats();
  const typeText = useTypeText();
  const trouble = webhook.stop
    ? t(`webhooks.stop.${webhook.stop}`)
    : webhook.failing_since && webhook.is_enabled
      ? t("webhooks.failingSince", { at: formats.dateTime(webhook.failing_since) })
      : null;
  return (
    <div className="grid gap-2">
      <h2 className="text-base font-semibold break-all">{webhook.url}</h2>
      <p className="text-ink-2">
        {[webhook.description || null, t("webhooks.owner", { name: webhook.owner.name })]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {trouble && (
        <p role="status" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
          {trouble}
        </p>
      )}
      <ul aria-label={t("webhooks.types")} className="flex flex-wrap gap-1.5">
        {webhook.types.map((type) => (
          <li key={type}>
            <Badge>{typeText(type)}</Badge>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ActionsProps {
  webhook: Webhook;
  onOpen: (open: Open) => void;
  onSwitch: () => void;
}

function Actions({ webhook, onOpen, onSwitch }: ActionsProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const formats = useFormats();
  const test = useMutation({
    mutationFn: () => data.testWebhook(webhook.id),
    onSuccess: ({ delivery, attempts }) => {
      const last = attempts.at(-1);
      if (delivery.status === "delivered" && last) {
        const ms = formats.number(last.duration_ms);
        toast.success(t("webhooks.testTaken", { code: String(last.code), ms }));
      } else {
        const said = last?.failure ?? (last?.code ? String(last.code) : t("webhooks.noAnswer"));
        toast.error(t("webhooks.testFailed"), { description: said });
      }
      return client.invalidateQueries({ queryKey: webhookKeys.all });
    },
    onError: (error) => toast.error(t("webhooks.testFailed"), { description: messageOf(error) }),
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={test.isPending} onClick={() => test.mutate()}>
        {t("webhooks.test")}
      </Button>
      <Button onClick={onSwitch}>{t(webhook.is_enabled ? "webhooks.switchOff" : "webhooks.switchOn")}</Button>
      <Button onClick={() => onOpen("edit")}>{t("webhooks.edit")}</Button>
      <Button onClick={() => onOpen("rotate")}>{t("webhooks.rotate")}</Button>
      <Button variant="danger" onClick={() => onOpen("delete")}>
        {t("webhooks.delete")}
      </Button>
    </div>
  );
}

interface AskingProps {
  kind: "rotate" | "delete";
  isBusy: boolean;
  onYes: () => void;
  onClose: () => void;
}

function Asking({ kind, isBusy, onYes, onClose }: AskingProps) {
  const t = useT();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(`webhooks.${kind}Title`)}
      description={t(`webhooks.${kind}Hint`)}
    >
      <div className="flex justify-end gap-2 p-5">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant={kind === "delete" ? "danger" : "primary"} disabled={isBusy} onClick={onYes}>
          {t(`webhooks.${kind}`)}
        </Button>
      </div>
    </Dialog>
  );
}

function NewSecret({ drawn, onClose }: { drawn: NewWebhookSecret; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  return (
    <SecretDialog
      title={t("webhooks.rotated")}
      secret={drawn.secret}
      note={t("webhooks.bothUntil", { at: formats.dateTime(drawn.old_secret_until) })}
      onClose={onClose}
    />
  );
}
