import type { ModelStage } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useT } from "@/i18n";

const TONES = { candidate: "plain", shadow: "accent", champion: "good", retired: "plain" } as const;

export function StageBadge({ stage }: { stage: ModelStage }) {
  const t = useT();
  return (
    <Badge tone={TONES[stage]} {...(stage === "retired" ? { className: "text-ink-3" } : {})}>
      {t(`models.stage.${stage}`)}
    </Badge>
  );
}
