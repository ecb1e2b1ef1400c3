import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Webhook } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { instantOf, webhookKeys } from "./webhookModel";

/** Sends once more what was told since an instant. */
export function ReplayDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const formats = useFormats();
  const [local, setLocal] = useState("");
  const [onlyFailed, setOnlyFailed] = useState(true);
  const since = instantOf(local);
  const replay = useMutation({
    mutationFn: (since: string) => data.replayWebhook(webhook.id, { since, only_failed: onlyFailed }),
    onSuccess: (count) => {
      toast.success(t("webhooks.replayedMany", { count, text: formats.number(count) }));
      onClose();
      return client.invalidateQueries({ queryKey: webhookKeys.all });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("webhooks.replaySince")}
      description={t("webhooks.replaySinceHint")}
    >
      <form
        className="grid gap-4 p-5"
        onSubmit={(event) => (event.preventDefault(), since && replay.mutate(since))}
      >
        <Field label={t("webhooks.since")}>
          {(props) => (
            <Input
              {...props}
              required
              type="datetime-local"
              value={local}
              onChange={(event) => setLocal(event.target.value)}
            />
          )}
        </Field>
        <label className="flex items-center gap-2">
          <Checkbox
            aria-label={t("webhooks.onlyFailed")}
            checked={onlyFailed}
            onCheckedChange={(isOn) => setOnlyFailed(isOn === true)}
          />
          {t("webhooks.onlyFailed")}
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={since === null || replay.isPending}>
            {t("webhooks.replay")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
