import type { ComponentProps, ReactNode } from "react";

import { cn } from "./cn";
import { initials, tintOf } from "./initials";

/** Initials on a soft colour that stays the same for a name. */
export function Avatar({ name, size = "sm" }: { name: string; size?: "sm" | "lg" }) {
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 place-items-center rounded-full font-semibold",
        size === "sm" ? "size-5 text-[0.5625rem]" : "size-11 text-base",
        `tint-${tintOf(name)}`,
      )}
    >
      {initials(name)}
    </span>
  );
}

/** A word in an outline, with a dot in front where it has a colour. */
export function Badge({
  color,
  tone = "plain",
  className,
  children,
}: {
  color?: string | undefined;
  tone?: "plain" | "good" | "warn" | "bad" | "accent";
  className?: string;
  children: ReactNode;
}) {
  const tones = {
    plain: "border-line bg-raised text-ink",
    good: "border-transparent bg-good-soft text-good",
    warn: "border-transparent bg-warn-soft text-warn",
    bad: "border-transparent bg-bad-soft text-bad",
    accent: "border-transparent bg-accent-soft text-accent-text",
  };
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1.5 rounded-full border px-2 text-2xs font-medium",
        tones[tone],
        className,
      )}
    >
      {color && <Dot color={color} />}
      <span className="truncate">{children}</span>
    </span>
  );
}

export function Dot({ color, className }: { color: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn("size-1.5 shrink-0 rounded-full", className)}
      style={{ backgroundColor: color }}
    />
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded border border-line-strong bg-raised px-1 font-sans text-2xs text-ink-2">
      {children}
    </kbd>
  );
}

/** A bar from nothing to all; give it a label, for it is a progress bar to a screen reader. */
export function Meter({
  share,
  label,
  className,
  color,
}: {
  share: number;
  label: string;
  className?: string;
  color?: string;
}) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn("block h-1.5 w-full overflow-hidden rounded-full bg-track", className)}
    >
      <span
        className="block h-full rounded-full bg-accent"
        style={{ width: `${percent}%`, ...(color ? { backgroundColor: color } : {}) }}
      />
    </span>
  );
}

export function ProgressBar({ share, label }: { share: number | null; label: string }) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}
      className="block h-1.5 w-full overflow-hidden rounded-full bg-track"
    >
      <span
        className={cn(
          "block h-full rounded-full bg-accent transition-[width] duration-300",
          share === null && "animate-shimmer w-1/3",
        )}
        style={share === null ? {} : { width: `${Math.min(1, share) * 100}%` }}
      />
    </span>
  );
}

export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section className={cn("rounded-xl border border-line bg-raised", className)} {...rest} />;
}

export function CardTitle({
  children,
  action,
  id,
}: {
  children: ReactNode;
  action?: ReactNode;
  id?: string;
}) {
  return (
    <div className="flex min-h-10 items-center justify-between gap-2 px-4 pt-2">
      <h2 id={id} className="font-semibold">
        {children}
      </h2>
      {action}
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("animate-shimmer block h-3 rounded bg-track", className)} />;
}

/** Label and value pairs. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] items-center gap-x-3">{children}</dl>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="py-1 text-xs text-ink-3">{label}</dt>
      <dd className="min-w-0 py-0.5 break-words">{children}</dd>
    </>
  );
}
