import { Ban, Globe, Network, User, Users, type LucideIcon } from "lucide-react";

import type { Reach } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { REACHES } from "./accessModel";

const SIGNS: Record<Reach, LucideIcon> = {
  none: Ban,
  own: User,
  team: Users,
  department: Network,
  all: Globe,
};

/** Each reach has a color and a sign, so that a role is seen before it is read. */
const LOOKS: Record<Reach, string> = {
  none: "bg-sunken text-ink-3",
  own: "tint-5",
  team: "tint-4",
  department: "tint-3",
  all: "tint-2",
};

const CHIP = "inline-flex h-6 max-w-full items-center gap-1.5 rounded-full px-2 text-xs font-medium";

export function ReachChip({ reach }: { reach: Reach }) {
  const t = useT();
  const Sign = SIGNS[reach];
  return (
    <span className={cn(CHIP, LOOKS[reach])} title={t(`rights.reachHint.${reach}`)}>
      <Sign className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate">{t(`rights.reach.${reach}`)}</span>
    </span>
  );
}

interface ReachSelectProps {
  label: string;
  value: Reach;
  mayChoose: (reach: Reach) => boolean;
  onChange: (reach: Reach) => void;
}

/** The chip as a field: the browser's own select, in the color of what it says. */
export function ReachSelect({ label, value, mayChoose, onChange }: ReachSelectProps) {
  const t = useT();
  const Sign = SIGNS[value];
  return (
    <span className={cn(CHIP, LOOKS[value], "relative w-full min-w-24 pr-1")}>
      <Sign className="size-3.5 shrink-0" aria-hidden />
      <select
        aria-label={label}
        title={t(`rights.reachHint.${value}`)}
        value={value}
        onChange={(event) => onChange(event.target.value as Reach)}
        className="h-6 w-full min-w-0 cursor-pointer rounded-full bg-transparent text-xs font-medium text-current"
      >
        {REACHES.map((reach) => (
          <option
            key={reach}
            value={reach}
            disabled={!mayChoose(reach)}
            className="bg-raised text-ink disabled:text-ink-3"
          >
            {t(`rights.reach.${reach}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

/** What the colors mean, from nobody's records to everybody's. */
export function ReachLegend() {
  const t = useT();
  return (
    <dl aria-label={t("rights.legend")} className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
      {REACHES.map((reach) => (
        <div key={reach} className="flex items-center gap-2">
          <dt className="w-28 shrink-0">
            <ReachChip reach={reach} />
          </dt>
          <dd className="min-w-0 text-xs text-ink-2">{t(`rights.reachHint.${reach}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
