import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { useT } from "@/i18n";
import { IconButton } from "./Button";
import { cn } from "./cn";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** The title is for screen readers only, and so is the way out. */
  isBare?: boolean;
  className?: string;
  children: ReactNode;
}

/**
 * A modal dialog. The scrim is our own element: radix's overlay locks scrolling by an injected
 * `<style>`, which the content security policy refuses; the shell never scrolls anyway.
 */
export function Dialog({ open, onOpenChange, title, description, isBare, className, children }: DialogProps) {
  const t = useT();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 bg-scrim" aria-hidden />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "animate-appear fixed top-[12vh] left-1/2 z-50 flex max-h-[78vh] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-float outline-none",
            className,
          )}
        >
          <div className={isBare ? "sr-only" : "flex items-start gap-3 border-b px-5 pt-4 pb-3"}>
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-ink-2">{description}</Radix.Description>
              )}
            </div>
            {!isBare && (
              <Radix.Close asChild>
                <IconButton label={t("common.close")} className="-mt-1 -mr-2">
                  <X />
                </IconButton>
              </Radix.Close>
            )}
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
