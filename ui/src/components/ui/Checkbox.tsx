import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "./cn";

export function Checkbox({
  className,
  ...rest
}: ComponentProps<typeof Radix.Root> & { "aria-label": string }) {
  return (
    <Radix.Root
      className={cn(
        "grid size-4 shrink-0 place-items-center rounded border border-control bg-raised text-accent-ink data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent",
        className,
      )}
      {...rest}
    >
      <Radix.Indicator>
        {rest.checked === "indeterminate" ? (
          <Minus className="size-3" strokeWidth={3} />
        ) : (
          <Check className="size-3" strokeWidth={3} />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
}
