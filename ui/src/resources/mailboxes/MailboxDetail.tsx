import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Mailbox, MailboxPatch } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Figures } from "@/components/ui/Figures";
import { useFormats, useT } from "@/i18n";
import { MailboxDialog } from "./MailboxDialog";
import { FolderTable } from "./FolderTable";
import { mailboxKeys, totalsOf } from "./mailboxModel";
import { useFailureText } from "./useFailureText";

/** One mailbox: how its readings went, and what can be done with it. */
export function MailboxDetail({ mailbox }: { mailbox: Mailbox }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"edit" | "remove" | null>(null);
  const close = () => setOpen(null);
  const refresh = () => client.invalidateQueries({ queryKey: mailboxKeys.all });
  const onError = (error: unknown) => toast.error(t("edit.failed"), { description: messageOf(error) });
  const change = useMutation({
    mutationFn: (patch: MailboxPatch) => data.updateMailbox(mailbox.id, mailbox.version, patch),
    onSuccess: () => (close(), refresh()),
  });
  const read = useMutation({
    mutationFn: () => data.readMailbox(mailbox.id),
    onSuccess: () => (toast.success(t("mailboxes.isRead")), refresh()),
    onError,
  });
  const remove = useMutation({
    mutationFn: () => data.deleteMailbox(mailbox.id),
    onSuccess: () => (void navigate({ to: "/settings/mailboxes", search: {} }), refresh()),
    onError,
  });
  const isReading = mailbox.readings.job_id !== null;
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-4 p-5">
      <div className="grid gap-1">
        <h2 className="text-base font-semibold">{mailbox.name}</h2>
        <p className="break-all text-ink-2">
          {t("mailboxes.at", { user: mailbox.user, host: mailbox.host, port: mailbox.port })}
        </p>
      </div>
      <Trouble mailbox={mailbox} />
      <Readings mailbox={mailbox} />
      <div className="flex flex-wrap gap-2">
        <Button disabled={isReading || read.isPending} onClick={() => read.mutate()}>
          {t(isReading ? "mailboxes.standing.reading" : "mailboxes.readNow")}
        </Button>
        <Button
          disabled={change.isPending}
          onClick={() => change.mutate({ is_paused: !mailbox.is_paused }, { onError })}
        >
          {t(mailbox.is_paused ? "mailboxes.goOn" : "mailboxes.pause")}
        </Button>
        <Button onClick={() => setOpen("edit")}>{t("mailboxes.edit")}</Button>
        <Button variant="danger" onClick={() => setOpen("remove")}>
          {t("mailboxes.remove")}
        </Button>
      </div>
      {mailbox.readings.folders.length > 0 && <FolderTable folders={mailbox.readings.folders} />}
      {open === "edit" && (
        <MailboxDialog
          mailbox={mailbox}
          isSaving={change.isPending}
          error={change.error}
          onChange={change.mutate}
          onClose={() => (change.reset(), close())}
        />
      )}
      {open === "remove" && (
        <Dialog
          open
          onOpenChange={close}
          title={t("mailboxes.removeTitle", { name: mailbox.name })}
          description={t("mailboxes.removeHint")}
        >
          <div className="flex justify-end gap-2 p-5">
            <Button onClick={close}>{t("common.cancel")}</Button>
            <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
              {t("mailboxes.remove")}
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

/** Why the latest reading failed. */
function Trouble({ mailbox: { readings } }: { mailbox: Mailbox }) {
  const t = useT();
  const formats = useFormats();
  const failureText = useFailureText();
  if (!readings.failure) return null;
  return (
    <div role="status" className="grid gap-1 rounded-md bg-bad-soft px-3 py-2 text-bad">
      <p>{failureText(readings.failure)}</p>
      {readings.n_failures > 1 && (
        <p className="text-xs">
          {t("mailboxes.failures", {
            count: readings.n_failures,
            text: formats.number(readings.n_failures),
          })}
        </p>
      )}
    </div>
  );
}

/** When it was read, when it will be, and how much. */
function Readings({ mailbox }: { mailbox: Mailbox }) {
  const t = useT();
  const formats = useFormats();
  const { nRead, nMissed } = totalsOf(mailbox);
  const { last_at, last_good_at, next_at } = mailbox.readings;
  const ago = (at: string | null) => (at ? formats.ago(at, Date.now()) : t("mailboxes.never"));
  const rests = mailbox.is_paused ? t("mailboxes.standing.paused") : t("mailboxes.standing.by_hand");
  return (
    <Figures
      figures={[
        { label: t("mailboxes.nRead"), value: formats.number(nRead) },
        { label: t("mailboxes.nMissed"), value: formats.number(nMissed) },
        {
          label: t("mailboxes.last"),
          value: ago(last_at),
          ...(last_at !== last_good_at ? { note: t("mailboxes.lastGood", { ago: ago(last_good_at) }) } : {}),
        },
        { label: t("mailboxes.next"), value: next_at ? formats.ago(next_at, Date.now()) : rests },
      ]}
    />
  );
}
