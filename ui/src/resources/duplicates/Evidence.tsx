import type { MatchAgreement, MatchField, MatchPair } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { differences, type Piece } from "./differences";
import { Marked } from "./Marked";
import { useFieldTexts } from "./useFieldTexts";
import { barOf, type Step, type Waterfall } from "./waterfall";

const TONES = {
  same: "good",
  close: "accent",
  similar: "plain",
  different: "warn",
  missing: "plain",
} as const satisfies Record<MatchAgreement, string>;

/** How near the two values of a field are, in a word. */
export function Agreement({ agreement }: { agreement: MatchAgreement }) {
  const t = useT();
  return (
    <Badge tone={TONES[agreement]} className={cn(agreement === "missing" && "text-ink-3")}>
      {t(`duplicates.agreement.${agreement}`)}
    </Badge>
  );
}

/** Both values of a field as they are shown, what differs marked. */
export function useValues(): (field: Pick<MatchField, "field" | "left" | "right">) => {
  left: Piece[] | null;
  right: Piece[] | null;
} {
  const { valuesOf } = useFieldTexts();
  return (field) => {
    const [left, right] = valuesOf(field);
    const plain = (text: string | null) => (text === null ? null : [{ text, isMarked: false }]);
    if (left === null || right === null) return { left: plain(left), right: plain(right) };
    return differences(left, right);
  };
}

export function Value({ pieces }: { pieces: Piece[] | null }) {
  const t = useT();
  if (pieces === null)
    return (
      <span className="text-ink-3">
        <span aria-hidden>—</span>
        <span className="sr-only">{t("duplicates.noValue")}</span>
      </span>
    );
  return <Marked pieces={pieces} />;
}

interface BarProps {
  fall: Waterfall;
  /** Nothing where a field says nothing: then only the line at zero goes on. */
  step: Pick<Step, "from" | "to"> | undefined;
  isSum?: boolean;
}

/** What one field speaks for, where the sum goes from and to, and how much that is. */
export function Bar({ fall, step, isSum = false }: BarProps) {
  const t = useT();
  const formats = useFormats();
  const { from, to } = step ?? { from: 0, to: 0 };
  const weight = to - from;
  const { left, width } = barOf(fall, from, to);
  const zero = barOf(fall, fall.low, 0).width;
  const text = formats.number(weight, { signDisplay: "exceptZero", maximumFractionDigits: 1 });
  const sense = weight < 0 ? "duplicates.bitsAgainst" : "duplicates.bitsFor";
  return (
    <span className="grid grid-cols-[minmax(0,1fr)_2.75rem] items-center gap-2">
      <span className="relative h-4" aria-hidden>
        <span
          className="absolute -inset-y-2 w-px bg-line-strong phone:inset-y-0"
          style={{ left: `${zero * 100}%` }}
        />
        {step && (
          <span
            className={cn("absolute inset-y-0.5 min-w-0.5 rounded-xs", weight >= 0 && "bg-accent")}
            style={{
              left: `${left * 100}%`,
              width: `${width * 100}%`,
              ...(weight < 0 ? { backgroundColor: "var(--series-3)" } : {}),
              ...(isSum ? {} : { opacity: 0.82 }),
            }}
          />
        )}
      </span>
      {step && (
        <span className={cn("numeric text-right", isSum && "font-semibold")}>
          <span aria-hidden>{text}</span>
          <span className="sr-only">
            {t(sense, { text: formats.number(Math.abs(weight), { maximumFractionDigits: 1 }) })}
          </span>
        </span>
      )}
    </span>
  );
}

/** The steps of the fields by their names; a field that says nothing has none. */
export const stepsByField = (fall: Waterfall) => new Map(fall.steps.map((step) => [step.key, step]));

export interface EvidenceProps {
  pair: MatchPair;
  fall: Waterfall;
}
