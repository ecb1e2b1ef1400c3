import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  CheckSquare,
  CircleDot,
  Eye,
  Mail,
  Megaphone,
  MousePointerClick,
  Receipt,
  StickyNote,
  Ticket,
  Undo2,
  type LucideIcon,
} from "lucide-react";

import { useData } from "@/api/context";
import type { TimelineEntry } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { mergePages } from "@/components/admin/pages";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { NoteComposer } from "./NoteComposer";
import { byMonth, isKnownKind, type TimelineKind } from "./timelineModel";

const ICONS: Record<TimelineKind, LucideIcon> = {
  order: Receipt,
  product_ordered: Receipt,
  product_returned: Undo2,
  page_viewed: Eye,
  ticket: Ticket,
  ticket_opened: Ticket,
  note: StickyNote,
  task: CheckSquare,
  message_received: Mail,
  message_sent: Mail,
  campaign_sent: Megaphone,
  campaign_opened: Megaphone,
  campaign_clicked: MousePointerClick,
};

/** Everything that happened with a customer, over all channels, newest first. */
export function Timeline({ contactId }: { contactId: string }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const mayWrite = useMay("write");
  const timeline = useInfiniteQuery({
    queryKey: keys.timeline(contactId),
    queryFn: ({ pageParam }) => data.timeline(contactId, { cursor: pageParam, limit: 40 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const entries = mergePages(timeline.data?.pages ?? []);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="mb-2 font-semibold">
        {t("timeline.title")}
      </h2>
      {mayWrite && <NoteComposer contactId={contactId} />}
      {timeline.error && <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />}
      {timeline.isPending && <Skeleton className="w-1/2" />}
      {timeline.isSuccess && entries.length === 0 && <EmptyState title={t("timeline.empty")} />}
      {byMonth(entries).map(({ month, entries }) => (
        <div key={month}>
          <h3 className="sticky top-0 z-10 -mx-1 bg-canvas px-1 py-1.5 text-xs text-ink-3">
            {formats.month(month, "long")}
          </h3>
          <ol className="mb-3">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </div>
      ))}
      {timeline.hasNextPage && (
        <Button disabled={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const t = useT();
  const formats = useFormats();
  const known = isKnownKind(entry.kind) ? entry.kind : null;
  const Icon = known ? ICONS[known] : CircleDot;
  const isQuiet = known === "page_viewed";
  const label = known ? t(`timeline.kind.${known}`) : entry.kind.replaceAll("_", " ");
  return (
    <li className="relative flex gap-3 pb-3 before:absolute before:top-6 before:bottom-0 before:left-3 before:w-px before:bg-line last:before:hidden">
      <span
        className="z-[1] grid size-6 shrink-0 place-items-center rounded-full border bg-raised text-ink-2"
        aria-hidden
      >
        <Icon className="size-3" />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={cn(isQuiet ? "text-ink-2" : "font-medium")}>{label}</span>
          {entry.order ? (
            <Link
              to="/orders/$id"
              params={{ id: entry.order.id }}
              className="text-accent-text hover:underline"
            >
              {entry.order.external_id ?? entry.title}
            </Link>
          ) : entry.ticket_id ? (
            <Link
              to="/tickets/$id"
              params={{ id: entry.ticket_id }}
              className="min-w-0 text-accent-text hover:underline"
            >
              {entry.title}
            </Link>
          ) : (
            <span className={cn("min-w-0 whitespace-pre-wrap", isQuiet && "text-ink-2")}>{entry.title}</span>
          )}
          {entry.amount && <span className="numeric font-medium">{formats.money(entry.amount)}</span>}
          <time dateTime={entry.at} className="ml-auto shrink-0 text-xs text-ink-3">
            {formats.dateTime(entry.at)}
          </time>
        </p>
        {entry.detail && <p className="line-clamp-2 text-xs text-ink-2">{entry.detail}</p>}
        {entry.actor && <p className="text-xs text-ink-3">{entry.actor}</p>}
      </div>
    </li>
  );
}
