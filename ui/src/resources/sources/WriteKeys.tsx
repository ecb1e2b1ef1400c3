import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Source, WriteKey } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { NewKeyDialog } from "./NewKeyDialog";

/** The keys that a source sends events with. */
export function WriteKeys({ source }: { source: Source }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<WriteKey | null>(null);
  const [newKey, setNewKey] = useState<string | null>(null);
  const query = useQuery({
    queryKey: keys.writeKeys(source.id),
    queryFn: () => data.writeKeys(source.id),
  });
  const refresh = () => client.invalidateQueries({ queryKey: keys.writeKeys(source.id) });
  const onError = (error: unknown) => toast.error(t("edit.failed"), { description: messageOf(error) });
  const make = useMutation({
    mutationFn: () => data.createWriteKey(source.id),
    onSuccess: ({ key }) => (setNewKey(key), refresh()),
    onError,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => data.revokeWriteKey(id),
    onSuccess: () => (setRevoking(null), refresh()),
    onError,
  });
  return (
    <section className="grid gap-3">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h3 className="font-semibold">{t("writeKeys.title")}</h3>
          <p className="text-ink-2">{t("writeKeys.hint")}</p>
        </div>
        <Button disabled={make.isPending} onClick={() => make.mutate()}>
          {t("writeKeys.make")}
        </Button>
      </div>
      {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <KeyList all={query.data} onRevoke={setRevoking} />}
      {newKey && <NewKeyDialog source={source} value={newKey} onClose={() => setNewKey(null)} />}
      {revoking && (
        <Dialog
          open
          onOpenChange={() => setRevoking(null)}
          title={t("writeKeys.revokeTitle")}
          description={t("writeKeys.revokeHint", { prefix: revoking.prefix })}
        >
          <div className="flex justify-end gap-2 p-5">
            <Button onClick={() => setRevoking(null)}>{t("common.cancel")}</Button>
            <Button variant="danger" disabled={revoke.isPending} onClick={() => revoke.mutate(revoking.id)}>
              {t("writeKeys.revoke")}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function KeyList({ all, onRevoke }: { all: WriteKey[]; onRevoke: (key: WriteKey) => void }) {
  const t = useT();
  const formats = useFormats();
  if (all.length === 0) return <p className="text-ink-2">{t("writeKeys.none")}</p>;
  return (
    <ul className="divide-y rounded-lg border">
      {all.map((key) => (
        <li key={key.id} className="flex min-h-10 items-center gap-3 px-3 py-1.5">
          <code className="truncate">{key.prefix}…</code>
          <span className="flex-1 text-xs text-ink-2">
            {t("writeKeys.since", { date: formats.date(key.created_at) })}
          </span>
          {key.revoked_at ? (
            <Badge>{t("writeKeys.revoked", { date: formats.date(key.revoked_at) })}</Badge>
          ) : (
            <Button
              size="sm"
              variant="danger"
              aria-label={`${t("writeKeys.revoke")}: ${key.prefix}`}
              onClick={() => onRevoke(key)}
            >
              {t("writeKeys.revoke")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
