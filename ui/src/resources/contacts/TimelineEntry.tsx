import { Link } from "@tanstack/react-router";
import {
  CalendarDays,
  CalendarX2,
  CheckSquare,
  ChevronRight,
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
import { useState } from "react";

import type { TimelineEntry } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { isKnownKind, type TimelineKind } from "./timelineModel";

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
  meeting: CalendarDays,
  meeting_cancelled: CalendarX2,
  campaign_sent: Megaphone,
  campaign_opened: Megaphone,
  campaign_clicked: MousePointerClick,
};

const LINE =
  "relative flex gap-3 pb-3 before:absolute before:top-6 before:bottom-0 before:left-3 before:w-px before:bg-line last:before:hidden";

function Mark({ icon: Icon }: { icon: LucideIcon }) {
  return (
    <span
      className="z-[1] grid size-6 shrink-0 place-items-center rounded-full border bg-raised text-ink-2"
      aria-hidden
    >
      <Icon className="size-3" />
    </span>
  );
}

/** One thing that happened. */
export function Entry({ entry }: { entry: TimelineEntry }) {
  const t = useT();
  const formats = useFormats();
  const known = isKnownKind(entry.kind) ? entry.kind : null;
  const Icon = known ? ICONS[known] : CircleDot;
  const isQuiet = known === "page_viewed";
  const label = known ? t(`timeline.kind.${known}`) : entry.kind.replaceAll("_", " ");
  return (
    <li className={LINE}>
      <Mark icon={Icon} />
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
            {formats.dayTime(entry.at)}
          </time>
        </p>
        {entry.detail && <p className="line-clamp-2 text-xs text-ink-2">{entry.detail}</p>}
        {entry.actor && <p className="text-xs text-ink-3">{entry.actor}</p>}
      </div>
    </li>
  );
}

/** Pages looked at one after the other, as one line that opens. */
export function ViewRun({ entries }: { entries: TimelineEntry[] }) {
  const t = useT();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const latest = entries[0];
  if (latest === undefined) return null;
  return (
    <>
      <li className={LINE}>
        <Mark icon={Eye} />
        <div className="flex min-w-0 flex-1 items-baseline gap-x-2 pt-0.5">
          <button
            type="button"
            aria-expanded={isOpen}
            className="-mx-1 flex items-center gap-1 rounded px-1 text-ink-2 hover:text-ink"
            onClick={() => setOpen(!isOpen)}
          >
            {t("timeline.pagesViewed", { count: entries.length })}
            <ChevronRight
              className={cn("size-3.5 transition-transform", isOpen && "rotate-90")}
              aria-hidden
            />
          </button>
          <time dateTime={latest.at} className="ml-auto shrink-0 text-xs text-ink-3">
            {formats.dayTime(latest.at)}
          </time>
        </div>
      </li>
      {isOpen && entries.map((entry) => <Entry key={entry.id} entry={entry} />)}
    </>
  );
}
