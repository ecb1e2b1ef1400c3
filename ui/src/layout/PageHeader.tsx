import { useIsMutating } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";

import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { EditableTitle } from "./EditableTitle";
import { rememberRecord } from "./recents";
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

let lastPage: string | null = null;

/** On a new page the focus begins at its heading, so that a screen reader says where one is. */
function arriveAt(pathname: string, heading: HTMLElement | null) {
  const isFirst = lastPage === null;
  const isSame = lastPage === pathname;
  lastPage = pathname;
  // Who has begun to type already stays where he is, and so does who is in a dialog.
  const isBusy = document.activeElement?.matches("input, textarea, select, [role=dialog] *");
  if (!isFirst && !isSame && !isBusy) heading?.focus({ preventScroll: true });
}

export function PageHeader({ title, rename, before, note, actions }: PageHeaderProps) {
  const t = useT();
  const isSaving = useIsMutating({ mutationKey: ["edit"] }) > 0;
  const mayWrite = useMay("write");
  const heading = useRef<HTMLHeadingElement>(null);
  // The address changes before the page does; this is the one of the page that shows.
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const isReady = title !== t("common.loading");
  useEffect(() => {
    document.title = `${title} · Rapport`;
    if (isReady && pathname) rememberRecord(pathname, title);
  }, [title, isReady, pathname]);
  useEffect(() => {
    if (isReady && pathname) arriveAt(pathname, heading.current);
  }, [isReady, pathname]);
  return (
    <header className="flex h-11 items-center gap-2 border-b px-4">
      <MenuButton />
      {before}
      {rename && mayWrite ? (
        <EditableTitle title={title} {...rename} heading={heading} />
      ) : (
        <h1 ref={heading} tabIndex={-1} className="truncate text-base font-semibold outline-none">
          {title}
        </h1>
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
