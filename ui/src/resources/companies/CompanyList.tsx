import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import type { Company } from "@/api/types";
import { orNull, type Column } from "@/components/admin/columns";
import type { Filter } from "@/components/admin/filters";
import { ListPage } from "@/components/admin/ListPage";
import { useCreating } from "@/components/admin/useCreating";
import { useEdit } from "@/components/admin/useEdit";
import { Avatar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { useCountryFilter, useOwnerFilterOptions } from "@/resources/pickers/options";
import { wholeNumber } from "./companyModel";

const CompanyCreate = lazy(() => import("./CompanyCreate"));

export function CompanyList() {
  const t = useT();
  const columns = useCompanyColumns();
  const filters = useCompanyFilters();
  const edit = useEdit("companies");
  const mayWrite = useMay("create", "company");
  const mayImport = useMay("import_files");
  const [isCreating, setCreating] = useCreating();
  return (
    <>
      <ListPage
        resource="companies"
        title={t("nav.companies")}
        searchLabel={t("companies.search")}
        columns={columns}
        filters={filters}
        defaultSort="name"
        href={(company) => `/companies/${company.id}`}
        nameOf={(company) => company.name}
        onEdit={(company, change, what) => void edit(company, change, `${what} · ${company.name}`)}
        actions={
          mayWrite && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus />
              {t("companies.new")}
            </Button>
          )
        }
        empty={
          <EmptyState
            title={t("companies.empty")}
            text={t("companies.emptyHint")}
            action={
              mayWrite && (
                <>
                  {mayImport && (
                    <Button asChild>
                      <Link to="/imports">{t("contacts.import")}</Link>
                    </Button>
                  )}
                  <Button onClick={() => setCreating(true)}>{t("companies.new")}</Button>
                </>
              )
            }
          />
        }
      />
      <Suspense>{mayWrite && isCreating && <CompanyCreate onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}

function useCompanyFilters(): Filter[] {
  const t = useT();
  const country = useCountryFilter();
  const owners = useOwnerFilterOptions();
  return [
    { field: "industry", label: t("company.industry"), kind: "text" },
    country,
    { field: "city", label: t("contact.city"), kind: "text" },
    { field: "n_employees", label: t("company.nEmployees"), kind: "number" },
    { field: "domain", label: t("company.domain"), kind: "text" },
    { field: "owner_id", label: t("contact.owner"), kind: "choice", options: owners },
    { field: "tags", label: t("contact.tags"), kind: "tags" },
    { field: "updated_at", label: t("contact.updated"), kind: "date" },
  ];
}

function useCompanyColumns(): Column<Company>[] {
  const t = useT();
  const formats = useFormats();
  return useMemo(() => {
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
        isSortable: true,
        cell: (c) => grey(c.industry),
        edit: { type: "text", text: (c) => c.industry ?? "", change: (text) => ({ industry: orNull(text) }) },
      },
      {
        id: "n_employees",
        header: t("company.nEmployees"),
        width: "8rem",
        align: "right",
        isSortable: true,
        cell: (c) => c.n_employees !== null && formats.number(c.n_employees),
        edit: {
          type: "text",
          text: (c) => c.n_employees?.toString() ?? "",
          change: (text) => ({ n_employees: wholeNumber(text) }),
          refusal: (text) => (wholeNumber(text) === undefined ? t("edit.wholeNumber") : undefined),
        },
      },
      {
        id: "city",
        header: t("contact.city"),
        width: "minmax(7rem, 0.8fr)",
        isSortable: true,
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
        id: "n_contacts",
        header: t("company.people"),
        width: "6rem",
        align: "right",
        cell: (c) => formats.number(c.n_contacts),
      },
      {
        id: "owner",
        header: t("contact.owner"),
        width: "8rem",
        cell: (c) => grey(c.owner?.name),
      },
      {
        id: "updated_at",
        header: t("contact.updated"),
        width: "8.5rem",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (c) => grey(formats.date(c.updated_at)),
      },
    ];
  }, [t, formats]);
}
