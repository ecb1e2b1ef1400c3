import type { Priority, TicketStatus } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useT } from "@/i18n";

const STATUS_TONES = { open: "accent", pending: "warn", solved: "good", closed: "plain" } as const;
const PRIORITY_TONES = { low: "plain", normal: "plain", high: "warn", urgent: "bad" } as const;

export const PRIORITIES: Priority[] = ["low", "normal", "high", "urgent"];

export function TicketBadge({ status }: { status: TicketStatus }) {
  const t = useT();
  return <Badge tone={STATUS_TONES[status]}>{t(`ticket.is.${status}`)}</Badge>;
}

export function PriorityBadge({ priority }: { priority: Priority }) {
  const t = useT();
  return <Badge tone={PRIORITY_TONES[priority]}>{t(`priority.${priority}`)}</Badge>;
}
