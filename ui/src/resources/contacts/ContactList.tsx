import { Link } from "@tanstack/react-router";
import { FileUp, Plus } from "lucide-react";
import { lazy, Suspense } from "react";

import type { Filter } from "@/components/admin/filters";
import { ListPage } from "@/components/admin/ListPage";
import { useCreating } from "@/components/admin/useCreating";
import { useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useCountryFilter, useOwnerFilterOptions } from "@/resources/pickers/options";
import { useReferenceFilters } from "@/resources/pickers/useReferenceFilters";
import { useSegmentation } from "@/resources/segments/useSegmentation";
import { useMay } from "@/resources/session/useSession";
import { useContactColumns } from "./contactColumns";
import { ContactSelection } from "./ContactSelection";

const ContactCreate = lazy(() => import("./ContactCreate"));

export function ContactList() {
  const t = useT();
  const columns = useContactColumns();
  const filters = useContactFilters();
  const edit = useEdit("contacts");
  const mayWrite = useMay("create", "contact");
  const [isCreating, setCreating] = useCreating();

  return (
    <>
      <ListPage
        resource="contacts"
        title={t("nav.contacts")}
        searchLabel={t("contacts.search")}
        columns={columns}
        filters={filters}
        defaultSort="-last_order_at"
        href={(contact) => `/contacts/${contact.id}`}
        nameOf={(contact) => contact.name}
        onEdit={(contact, change, what) => void edit(contact, change, `${what} · ${contact.name}`)}
        actions={
          mayWrite && (
            <>
              <ImportLink className="phone:hidden" />
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus />
                {t("contacts.new")}
              </Button>
            </>
          )
        }
        empty={
          <EmptyState
            title={t("contacts.empty")}
            text={t("contacts.emptyHint")}
            action={
              mayWrite && (
                <>
                  <ImportLink />
                  <Button onClick={() => setCreating(true)}>{t("contacts.new")}</Button>
                </>
              )
            }
          />
        }
        selectionActions={(contacts, clear) => <ContactSelection contacts={contacts} onDone={clear} />}
      />
      <Suspense>{mayWrite && isCreating && <ContactCreate onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}

function ImportLink({ className }: { className?: string }) {
  const t = useT();
  if (!useMay("import_files")) return null;
  return (
    <Button asChild className={className}>
      <Link to="/imports">
        <FileUp />
        {t("contacts.import")}
      </Link>
    </Button>
  );
}

function useContactFilters(): Filter[] {
  const t = useT();
  const formats = useFormats();
  const country = useCountryFilter();
  const owners = useOwnerFilterOptions();
  const references = useReferenceFilters({
    company_id: { resource: "companies", label: t("contact.company") },
  });
  const segmentation = useSegmentation();
  const segments = segmentation.data?.segments;
  return [
    {
      field: "segment_id",
      label: t("contact.segment"),
      kind: "choice",
      options: segments?.map(({ id, name }) => ({ value: id, label: formats.text(name) })) ?? [],
      unknown: segmentation.isSuccess ? t("contact.formerSegment") : "…",
    },
    country,
    { field: "total_spent", label: t("contact.totalSpent"), kind: "money" },
    { field: "n_orders", label: t("contact.nOrders"), kind: "number" },
    { field: "last_order_at", label: t("contact.lastOrder"), kind: "date" },
    { field: "first_order_at", label: t("contact.firstOrder"), kind: "date" },
    { field: "owner_id", label: t("contact.owner"), kind: "choice", options: owners },
    { field: "company", label: t("contact.company"), kind: "text" },
    { field: "city", label: t("contact.city"), kind: "text" },
    { field: "tags", label: t("contact.tags"), kind: "tags" },
    { field: "email", label: t("contact.email"), kind: "text" },
    { field: "phone", label: t("contact.phone"), kind: "text" },
    ...references,
  ];
}
