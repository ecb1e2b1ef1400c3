import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Order } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useReferenceFilters } from "@/resources/pickers/useReferenceFilters";
import { OrderBadge } from "./OrderBadge";

export function OrderList() {
  const t = useT();
  const formats = useFormats();
  const references = useReferenceFilters({
    contact_id: { resource: "contacts", label: t("order.customer") },
    company_id: { resource: "companies", label: t("contact.company") },
  });
  const columns = useMemo<Column<Order>[]>(
    () => [
      {
        id: "external_id",
        header: t("order.number"),
        width: "minmax(9rem, 1fr)",
        isPinned: true,
        isSortable: true,
        cell: (o) => o.external_id,
      },
      {
        id: "contact",
        header: t("order.customer"),
        width: "minmax(11rem, 1.4fr)",
        isSortable: true,
        cell: (o) =>
          o.contact ? (
            <Link
              to="/contacts/$id"
              params={{ id: o.contact.id }}
              title={o.contact.name}
              className="hover:text-accent-text hover:underline"
            >
              {o.contact.name}
            </Link>
          ) : (
            <span className="text-ink-3">{t("order.noCustomer")}</span>
          ),
      },
      {
        id: "ordered_at",
        header: t("order.orderedAt"),
        width: "11rem",
        isSortable: true,
        cell: (o) => <span className="text-ink-2">{formats.dateTime(o.ordered_at)}</span>,
      },
      {
        id: "status",
        header: t("order.status"),
        width: "8rem",
        isSortable: true,
        cell: (o) => <OrderBadge status={o.status} />,
      },
      {
        id: "source",
        header: t("order.source"),
        width: "minmax(8rem, 0.8fr)",
        cell: (o) => <span className="text-ink-2">{o.source?.name}</span>,
      },
      {
        id: "n_lines",
        header: t("order.nLines"),
        width: "6rem",
        align: "right",
        cell: (o) => formats.number(o.n_lines),
      },
      {
        id: "amount",
        header: t("order.amount"),
        width: "8.5rem",
        align: "right",
        isSortable: true,
        isOnPhone: true,
        cell: (o) => formats.money(o.amount),
      },
    ],
    [t, formats],
  );
  return (
    <ListPage
      resource="orders"
      title={t("nav.orders")}
      searchLabel={t("orders.search")}
      columns={columns}
      filters={[
        { field: "contact", label: t("order.customer"), kind: "text" },
        {
          field: "status",
          label: t("order.status"),
          kind: "choice",
          options: [
            { value: "completed", label: t("order.completed") },
            { value: "returned", label: t("order.returned") },
          ],
        },
        { field: "amount", label: t("order.amount"), kind: "money" },
        { field: "currency", label: t("order.currency"), kind: "text" },
        { field: "ordered_at", label: t("order.orderedAt"), kind: "date" },
        ...references,
      ]}
      defaultSort="-ordered_at"
      href={(order) => `/orders/${order.id}`}
      nameOf={(order) => order.external_id}
      empty={<EmptyState title={t("orders.empty")} text={t("orders.emptyHint")} />}
    />
  );
}
