import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FileUp, Plus } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import type { Filter } from "@/components/admin/filters";
import { ListPage } from "@/components/admin/ListPage";
import { asSearch } from "@/components/admin/searchParams";
import { useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { useContactColumns } from "./contactColumns";
import { ContactSelection } from "./ContactSelection";

const ContactCreate = lazy(() => import("./ContactCreate"));

export function ContactList() {
  const t = useT();
  const columns = useContactColumns();
  const filters = useContactFilters();
  const edit = useEdit("contacts");
  const mayWrite = useMay("write");
  const navigate = useNavigate();
  const { new: isCreating, ...search } = useSearch({ strict: false }) as { new?: string };
  const setCreating = (isOpen: boolean) =>
    void navigate({
      to: "/contacts",
      search: asSearch(isOpen ? { ...search, new: "1" } : search),
      replace: true,
    });

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
      <Suspense>
        {mayWrite && isCreating === "1" && <ContactCreate onClose={() => setCreating(false)} />}
      </Suspense>
    </>
  );
}

function ImportLink({ className }: { className?: string }) {
  const t = useT();
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
  const data = useData();
  const segmentation = useQuery({
    queryKey: keys.segmentation,
    queryFn: () => data.currentSegmentation(),
    staleTime: 60_000,
  });
  const segments = segmentation.data?.segments;
  const isKnown = segmentation.isSuccess;
  return useMemo(
    () => [
      {
        field: "segment_id",
        label: t("contact.segment"),
        kind: "choice",
        options: segments?.map(({ id, name }) => ({ value: id, label: formats.text(name) })) ?? [],
        unknown: isKnown ? t("contact.formerSegment") : "…",
      },
      { field: "country", label: t("contact.country"), kind: "text" },
      { field: "total_spent", label: t("contact.totalSpent"), kind: "money" },
      { field: "n_orders", label: t("contact.nOrders"), kind: "number" },
      { field: "last_order_at", label: t("contact.lastOrder"), kind: "date" },
      { field: "first_order_at", label: t("contact.firstOrder"), kind: "date" },
      { field: "company", label: t("contact.company"), kind: "text" },
      { field: "city", label: t("contact.city"), kind: "text" },
      { field: "tags", label: t("contact.tags"), kind: "tags" },
      { field: "email", label: t("contact.email"), kind: "text" },
      { field: "phone", label: t("contact.phone"), kind: "text" },
    ],
    [segments, isKnown, t, formats],
  );
}
