import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, Mailbox as MailboxIcon, Plus } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import type { Mailbox, MailboxInput } from "@/api/types";
import { Badge, Card, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { MailboxDetail } from "./MailboxDetail";
import { MailboxDialog } from "./MailboxDialog";
import { mailboxKeys, standingOf, totalsOf, type Standing } from "./mailboxModel";

/** Which mailboxes are read, and how that goes. */
export function MailboxesPage() {
  const t = useT();
  const data = useData();
  const mayKeep = useMay("administer");
  const list = useQuery({
    queryKey: mailboxKeys.all,
    queryFn: () => data.mailboxes(),
    enabled: mayKeep,
    refetchInterval: 5_000,
  });
  const [isAdding, setIsAdding] = useState(false);
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={t("mailboxes.title")}
        before={<BackToSettings />}
        actions={
          mayKeep && (
            <Button variant="primary" onClick={() => setIsAdding(true)}>
              <Plus />
              {t("mailboxes.add")}
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
        ) : list.data.length === 0 ? (
          <EmptyState icon={<MailboxIcon />} title={t("mailboxes.empty")} text={t("mailboxes.emptyHint")} />
        ) : (
          <MailboxLines mailboxes={list.data} />
        )}
      </PageBody>
      {isAdding && <Adding onClose={() => setIsAdding(false)} />}
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

/** Adds a mailbox and opens it. */
function Adding({ onClose }: { onClose: () => void }) {
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: (input: MailboxInput) => data.createMailbox(input),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: mailboxKeys.all });
      void navigate({ to: "/settings/mailboxes", search: { mailbox: made.id } });
      onClose();
    },
  });
  return (
    <MailboxDialog isSaving={make.isPending} error={make.error} onMake={make.mutate} onClose={onClose} />
  );
}

function MailboxLines({ mailboxes }: { mailboxes: Mailbox[] }) {
  const t = useT();
  const { mailbox: chosenId } = useSearch({ strict: false }) as { mailbox?: string };
  const chosen = mailboxes.find(({ id }) => id === chosenId);
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <p className="text-ink-2">{t("mailboxes.hint")}</p>
      <Card className="overflow-hidden">
        <ul aria-label={t("mailboxes.title")} className="divide-y">
          {mailboxes.map((mailbox) => (
            <li key={mailbox.id}>
              <MailboxLine mailbox={mailbox} isChosen={mailbox === chosen} />
            </li>
          ))}
        </ul>
      </Card>
      {chosen && <MailboxDetail key={chosen.id} mailbox={chosen} />}
    </div>
  );
}

const TONES = {
  reading: "accent",
  failing: "bad",
  paused: "plain",
  by_hand: "plain",
  on: "good",
} as const satisfies Record<Standing, string>;

function MailboxLine({ mailbox, isChosen }: { mailbox: Mailbox; isChosen: boolean }) {
  const t = useT();
  const formats = useFormats();
  const stands = standingOf(mailbox);
  const { nRead } = totalsOf(mailbox);
  const { last_at } = mailbox.readings;
  const facts = [
    mailbox.user,
    t("mailboxes.messages", { count: nRead, text: formats.number(nRead) }),
    last_at
      ? t("mailboxes.lastReading", { ago: formats.ago(last_at, Date.now()) })
      : t("mailboxes.neverRead"),
  ];
  return (
    <div
      className={cn(
        "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-4 px-4 py-2",
        isChosen && "bg-selected",
      )}
    >
      <div className="min-w-0">
        <Link
          to="/settings/mailboxes"
          search={{ mailbox: mailbox.id }}
          replace
          aria-current={isChosen ? "true" : undefined}
          className="block truncate font-medium hover:underline"
        >
          {mailbox.name}
        </Link>
        <p className="truncate text-xs text-ink-2">{facts.join(" · ")}</p>
      </div>
      <Badge tone={TONES[stands]}>{t(`mailboxes.standing.${stands}`)}</Badge>
    </div>
  );
}
