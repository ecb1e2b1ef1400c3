import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, X } from "lucide-react";

import { useData } from "@/api/context";
import type { Segment } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { mergePages } from "@/components/admin/pages";
import { Avatar, Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";

/** Who is in a segment. */
export function Members({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const members = useInfiniteQuery({
    queryKey: keys.members(segment.id),
    queryFn: ({ pageParam }) => data.members(segment.id, { cursor: pageParam, limit: 24 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Card>
      <CardTitle
        action={
          <span className="flex items-center gap-1">
            <Button asChild variant="ghost" size="sm">
              <Link to="/contacts" search={{ filter: [`segment_id:eq:${segment.id}`] }}>
                {t("segments.openInContacts")}
                <ArrowRight />
              </Link>
            </Button>
            <IconButton label={t("common.close")} onClick={onClose}>
              <X />
            </IconButton>
          </span>
        }
      >
        {t("segments.membersOf", {
          name: formats.text(segment.name),
          count: segment.size,
          text: formats.number(segment.size),
        })}
      </CardTitle>
      {members.isPending && (
        <div className="px-4 pb-4">
          <Skeleton className="w-1/2" />
        </div>
      )}
      {members.error && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(17rem,100%),1fr))] gap-x-4 px-2 pb-2">
        {mergePages(members.data?.pages ?? []).map((contact) => (
          <li key={contact.id}>
            <Link
              to="/contacts/$id"
              params={{ id: contact.id }}
              className="flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover"
            >
              <Avatar name={contact.name} />
              <span className="min-w-0 flex-1 truncate">{contact.name}</span>
              <span className="numeric text-ink-2">
                {contact.total_spent && formats.money(contact.total_spent, "whole")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {members.hasNextPage && (
        <div className="px-4 pb-3">
          <Button
            size="sm"
            disabled={members.isFetchingNextPage}
            onClick={() => void members.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        </div>
      )}
    </Card>
  );
}
