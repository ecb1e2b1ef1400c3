import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { ApiKey } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useUser } from "@/resources/session/useSession";
import { ApiKeyForm } from "./ApiKeyForm";
import { KEYS_QUERY, scopeText, standing } from "./apiKeyModel";
import { Section } from "./Section";

/** The keys that programs use, how to make one, and how to end it. */
export default function ApiKeys() {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const list = useQuery({ queryKey: KEYS_QUERY, queryFn: () => data.apiKeys() });
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => data.revokeApiKey(key.id),
    onSuccess: () => {
      setRevoking(null);
      return client.invalidateQueries({ queryKey: KEYS_QUERY });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  const keys = list.data?.api_keys ?? [];
  return (
    <Section title={t("apiKeys.title")} hint={t("apiKeys.hint")}>
      {list.error && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && keys.length === 0 && <p className="text-ink-2">{t("apiKeys.none")}</p>}
      {keys.length > 0 && (
        <ul aria-label={t("apiKeys.title")} className="divide-y rounded-lg border">
          {keys.map((key) => (
            <Row key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      )}
      {list.data && <ApiKeyForm scopes={list.data.scopes} />}
      <Dialog
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={t("apiKeys.revokeConfirm")}
        description={t("apiKeys.revokeEffect")}
      >
        <div className="flex items-center justify-between gap-3 p-5">
          <span className="min-w-0 truncate font-medium">{revoking?.name}</span>
          <Button disabled={revoke.isPending} onClick={() => revoking && revoke.mutate(revoking)}>
            {t("apiKeys.revoke")}
          </Button>
        </div>
      </Dialog>
    </Section>
  );
}

function Row({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const t = useT();
  const formats = useFormats();
  const user = useUser();
  const now = Date.now();
  const stands = standing(apiKey, now);
  const facts = [
    `${apiKey.prefix}…`,
    apiKey.user.id === user?.id ? null : t("apiKeys.of", { name: apiKey.user.name }),
    apiKey.last_used_at
      ? t("apiKeys.used", { ago: formats.ago(apiKey.last_used_at, now) })
      : t("apiKeys.neverUsed"),
    stands === "counts" && apiKey.expires_at
      ? t("apiKeys.endsOn", { date: formats.date(apiKey.expires_at) })
      : null,
  ];
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{apiKey.name}</span>
        <span className="block text-xs break-words text-ink-2">{facts.filter(Boolean).join(" · ")}</span>
        <span className="block text-xs break-words text-ink-2">
          {formats.list(apiKey.scopes.map((scope) => t(scopeText(scope))))}
        </span>
      </span>
      {stands === "counts" ? (
        <Button aria-label={t("apiKeys.revokeNamed", { name: apiKey.name })} onClick={onRevoke}>
          {t("apiKeys.revoke")}
        </Button>
      ) : (
        <Badge>{t(`apiKeys.${stands}`)}</Badge>
      )}
    </li>
  );
}
