import { Slot } from "radix-ui";
import { lazy, Suspense, useId, useRef, useState, type ReactElement, type ReactNode } from "react";

/** What places the panel and holds the keyboard weighs more than a list: it comes when it is asked for. */
const loadPanel = () => import("./PopoverPanel");
const PopoverPanel = lazy(loadPanel);

interface PopoverProps {
  /** A button; a click opens and closes. */
  trigger: ReactElement;
  label: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

/** A panel beside its button. The focus stays on the button until the panel is there. */
export function Popover({ trigger, open, onOpenChange, ...panel }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpenHere, setOpenHere] = useState(false);
  const isOpen = open ?? isOpenHere;

  function show(next: boolean) {
    setOpenHere(next);
    onOpenChange?.(next);
  }

  // A part that fails to come says so when it is asked for.
  const prepare = () => void loadPanel().catch(() => undefined);
  return (
    <>
      <Slot.Root
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        {...(isOpen ? { "aria-controls": id } : {})}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={() => show(!isOpen)}
      >
        {trigger}
      </Slot.Root>
      <Suspense>
        {isOpen && <PopoverPanel {...panel} id={id} button={button} onClose={() => show(false)} />}
      </Suspense>
    </>
  );
}
