import type { RunStatus } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useT } from "@/i18n";

const TONES = { running: "accent", finished: "good", failed: "bad", cancelled: "warn" } as const;

export function RunBadge({ status }: { status: RunStatus }) {
  const t = useT();
  return <Badge tone={TONES[status]}>{t(`runs.is.${status}`)}</Badge>;
}
