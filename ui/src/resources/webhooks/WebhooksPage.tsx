import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import type { NewWebhook, Webhook, WebhookEventType, WebhookInput } from "@/api/types";
import { Badge, Card, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { HealthStrip } from "./HealthStrip";
import { SecretDialog } from "./SecretDialog";
import { WebhookDetail } from "./WebhookDetail";
import { WebhookForm } from "./WebhookForm";
import { standingOf, webhookKeys } from "./webhookModel";

/** Who is told what changes here, how that goes, and what became of each event. */
export function WebhooksPage() {
  const t = useT();
  const data = useData();
  const mayKeep = useMay("manage_webhooks");
  const list = useQuery({
    queryKey: webhookKeys.all,
    queryFn: () => data.webhooks(),
    enabled: mayKeep,
    refetchInterval: 10_000,
  });
  const [isAdding, setIsAdding] = useState(false);
  const webhooks = list.data?.webhooks ?? [];
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={t("webhooks.title")}
        before={<BackToSettings />}
        actions={
          mayKeep && (
            <Button variant="primary" disabled={!list.data} onClick={() => setIsAdding(true)}>
              <Plus />
              {t("webhooks.add")}
            </Button>
          )
        }
      />
      <PageBody>
        {!mayKeep ? (
          <EmptyState title={t("error.refused")} text={t("error.refusedHint")} />
        ) : list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : !list.data ? (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
            <Skeleton className="w-1/3" />
          </div>
        ) : webhooks.length === 0 ? (
          <EmptyState icon={<WebhookIcon />} title={t("webhooks.empty")} text={t("webhooks.emptyHint")} />
        ) : (
          <WebhookLines webhooks={webhooks} types={list.data.types} />
        )}
      </PageBody>
      {isAdding && list.data && <Adding types={list.data.types} onClose={() => setIsAdding(false)} />}
    </div>
  );
}

function BackToSettings() {
  const t = useT();
  return (
    <Link
      to="/settings"
      aria-label={t("nav.settings")}
      title={t("nav.settings")}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
}

/** Makes a webhook and shows its secret. */
function Adding({ types, onClose }: { types: WebhookEventType[]; onClose: () => void }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [made, setMade] = useState<NewWebhook | null>(null);
  const make = useMutation({
    mutationFn: (input: WebhookInput) => data.createWebhook(input),
    onSuccess: (answer) => (setMade(answer), client.invalidateQueries({ queryKey: webhookKeys.all })),
  });
  const close = () => {
    if (made) void navigate({ to: "/settings/webhooks", search: { webhook: made.webhook.id } });
    onClose();
  };
  return made ? (
    <SecretDialog title={t("webhooks.made")} secret={made.secret} onClose={close} />
  ) : (
    <WebhookForm
      types={types}
      isSaving={make.isPending}
      error={make.error}
      onSave={(input) => make.mutate(input)}
      onClose={onClose}
    />
  );
}

function WebhookLines({ webhooks, types }: { webhooks: Webhook[]; types: WebhookEventType[] }) {
  const t = useT();
  const { webhook: chosenId } = useSearch({ strict: false }) as { webhook?: string };
  const chosen = webhooks.find(({ id }) => id === chosenId);
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <p className="text-ink-2">{t("webhooks.hint")}</p>
      <Card className="overflow-hidden">
        <ul aria-label={t("webhooks.title")} className="divide-y">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <WebhookLine webhook={webhook} isChosen={webhook === chosen} />
            </li>
          ))}
        </ul>
      </Card>
      {chosen && <WebhookDetail key={chosen.id} webhook={chosen} types={types} />}
    </div>
  );
}

const TONES = { on: "good", off: "plain", failing: "bad" } as const;

function WebhookLine({ webhook, isChosen }: { webhook: Webhook; isChosen: boolean }) {
  const t = useT();
  const formats = useFormats();
  const stands = standingOf(webhook);
  const { recent, n_waiting, last_attempt_at } = webhook.health;
  const facts = [
    webhook.description || null,
    n_waiting > 0 ? t("webhooks.waiting", { count: n_waiting, text: formats.number(n_waiting) }) : null,
    last_attempt_at
      ? t("webhooks.lastTry", { ago: formats.ago(last_attempt_at, Date.now()) })
      : t("webhooks.neverTried"),
  ];
  return (
    <div
      className={cn(
        "grid grid-cols-[minmax(0,1fr)_auto_5rem] items-center gap-4 px-4 py-2 phone:grid-cols-[minmax(0,1fr)_5rem]",
        isChosen && "bg-selected",
      )}
    >
      <div className="min-w-0">
        <Link
          to="/settings/webhooks"
          search={{ webhook: webhook.id }}
          replace
          aria-current={isChosen ? "true" : undefined}
          className="block truncate font-medium hover:underline"
        >
          {webhook.url}
        </Link>
        <p className="truncate text-xs text-ink-2">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <div className="phone:hidden">
        <HealthStrip recent={recent} />
      </div>
      <span className="justify-self-end">
        <Badge tone={TONES[stands]}>{t(`webhooks.${stands}`)}</Badge>
      </span>
    </div>
  );
}
