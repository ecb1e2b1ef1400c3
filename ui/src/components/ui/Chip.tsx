import type { ComponentProps } from "react";

import { cn } from "./cn";

/** A small button that is on or off. */
export function Chip({ isOn, className, ...rest }: ComponentProps<"button"> & { isOn: boolean }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      className={cn(
        "h-6 rounded-full border px-2.5 text-xs phone:h-7",
        isOn
          ? "border-transparent bg-accent-soft font-medium text-accent-text"
          : "text-ink-2 hover:bg-hover hover:text-ink",
        className,
      )}
      {...rest}
    />
  );
}
