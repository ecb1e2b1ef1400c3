import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "./cn";

const VARIANTS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover border-transparent",
  secondary: "bg-raised text-ink hover:bg-hover border-line",
  ghost: "text-ink-2 hover:bg-hover hover:text-ink border-transparent",
  danger: "bg-raised text-bad hover:bg-bad-soft border-line",
};

const SIZES = {
  md: "h-7 px-2.5 gap-1.5 phone:h-8",
  sm: "h-6 px-2 gap-1.5 text-xs phone:h-7",
  icon: "size-7 justify-center phone:size-8",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Puts the looks on the only child, for links that look like buttons. */
  asChild?: boolean;
}

export function Button({ variant = "secondary", size = "md", asChild, className, ...rest }: ButtonProps) {
  const Tag = asChild ? Slot.Root : "button";
  return (
    <Tag
      {...(asChild ? {} : { type: "button" as const })}
      className={cn(
        "inline-flex shrink-0 items-center rounded-md border font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  );
}

/** A button with a sign instead of words; the label is what a screen reader says. */
export function IconButton({ label, variant = "ghost", ...rest }: ButtonProps & { label: string }) {
  return <Button size="icon" variant={variant} aria-label={label} title={label} {...rest} />;
}
