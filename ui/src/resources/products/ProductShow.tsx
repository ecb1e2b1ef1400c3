import { useCallback } from "react";

import type { ProductDetail } from "@/api/types";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { MonthlyChart } from "@/components/charts/MonthlyChart";
import { everyMonth } from "@/components/charts/months";
import { Card, CardTitle } from "@/components/ui/bits";
import { Figures } from "@/components/ui/Figures";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { ContactLine } from "@/resources/contacts/ContactLine";

export function ProductShow() {
  return (
    <RecordPage resource="products" titleOf={(product) => product.name} note={(product) => product.sku}>
      {(product) => (
        <>
          <ProductFigures product={product} />
          <div className="grid items-start gap-4 md:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
            <Sales product={product} />
            <Buyers product={product} />
          </div>
        </>
      )}
    </RecordPage>
  );
}

function ProductFigures({ product }: { product: ProductDetail }) {
  const t = useT();
  const formats = useFormats();
  return (
    <Figures
      figures={[
        {
          label: t("product.revenue"),
          value: product.revenue ? formats.money(product.revenue, "whole") : "—",
        },
        { label: t("product.unitsSold"), value: formats.number(product.units_sold) },
        { label: t("product.price"), value: product.price ? formats.money(product.price) : "—" },
        { label: t("product.category"), value: product.category ?? "—" },
      ]}
    />
  );
}

function Sales({ product }: { product: ProductDetail }) {
  const t = useT();
  const formats = useFormats();
  const currency = product.revenue?.currency ?? product.price?.currency ?? formats.currency ?? "USD";
  const countText = useCallback(
    (count: number) => t("product.units", { count, text: formats.number(count) }),
    [t, formats],
  );
  const monthly = everyMonth(product.monthly, (month) => ({ month, amount_minor: 0, units: 0 }));
  const months = monthly.map(({ month, amount_minor, units }) => ({
    month,
    amount: { amount_minor, currency },
    count: units,
  }));
  return (
    <Card>
      <ChartFrame
        title={t("product.sales")}
        headers={[t("chart.month"), t("product.revenue"), t("product.unitsSold")]}
        rows={months.map((m) => [
          formats.month(m.month, "long"),
          formats.money(m.amount, "whole"),
          formats.number(m.count),
        ])}
      >
        <MonthlyChart
          label={t("product.salesLabel", { name: product.name })}
          countText={countText}
          months={months}
        />
      </ChartFrame>
    </Card>
  );
}

function Buyers({ product }: { product: ProductDetail }) {
  const t = useT();
  const formats = useFormats();
  return (
    <Card>
      <CardTitle>{t("product.buyers")}</CardTitle>
      <ol className="px-2 pb-2">
        {product.buyers.map(({ contact, units }) => (
          <li key={contact.id}>
            <ContactLine
              contact={contact}
              figure={t("product.units", { count: units, text: formats.number(units) })}
            />
          </li>
        ))}
      </ol>
    </Card>
  );
}
