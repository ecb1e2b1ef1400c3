import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { Card } from "@/components/ui/bits";
import { EmptyState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { AuditFilters } from "./AuditFilters";
import { AuditTable } from "./AuditTable";
import { conditionsOf } from "./auditModel";
import type { AuditSearch } from "./auditSearch";
import { ChainCard } from "./ChainCard";

const PAGE_SIZE = 50;

/** Who changed and saw what, whether that is as it was written, and changes set back. */
export function AuditPage() {
  const t = useT();
  const mayRead = useMay("read_audit");
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
      <PageHeader title={t("audit.title")} before={back} />
      <PageBody>
        {mayRead ? (
          <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
            <p className="text-ink-2">{t("audit.hint")}</p>
            <ChainCard />
            <Entries />
          </div>
        ) : (
          <EmptyState title={t("error.refused")} text={t("error.refusedHint")} />
        )}
      </PageBody>
    </div>
  );
}

function Entries() {
  const t = useT();
  const data = useData();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as AuditSearch;
  const filter = conditionsOf(search);
  const { data: found, ...pages } = useInfiniteQuery({
    queryKey: keys.audit(filter),
    queryFn: ({ pageParam }) => data.audit({ filter }, { cursor: pageParam, limit: PAGE_SIZE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const entries = found?.pages.flatMap((page) => page.items) ?? [];
  const names = Object.assign({}, ...(found?.pages.map((page) => page.names) ?? [])) as Record<
    string,
    string
  >;
  return (
    <Card>
      <AuditFilters
        search={search}
        onChange={(next) => void navigate({ to: "/settings/audit", search: next, replace: true })}
      />
      <Paged pages={pages} empty={t("audit.empty")} isEmpty={entries.length === 0}>
        {entries.length > 0 && <AuditTable entries={entries} names={names} />}
      </Paged>
    </Card>
  );
}
