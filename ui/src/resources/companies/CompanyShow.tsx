import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useData } from "@/api/context";
import type { Company, CompanyPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { orNull } from "@/components/admin/columns";
import { InlineField } from "@/components/admin/InlineField";
import { useEdit } from "@/components/admin/useEdit";
import { Avatar, Card, CardTitle, Fact, Facts } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";

export function CompanyShow() {
  return (
    <RecordPage resource="companies" titleOf={(company) => company.name}>
      {(company) => (
        <div className="grid items-start gap-4 md:grid-cols-2">
          <CompanyFacts company={company} />
          <People company={company} />
        </div>
      )}
    </RecordPage>
  );
}

function CompanyFacts({ company }: { company: Company }) {
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("companies");
  const field = (
    label: string,
    text: string | null,
    change: (text: string) => CompanyPatch,
    isRequired = false,
  ) => (
    <Fact label={label}>
      <InlineField
        label={label}
        text={text ?? ""}
        isRequired={isRequired}
        onSave={(next) => void edit(company, change(next), label)}
      />
    </Fact>
  );
  return (
    <Card className="p-4">
      <Facts>
        {field(t("company.name"), company.name, (name) => ({ name: name.trim() }), true)}
        {field(t("company.domain"), company.domain, (text) => ({ domain: orNull(text) }))}
        {field(t("company.industry"), company.industry, (text) => ({ industry: orNull(text) }))}
        {field(t("contact.city"), company.address.city, (text) => ({ address: { city: orNull(text) } }))}
        <Fact label={t("contact.country")}>
          {company.address.country ? formats.country(company.address.country) : "—"}
        </Fact>
        <Fact label={t("company.nEmployees")}>
          {company.n_employees === null ? "—" : formats.number(company.n_employees)}
        </Fact>
        <Fact label={t("contact.owner")}>{company.owner?.name ?? "—"}</Fact>
      </Facts>
    </Card>
  );
}

function People({ company }: { company: Company }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const people = useQuery({
    queryKey: keys.peopleOf(company.id),
    queryFn: () =>
      data.list(
        "contacts",
        { filter: [{ field: "company_id", op: "eq", value: company.id }], sort: "-total_spent" },
        { limit: 20 },
      ),
  });
  return (
    <Card>
      <CardTitle>{t("company.people")}</CardTitle>
      <ul className="px-2 pb-2">
        {people.data?.items.map((contact) => (
          <li key={contact.id}>
            <Link
              to="/contacts/$id"
              params={{ id: contact.id }}
              className="flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover"
            >
              <Avatar name={contact.name} />
              <span className="min-w-0 flex-1 truncate font-medium">{contact.name}</span>
              {contact.total_spent && (
                <span className="numeric text-ink-2">{formats.money(contact.total_spent, "whole")}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      {people.data?.items.length === 0 && <p className="px-4 pb-4 text-ink-2">{t("company.noPeople")}</p>}
    </Card>
  );
}
