import { cn } from "./cn";

interface SegmentedProps<K extends string> {
  label: string;
  options: { value: K; label: string }[];
  value: K;
  onChange: (value: K) => void;
}

/** A few ways to see the same thing, of which one is on. */
export function Segmented<K extends string>({ label, options, value, onChange }: SegmentedProps<K>) {
  return (
    <div role="group" aria-label={label} className="inline-flex rounded-md border bg-sunken p-px">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(SEGMENT, option.value === value ? SEGMENT_ON : "text-ink-2 hover:text-ink")}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

export const SEGMENT = "flex h-6 items-center rounded-[5px] px-2.5 text-xs font-medium phone:h-7";
export const SEGMENT_ON = "bg-raised text-ink shadow-[0_0_0_1px_var(--line-strong)]";
