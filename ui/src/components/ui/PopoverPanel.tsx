import { Popover as Radix } from "radix-ui";
import { useRef, type ReactNode, type RefObject } from "react";

import { cn } from "./cn";

interface PopoverPanelProps {
  id: string;
  /** What it stands beside, and where the keyboard goes on from. */
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

/** The open panel of a `Popover`; it has the focus from the moment it is there. */
export default function PopoverPanel({ id, button, label, onClose, className, children }: PopoverPanelProps) {
  // Who left it for something else has his place there.
  const isLeft = useRef(false);
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Anchor virtualRef={button as RefObject<HTMLButtonElement>} />
      <Radix.Portal>
        <Radix.Content
          id={id}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className={cn(
            "animate-appear z-50 w-72 rounded-lg border border-line bg-raised p-3 shadow-float outline-none",
            className,
          )}
          onInteractOutside={(event) => {
            // A click on the button closes by itself.
            if (button.current?.contains(event.target as Node)) event.preventDefault();
            else isLeft.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isLeft.current) button.current?.focus();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
