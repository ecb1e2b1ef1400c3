import { useMemo } from "react";

import type { Contact } from "@/api/types";
import { orNull, splitTags, type Column } from "@/components/admin/columns";
import { Avatar, Badge } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useSegmentation } from "@/resources/segments/useSegmentation";
import { renamed } from "./contactModel";
import { RhythmMeter } from "./RhythmMeter";

export function useContactColumns(): Column<Contact>[] {
  const t = useT();
  const formats = useFormats();
  // Data that ends last year must not make everybody late: the figures' own day is the present.
  const asOf = useSegmentation().data?.as_of;
  return useMemo(() => {
    const date = (at: string | null) => at && formats.date(at);
    const grey = (text: string | null | undefined) => <span className="text-ink-2">{text}</span>;
    return [
      {
        id: "name",
        header: t("contact.name"),
        width: "minmax(11rem, 1.3fr)",
        isPinned: true,
        isSortable: true,
        cell: (c) => (
          <span className="flex min-w-0 items-center gap-2">
            <Avatar name={c.name} />
            <span className="truncate">{c.name}</span>
          </span>
        ),
        edit: {
          type: "text",
          text: (c) => c.name,
          change: renamed,
          isRequired: true,
        },
      },
      {
        id: "company",
        header: t("contact.company"),
        width: "minmax(8rem, 1fr)",
        isSortable: true,
        cell: (c) => c.company?.name,
      },
      {
        id: "segment_id",
        header: t("contact.segment"),
        width: "minmax(12rem, 1.2fr)",
        cell: (c) =>
          c.segment && (
            <span className="flex min-w-0" title={formats.text(c.segment.name)}>
              <Badge color={c.segment.color}>{formats.text(c.segment.name)}</Badge>
            </span>
          ),
      },
      {
        id: "owner",
        header: t("contact.owner"),
        width: "minmax(6.5rem, 0.7fr)",
        cell: (c) => grey(c.owner?.name),
      },
      {
        id: "email",
        header: t("contact.email"),
        width: "minmax(12rem, 1.1fr)",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (c) => grey(c.email),
        edit: { type: "email", text: (c) => c.email ?? "", change: (text) => ({ email: orNull(text) }) },
      },
      {
        id: "phone",
        header: t("contact.phone"),
        width: "minmax(9rem, 0.8fr)",
        isHiddenAtFirst: true,
        isSortable: true,
        cell: (c) => grey(c.phone),
        edit: { type: "tel", text: (c) => c.phone ?? "", change: (text) => ({ phone: orNull(text) }) },
      },
      {
        id: "title",
        header: t("contact.title"),
        width: "minmax(9rem, 0.8fr)",
        isHiddenAtFirst: true,
        cell: (c) => grey(c.title),
        edit: { type: "text", text: (c) => c.title ?? "", change: (text) => ({ title: orNull(text) }) },
      },
      {
        id: "city",
        header: t("contact.city"),
        width: "minmax(7rem, 0.7fr)",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (c) => grey(c.address.city),
        edit: {
          type: "text",
          text: (c) => c.address.city ?? "",
          change: (text) => ({ address: { city: orNull(text) } }),
        },
      },
      {
        id: "country",
        header: t("contact.country"),
        width: "minmax(8rem, 0.8fr)",
        isSortable: true,
        cell: (c) => grey(c.address.country && formats.country(c.address.country)),
      },
      {
        id: "tags",
        header: t("contact.tags"),
        width: "minmax(8rem, 0.8fr)",
        isHiddenAtFirst: true,
        cell: (c) => <Tags tags={c.tags} />,
        edit: { type: "text", text: (c) => c.tags.join(", "), change: (text) => ({ tags: splitTags(text) }) },
      },
      {
        id: "n_orders",
        header: t("contact.nOrders"),
        width: "5rem",
        align: "right",
        isSortable: true,
        cell: (c) => formats.number(c.n_orders),
      },
      {
        id: "total_spent",
        header: t("contact.totalSpent"),
        width: "7rem",
        align: "right",
        isSortable: true,
        isOnPhone: true,
        cell: (c) => c.total_spent && formats.money(c.total_spent, "whole"),
      },
      {
        id: "rhythm",
        header: t("contact.rhythm"),
        width: "8rem",
        cell: (c) => <RhythmMeter contact={c} now={asOf ? Date.parse(asOf) : Date.now()} />,
      },
      {
        id: "last_order_at",
        header: t("contact.lastOrder"),
        width: "8.5rem",
        isSortable: true,
        cell: (c) => grey(date(c.last_order_at)),
      },
      {
        id: "first_order_at",
        header: t("contact.firstOrder"),
        width: "8.5rem",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (c) => grey(date(c.first_order_at)),
      },
      {
        id: "updated_at",
        header: t("contact.updated"),
        width: "8.5rem",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (c) => grey(date(c.updated_at)),
      },
    ];
  }, [t, formats, asOf]);
}

export function Tags({ tags }: { tags: string[] }) {
  return (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
}
