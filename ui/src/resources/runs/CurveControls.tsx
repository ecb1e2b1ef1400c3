import { useId } from "react";

import { Chip } from "@/components/ui/Chip";
import { useFormats, useT } from "@/i18n";
import { MAX_SMOOTHING } from "./comparison";

export interface CurveLook {
  isLog: boolean;
  smoothing: number;
}

interface CurveControlsProps {
  look: CurveLook;
  onChange: (look: CurveLook) => void;
}

/** How curves are drawn: on which axis, and how smooth. */
export function CurveControls({ look, onChange }: CurveControlsProps) {
  const t = useT();
  const formats = useFormats();
  const id = useId();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <Chip isOn={look.isLog} onClick={() => onChange({ ...look, isLog: !look.isLog })}>
        {t("runs.log")}
      </Chip>
      <span className="flex items-center gap-2 text-xs text-ink-2">
        <label htmlFor={id}>{t("runs.smoothing")}</label>
        <input
          id={id}
          type="range"
          min={0}
          max={MAX_SMOOTHING}
          step={0.01}
          value={look.smoothing}
          onChange={(event) => onChange({ ...look, smoothing: Number(event.target.value) })}
          className="w-28"
        />
        <span aria-hidden className="numeric w-8">
          {formats.number(look.smoothing, { minimumFractionDigits: 2 })}
        </span>
      </span>
    </div>
  );
}
