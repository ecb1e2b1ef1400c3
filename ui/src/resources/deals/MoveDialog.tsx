import { ArrowRight } from "lucide-react";

import type { Deal, Stage } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { stageIdOf } from "./dealModel";

interface MoveDialogProps {
  deal: Deal;
  stages: Stage[];
  onMove: (stageId: string) => void;
  onClose: () => void;
}

/** Moves a deal by a choice, for who cannot or does not want to drag. */
export function MoveDialog({ deal, stages, onMove, onClose }: MoveDialogProps) {
  const t = useT();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={deal.name}
      description={t("deals.moveTo")}
      className="max-w-sm"
    >
      <ul className="scrollbar-thin grid gap-1 overflow-y-auto p-3">
        {stages.map((stage) => (
          <li key={stage.id}>
            <Button
              variant="ghost"
              className="h-9 w-full text-ink"
              disabled={stage.id === stageIdOf(deal)}
              onClick={() => (onClose(), onMove(stage.id))}
            >
              <ArrowRight />
              {stage.name}
              {stage.id === stageIdOf(deal) && <span className="ml-auto">{t("deals.isHere")}</span>}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
