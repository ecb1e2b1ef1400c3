import type { ReactNode } from "react";

/** A row of key figures. */
export function Figures({
  figures,
}: {
  figures: { label: string; value: string; note?: ReactNode; title?: string }[];
}) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-px overflow-hidden rounded-xl border bg-raised">
      {figures.map(({ label, value, note, title }) => (
        <div key={label} className="px-4 py-2.5 shadow-[0_0_0_1px_var(--line)]" title={title}>
          <dt className="truncate text-xs text-ink-2">{label}</dt>
          <dd className="numeric truncate text-lg font-semibold tracking-tight">{value}</dd>
          {note && <dd className="truncate text-xs text-ink-3">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
