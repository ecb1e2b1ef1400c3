import type { WebhookStatus } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { countOf } from "./webhookModel";

const LOOKS: Record<WebhookStatus, string> = {
  delivered: "bg-good h-4",
  failed: "bg-bad h-4",
  waiting: "bg-warn h-2",
  withheld: "bg-track h-2",
};

/** The latest deliveries at a glance, the latest to the right. */
export function HealthStrip({ recent }: { recent: WebhookStatus[] }) {
  const t = useT();
  const formats = useFormats();
  const label = t("webhooks.strip", {
    delivered: formats.number(countOf(recent, "delivered")),
    failed: formats.number(countOf(recent, "failed")),
    waiting: formats.number(countOf(recent, "waiting")),
  });
  return (
    <span role="img" aria-label={label} title={label} className="flex h-4 items-end gap-px">
      {recent.toReversed().map((status, idx) => (
        <span key={idx} className={cn("w-1.5 rounded-xs", LOOKS[status])} />
      ))}
    </span>
  );
}
