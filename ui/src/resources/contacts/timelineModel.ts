import type { Month, TimelineEntry } from "@/api/types";
import { dayOf } from "@/i18n/calendar";

/** Kinds of entries that have words of their own; the rest is shown as it came. */
export const KINDS = [
  "order",
  "product_ordered",
  "product_returned",
  "page_viewed",
  "ticket",
  "ticket_opened",
  "note",
  "task",
  "message_received",
  "message_sent",
  "meeting",
  "meeting_cancelled",
  "campaign_sent",
  "campaign_opened",
  "campaign_clicked",
] as const;
export type TimelineKind = (typeof KINDS)[number];

export const isKnownKind = (kind: string): kind is TimelineKind =>
  (KINDS as readonly string[]).includes(kind);

/** Entries by calendar month where the reader is, as their times are shown, in the order in which they come. */
export function byMonth(entries: TimelineEntry[]): { month: Month; entries: TimelineEntry[] }[] {
  const groups: { month: Month; entries: TimelineEntry[] }[] = [];
  for (const entry of entries) {
    const month = dayOf(Date.parse(entry.at)).slice(0, 7);
    const last = groups.at(-1);
    if (last?.month === month) last.entries.push(entry);
    else groups.push({ month, entries: [entry] });
  }
  return groups;
}

/** What of a timeline is shown. */
export const FACETS = ["all", "orders", "messages", "notes"] as const;
export type Facet = (typeof FACETS)[number];

const KINDS_OF: Record<Exclude<Facet, "all">, readonly TimelineKind[]> = {
  orders: ["order", "product_ordered", "product_returned"],
  messages: [
    "message_received",
    "message_sent",
    "meeting",
    "meeting_cancelled",
    "ticket",
    "ticket_opened",
    "campaign_sent",
    "campaign_opened",
    "campaign_clicked",
  ],
  notes: ["note", "task"],
};

export function isOfFacet({ kind }: Pick<TimelineEntry, "kind">, facet: Facet): boolean {
  return facet === "all" || (isKnownKind(kind) && KINDS_OF[facet].includes(kind));
}

/** Page views that follow each other as one run, everything else by itself. */
export function withRuns(entries: TimelineEntry[]): TimelineEntry[][] {
  const runs: TimelineEntry[][] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    const isView = entry.kind === "page_viewed";
    if (isView && last?.[0]?.kind === "page_viewed") last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
