import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useData } from "@/api/context";
import type { ShowRecords, ShowResource } from "@/api/dataProvider";
import { keys } from "@/components/admin/caches";
import { Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { kindOf } from "@/resources/access/accessModel";
import { useMayChange, type Owned } from "@/resources/session/useMayChange";
import { useFieldState } from "@/resources/session/useFieldState";
import { MayChangeThis } from "@/resources/session/useSession";
import { BackLink } from "./BackLink";
import { PageBody, PageHeader } from "./PageHeader";

const POLL_MS = 5_000;

const isUnderWay = (record: object | undefined) =>
  record !== undefined && "status" in record && (record.status === "queued" || record.status === "running");

interface RecordPageProps<R extends ShowResource> {
  resource: R;
  titleOf: (record: ShowRecords[R]) => string;
  /** Makes the title a field. */
  rename?: (record: ShowRecords[R]) => { label: string; onSave: (title: string) => void };
  note?: (record: ShowRecords[R]) => ReactNode;
  actions?: (record: ShowRecords[R]) => ReactNode;
  children: (record: ShowRecords[R]) => ReactNode;
}

/** The page of one record: found by the id in the address, with its loading and error states. */
export function RecordPage<R extends ShowResource>({
  resource,
  titleOf,
  rename,
  note,
  actions,
  children,
}: RecordPageProps<R>) {
  const t = useT();
  const data = useData();
  const { id } = useParams({ strict: false }) as { id: string };
  const {
    data: record,
    error,
    refetch,
  } = useQuery({
    queryKey: keys.record(resource, id),
    queryFn: () => data.find(resource, id),
    // Events tell how far an import is; asking now and then helps where they do not come through.
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? POLL_MS : false),
  });
  const kind = kindOf(resource);
  const owned = kind && (record as Owned | undefined);
  const mayChange = useMayChange(kind, owned);
  const mayRename = useFieldState(kind)("name") === "edit";
  return (
    <MayChangeThis value={mayChange}>
      <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
        <PageHeader
          title={record ? titleOf(record) : t("common.loading")}
          rename={record && mayRename ? rename?.(record) : undefined}
          before={<BackLink resource={resource} label={t(`nav.${resource}`)} />}
          note={record && note?.(record)}
          actions={record && actions?.(record)}
        />
        <PageBody>
          {record ? (
            <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
              {children(record)}
            </div>
          ) : error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : (
            <div role="status" aria-label={t("common.loading")} className="grid content-start gap-4 p-6">
              <Skeleton className="w-64" />
              <Skeleton className="w-96" />
            </div>
          )}
        </PageBody>
      </div>
    </MayChangeThis>
  );
}
