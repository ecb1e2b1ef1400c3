import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Company } from "@/api/types";
import { orNull, type Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { useEdit } from "@/components/admin/useEdit";
import { Avatar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";

export function CompanyList() {
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("companies");
  const columns = useMemo<Column<Company>[]>(() => {
    const grey = (text: string | null | undefined) => <span className="text-ink-2">{text}</span>;
    return [
      {
        id: "name",
        header: t("company.name"),
        width: "minmax(14rem, 1.4fr)",
        isPinned: true,
        isSortable: true,
        cell: (c) => (
          <span className="flex items-center gap-2">
            <Avatar name={c.name} />
            <span className="truncate">{c.name}</span>
          </span>
        ),
        edit: {
          type: "text",
          text: (c) => c.name,
          change: (name) => ({ name: name.trim() }),
          isRequired: true,
        },
      },
      {
        id: "domain",
        header: t("company.domain"),
        width: "minmax(10rem, 1fr)",
        cell: (c) => grey(c.domain),
        edit: { type: "text", text: (c) => c.domain ?? "", change: (text) => ({ domain: orNull(text) }) },
      },
      {
        id: "industry",
        header: t("company.industry"),
        width: "minmax(8rem, 1fr)",
        isOnPhone: true,
        cell: (c) => grey(c.industry),
        edit: { type: "text", text: (c) => c.industry ?? "", change: (text) => ({ industry: orNull(text) }) },
      },
      {
        id: "n_employees",
        header: t("company.nEmployees"),
        width: "8rem",
        align: "right",
        cell: (c) => c.n_employees !== null && formats.number(c.n_employees),
      },
      {
        id: "city",
        header: t("contact.city"),
        width: "minmax(7rem, 0.8fr)",
        cell: (c) => grey(c.address.city),
      },
      {
        id: "country",
        header: t("contact.country"),
        width: "minmax(8rem, 0.8fr)",
        cell: (c) => grey(c.address.country && formats.country(c.address.country)),
      },
      {
        id: "updated_at",
        header: t("contact.updated"),
        width: "8.5rem",
        isSortable: true,
        cell: (c) => grey(formats.date(c.updated_at)),
      },
    ];
  }, [t, formats]);
  return (
    <ListPage
      resource="companies"
      title={t("nav.companies")}
      searchLabel={t("companies.search")}
      columns={columns}
      defaultSort="name"
      href={(company) => `/companies/${company.id}`}
      nameOf={(company) => company.name}
      onEdit={(company, change, what) => void edit(company, change, `${what} · ${company.name}`)}
      empty={
        <EmptyState
          title={t("companies.empty")}
          text={t("companies.emptyHint")}
          action={
            <Button asChild>
              <Link to="/imports">{t("contacts.import")}</Link>
            </Button>
          }
        />
      }
    />
  );
}
