import { CircleAlert, CircleCheck } from "lucide-react";

import type { ModelVersion } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { i18nHas } from "@/i18n/problems";

/** Whether a version may become champion, and why not. */
export function PromotionNote({ version }: { version: ModelVersion }) {
  const t = useT();
  const { is_ready: isReady, code, message } = version.promotion;
  const isOver = version.stage === "retired" && version.files_dropped_at === null;
  if (version.stage === "champion" || isOver) return null;
  const key = `models.promotion.${isReady ? "ready" : code}`;
  const Icon = isReady ? CircleCheck : CircleAlert;
  return (
    <p
      className={cn(
        "flex items-start gap-2 rounded-lg px-3 py-2",
        isReady ? "bg-good-soft text-good" : "bg-warn-soft text-warn",
      )}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      {i18nHas(key) ? t(key as "models.promotion.ready") : message}
    </p>
  );
}
