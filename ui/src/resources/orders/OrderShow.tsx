import { Link } from "@tanstack/react-router";

import type { OrderDetail } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { Figures } from "@/components/ui/Figures";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { OrderBadge } from "./OrderBadge";

export function OrderShow() {
  const t = useT();
  return (
    <RecordPage
      resource="orders"
      titleOf={(order) => t("order.title", { number: order.external_id })}
      note={(order) => <OrderBadge status={order.status} />}
    >
      {(order) => (
        <>
          <OrderFigures order={order} />
          <Lines order={order} />
        </>
      )}
    </RecordPage>
  );
}

function OrderFigures({ order }: { order: OrderDetail }) {
  const t = useT();
  const formats = useFormats();
  return (
    <>
      <Figures
        figures={[
          { label: t("order.amount"), value: formats.money(order.amount) },
          { label: t("order.nLines"), value: formats.number(order.lines.length) },
          {
            label: t("order.orderedAt"),
            value: formats.date(order.ordered_at),
            note: formats.time(order.ordered_at),
          },
          { label: t("order.source"), value: order.source?.name ?? "—" },
        ]}
      />
      <p className="text-ink-2">
        {t("order.customer")}:{" "}
        {order.contact ? (
          <Link
            to="/contacts/$id"
            params={{ id: order.contact.id }}
            className="font-medium text-accent-text hover:underline"
          >
            {order.contact.name}
          </Link>
        ) : (
          t("order.noCustomer")
        )}
      </p>
    </>
  );
}

function Lines({ order }: { order: OrderDetail }) {
  const t = useT();
  const formats = useFormats();
  return (
    <Card>
      <CardTitle id="lines">{t("order.lines")}</CardTitle>
      <Table
        labelledBy="lines"
        head={
          <>
            <HeadCell>{t("order.product")}</HeadCell>
            <HeadCell isFigure>{t("order.quantity")}</HeadCell>
            <HeadCell isFigure>{t("order.unitPrice")}</HeadCell>
            <HeadCell isFigure>{t("order.amount")}</HeadCell>
          </>
        }
      >
        {order.lines.map((line) => (
          <tr key={line.line_no}>
            <Cell>
              {line.product ? (
                <Link
                  to="/products/$id"
                  params={{ id: line.product.id }}
                  className="font-medium hover:underline"
                >
                  {line.product.name}
                </Link>
              ) : (
                line.description
              )}
              {line.product && <span className="ml-2 text-xs text-ink-3">{line.product.sku}</span>}
            </Cell>
            <Cell isFigure>{formats.number(line.quantity)}</Cell>
            <Cell isFigure>{formats.money(line.unit_price)}</Cell>
            <Cell isFigure className="font-medium">
              {formats.money(line.amount)}
            </Cell>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
