import { useMemo } from "react";

import type { Product } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";

export function ProductList() {
  const t = useT();
  const formats = useFormats();
  const columns = useMemo<Column<Product>[]>(
    () => [
      {
        id: "name",
        header: t("product.name"),
        width: "minmax(16rem, 2fr)",
        isPinned: true,
        isSortable: true,
        cell: (p) => <span className="block truncate">{p.name}</span>,
      },
      {
        id: "sku",
        header: t("product.sku"),
        width: "8rem",
        isSortable: true,
        cell: (p) => <span className="text-ink-2">{p.sku}</span>,
      },
      {
        id: "category",
        header: t("product.category"),
        width: "minmax(8rem, 1fr)",
        isSortable: true,
        cell: (p) => <span className="text-ink-2">{p.category}</span>,
      },
      {
        id: "price",
        header: t("product.price"),
        width: "7rem",
        align: "right",
        isSortable: true,
        cell: (p) => p.price && formats.money(p.price),
      },
      {
        id: "units_sold",
        header: t("product.unitsSold"),
        width: "8rem",
        align: "right",
        isSortable: true,
        cell: (p) => formats.number(p.units_sold),
      },
      {
        id: "revenue",
        header: t("product.revenue"),
        width: "9rem",
        align: "right",
        isSortable: true,
        isOnPhone: true,
        cell: (p) => p.revenue && formats.money(p.revenue, "whole"),
      },
    ],
    [t, formats],
  );
  return (
    <ListPage
      resource="products"
      title={t("nav.products")}
      searchLabel={t("products.search")}
      columns={columns}
      filters={[{ field: "category", label: t("product.category"), kind: "text" }]}
      defaultSort="-revenue"
      href={(product) => `/products/${product.id}`}
      nameOf={(product) => product.name}
      empty={<EmptyState title={t("products.empty")} text={t("products.emptyHint")} />}
    />
  );
}
