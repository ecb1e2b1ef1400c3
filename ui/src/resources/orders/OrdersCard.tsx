import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";

import { useData } from "@/api/context";
import type { Money, Order } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { OrderBadge } from "./OrderBadge";

const N_SHOWN = 5;

interface OrdersCardProps {
  /** Whose orders: a field of orders and the record's id. */
  of: "contact_id" | "company_id";
  id: string;
  /** What all of them add up to, where that is known. */
  total?: Money | null;
}

/** The latest orders of a customer or of all people at a company, and the way to all of them. */
export function OrdersCard({ of, id, total }: OrdersCardProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const query = { filter: [{ field: of, op: "eq" as const, value: id }], sort: "-ordered_at" };
  const {
    data: page,
    error,
    refetch,
  } = useQuery({
    queryKey: keys.list("orders", "of", of, id),
    queryFn: () => data.list("orders", query, { limit: N_SHOWN }),
  });
  const nAll = page ? (page.nextCursor === null ? page.items.length : page.estimate) : null;
  return (
    <Card>
      <CardTitle
        action={
          <Button asChild variant="ghost" size="sm">
            <Link to="/orders" search={{ filter: [`${of}:eq:${id}`] }}>
              {nAll === null
                ? t("orders.all")
                : t("orders.allOf", { count: nAll, text: formats.number(nAll) })}
              <ArrowRight />
            </Link>
          </Button>
        }
      >
        {t("nav.orders")}
      </CardTitle>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : page === undefined ? (
        <div role="status" aria-label={t("common.loading")} className="px-4 pb-4">
          <Skeleton className="w-1/2" />
        </div>
      ) : page.items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("orders.none")}</p>
      ) : (
        <>
          <ul className="px-2 pb-2">
            {page.items.map((order) => (
              <li key={order.id}>
                <OrderLine order={order} hasCustomer={of === "company_id"} />
              </li>
            ))}
          </ul>
          {total && (
            <p className="numeric flex justify-between border-t px-4 py-2">
              <span className="text-ink-2">{t("contact.totalSpent")}</span>
              <span className="font-semibold">{formats.money(total)}</span>
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function OrderLine({ order, hasCustomer }: { order: Order; hasCustomer: boolean }) {
  const formats = useFormats();
  return (
    <Link
      to="/orders/$id"
      params={{ id: order.id }}
      className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 hover:bg-hover"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{order.external_id}</span>
        <span className="block truncate text-xs text-ink-2">
          {formats.date(order.ordered_at)}
          {hasCustomer && order.contact && ` · ${order.contact.name}`}
        </span>
      </span>
      {order.status !== "completed" && <OrderBadge status={order.status} />}
      <span className="numeric shrink-0 font-medium">{formats.money(order.amount)}</span>
    </Link>
  );
}
