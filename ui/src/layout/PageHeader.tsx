import { useIsMutating } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { useEffect, type ReactNode } from "react";

import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { EditableTitle } from "./EditableTitle";
import { MenuButton } from "./Sidebar";

interface PageHeaderProps {
  title: string;
  /** Makes the title a field: what it is called and how it is saved. */
  rename?: { label: string; onSave: (title: string) => void } | undefined;
  /** What stands before the title: an avatar, a way back. */
  before?: ReactNode;
  /** Beside the title: a text in grey, which phones have no room for, or a badge. */
  note?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, rename, before, note, actions }: PageHeaderProps) {
  const t = useT();
  const isSaving = useIsMutating({ mutationKey: ["edit"] }) > 0;
  useEffect(() => {
    document.title = `${title} · Rapport`;
  }, [title]);
  return (
    <header className="flex h-11 items-center gap-2 border-b px-4">
      <MenuButton />
      {before}
      {rename ? (
        <EditableTitle title={title} {...rename} />
      ) : (
        <h1 className="truncate text-base font-semibold">{title}</h1>
      )}
      {note && (
        <span
          className={cn(
            "numeric text-ink-2",
            typeof note === "string" ? "truncate phone:hidden" : "shrink-0",
          )}
        >
          {note}
        </span>
      )}
      <span aria-live="polite" className="ml-2 flex items-center gap-1.5 text-xs text-ink-3">
        {isSaving && (
          <>
            <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
            {t("edit.saving")}
          </>
        )}
      </span>
      <div className="ml-auto flex items-center gap-1.5">{actions}</div>
    </header>
  );
}

/** A page that scrolls as a whole, below its header. */
export function PageBody({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    // Focusable, so that the keyboard can scroll a page without links.
    <div tabIndex={0} className={`scrollbar-thin min-h-0 overflow-y-auto outline-none ${className}`}>
      {children}
    </div>
  );
}
