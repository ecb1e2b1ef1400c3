import type { Contact } from "@/api/types";
import { Meter } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { rhythmOf } from "./contactModel";

/** The bar is full at this multiple of the usual gap. */
const FULL = 3;

/** Late from the usual gap on, as good as lost at three of them. */
function colorOf(ratio: number): string {
  if (ratio < 1) return "var(--good)";
  return ratio < 2 ? "var(--warn)" : "var(--bad)";
}

/** How long a customer has been silent, measured by the customer's own rhythm. */
export function RhythmMeter({ contact, now }: { contact: Contact; now: number }) {
  const t = useT();
  const formats = useFormats();
  const rhythm = rhythmOf(contact, now);
  if (rhythm === null) return null;
  const label = t("contact.rhythmOf", {
    silent: formats.measure(rhythm.silentDays, "days", ""),
    usual: formats.measure(rhythm.usualDays, "days", ""),
  });
  return (
    <span className="flex items-center gap-2" title={label}>
      <Meter share={rhythm.ratio / FULL} label={label} color={colorOf(rhythm.ratio)} className="w-14" />
      <span className="numeric text-ink-2">
        {formats.number(rhythm.ratio, { maximumFractionDigits: rhythm.ratio < 10 ? 1 : 0 })}×
      </span>
    </span>
  );
}
