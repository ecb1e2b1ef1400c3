import { Link } from "@tanstack/react-router";

import type { OrderDetail } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { Figures } from "@/components/ui/Figures";
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
  const head = "border-b px-4 py-2 font-medium";
  const cell = "border-b px-4 py-2";
  return (
    <Card>
      <CardTitle id="lines">{t("order.lines")}</CardTitle>
      <div className="scrollbar-thin overflow-x-auto" tabIndex={0}>
        <table className="numeric w-full" aria-labelledby="lines">
          <thead className="text-left text-xs text-ink-2">
            <tr>
              <th scope="col" className={head}>
                {t("order.product")}
              </th>
              <th scope="col" className={`${head} text-right`}>
                {t("order.quantity")}
              </th>
              <th scope="col" className={`${head} text-right`}>
                {t("order.unitPrice")}
              </th>
              <th scope="col" className={`${head} text-right`}>
                {t("order.amount")}
              </th>
            </tr>
          </thead>
          <tbody className="[&>tr:last-child>*]:border-b-0">
            {order.lines.map((line) => (
              <tr key={line.line_no}>
                <td className={cell}>
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
                </td>
                <td className={`${cell} text-right`}>{formats.number(line.quantity)}</td>
                <td className={`${cell} text-right`}>{formats.money(line.unit_price)}</td>
                <td className={`${cell} text-right font-medium`}>{formats.money(line.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
