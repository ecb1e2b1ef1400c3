import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";

import { EmptyState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";

interface AccessFrameProps {
  title: string;
  actions: ReactNode;
  /** What there is to choose from, at the side. */
  side: ReactNode;
  children: ReactNode;
}

/** A screen of the settings that only administrators have: a list at the side and what was chosen. */
export function AccessFrame({ title, actions, side, children }: AccessFrameProps) {
  const t = useT();
  const isAdmin = useMay("administer");
  const back = (
    <Link
      to="/settings"
      aria-label={t("nav.settings")}
      title={t("nav.settings")}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title={title} before={back} actions={isAdmin && actions} />
      <PageBody>
        {isAdmin ? (
          <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] items-start gap-4 p-4 lg:grid-cols-[17rem_minmax(0,1fr)]">
            {side}
            <div className="grid min-w-0 gap-4">{children}</div>
          </div>
        ) : (
          <EmptyState title={t("error.refused")} text={t("error.refusedHint")} />
        )}
      </PageBody>
    </div>
  );
}
