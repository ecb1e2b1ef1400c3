import { X } from "lucide-react";
import type { ReactNode } from "react";

import { IconButton } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";

/** Floats over a list while rows are selected. */
export function SelectionBar({
  n,
  onClear,
  children,
}: {
  n: number;
  onClear: () => void;
  children: ReactNode;
}) {
  const t = useT();
  useHotkeys(n > 0 ? { Escape: onClear } : {});
  if (n === 0) return null;
  return (
    <div
      role="region"
      aria-label={t("list.selection")}
      // Toasts make room for it, see index.css.
      data-selection-bar
      className="animate-appear absolute inset-x-0 bottom-6 z-30 mx-auto flex w-max max-w-[calc(100%-1rem)] items-center gap-2 rounded-xl border border-line bg-raised p-1.5 pl-4 shadow-float"
    >
      <span aria-live="polite" className="mr-1 font-medium whitespace-nowrap">
        {t("list.selected", { count: n })}
      </span>
      {children}
      <IconButton label={t("list.clearSelection")} onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}
