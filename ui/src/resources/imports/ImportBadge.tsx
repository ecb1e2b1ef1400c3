import type { ImportStatus } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useT } from "@/i18n";

const TONES = {
  ready: "accent",
  queued: "plain",
  running: "accent",
  done: "good",
  failed: "bad",
  cancelled: "warn",
  undoing: "accent",
  undone: "warn",
} as const;

export function ImportBadge({ status }: { status: ImportStatus }) {
  const t = useT();
  return <Badge tone={TONES[status]}>{t(`imports.is.${status}`)}</Badge>;
}
