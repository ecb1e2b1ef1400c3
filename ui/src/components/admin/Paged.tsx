import type { ReactNode } from "react";

import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import type { PagesResult } from "./usePages";

/** What is asked of a list that comes in pages, whatever its rows are. */
interface Pages extends Pick<
  PagesResult,
  "isPending" | "error" | "isSuccess" | "hasNextPage" | "isFetchingNextPage"
> {
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

interface PagedProps {
  pages: Pages;
  /** Said when there is not one row. */
  empty: string;
  isEmpty: boolean;
  children: ReactNode;
}

/** What stands around a list within a page: loading, refusal, nothing there, and the way to more rows. */
export function Paged({ pages, empty, isEmpty, children }: PagedProps) {
  const t = useT();
  return (
    <>
      {pages.isPending && (
        <div role="status" aria-label={t("common.loading")} className="px-4 pb-4">
          <Skeleton className="w-1/2" />
        </div>
      )}
      {pages.error && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && isEmpty && <p className="px-4 pb-4 text-ink-2">{empty}</p>}
      {children}
      {pages.hasNextPage && (
        <div className="px-4 pb-3">
          <Button size="sm" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </>
  );
}
