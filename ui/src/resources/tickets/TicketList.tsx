import { Plus } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import type { Ticket, TicketStatus } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { useCreating } from "@/components/admin/useCreating";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { PriorityBadge, TicketBadge } from "./TicketBadge";

const TicketCreate = lazy(() => import("./TicketCreate"));

export const STATUSES: TicketStatus[] = ["open", "pending", "solved", "closed"];

export function TicketList() {
  const t = useT();
  const formats = useFormats();
  const mayWrite = useMay("create", "ticket");
  const [isCreating, setCreating] = useCreating();
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      {
        id: "subject",
        header: t("ticket.subject"),
        width: "minmax(16rem, 2fr)",
        isPinned: true,
        cell: (x) => <span className="block truncate">{x.subject}</span>,
      },
      {
        id: "status",
        header: t("ticket.status"),
        width: "8rem",
        isOnPhone: true,
        cell: (x) => <TicketBadge status={x.status} />,
      },
      {
        id: "priority",
        header: t("ticket.priority"),
        width: "8rem",
        cell: (x) => <PriorityBadge priority={x.priority} />,
      },
      {
        id: "contact",
        header: t("order.customer"),
        width: "minmax(10rem, 1fr)",
        cell: (x) => x.contact?.name,
      },
      {
        id: "channel",
        header: t("ticket.channel"),
        width: "7rem",
        cell: (x) => <span className="text-ink-2">{t(`ticket.by.${x.channel}`)}</span>,
      },
      {
        id: "created_at",
        header: t("ticket.createdAt"),
        width: "9rem",
        isSortable: true,
        cell: (x) => <span className="text-ink-2">{formats.date(x.created_at)}</span>,
      },
    ],
    [t, formats],
  );
  const create = mayWrite && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus />
      {t("tickets.new")}
    </Button>
  );
  return (
    <>
      <ListPage
        resource="tickets"
        title={t("nav.tickets")}
        searchLabel={t("tickets.search")}
        searchBy="subject"
        columns={columns}
        filters={[
          {
            field: "status",
            label: t("ticket.status"),
            kind: "choice",
            options: STATUSES.map((value) => ({ value, label: t(`ticket.is.${value}`) })),
          },
        ]}
        defaultSort="-created_at"
        href={(ticket) => `/tickets/${ticket.id}`}
        nameOf={(ticket) => ticket.subject}
        empty={<EmptyState title={t("tickets.empty")} text={t("tickets.emptyHint")} action={create} />}
        actions={create}
      />
      <Suspense>{mayWrite && isCreating && <TicketCreate onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
