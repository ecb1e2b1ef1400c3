import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";

import { useData } from "@/api/context";
import type { Company, CompanyPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { orNull } from "@/components/admin/columns";
import { InlineChoice } from "@/components/admin/InlineChoice";
import { InlineField } from "@/components/admin/InlineField";
import { Paged } from "@/components/admin/Paged";
import { useEdit } from "@/components/admin/useEdit";
import { usePages } from "@/components/admin/usePages";
import { Card, CardTitle, Fact, Facts } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { LaterSharingCard } from "@/resources/access/LaterSharingCard";
import { ContactLine } from "@/resources/contacts/ContactLine";
import { NotesCard } from "@/resources/notes/NotesCard";
import { LaterCustomCard } from "@/resources/custom/LaterCustomCard";
import { OrdersCard } from "@/resources/orders/OrdersCard";
import { codeOf, useCountryOptions } from "@/resources/pickers/options";
import { Ruled } from "@/resources/session/Ruled";
import { wholeNumber } from "./companyModel";

export function CompanyShow() {
  const t = useT();
  const edit = useEdit("companies");
  return (
    <RecordPage
      resource="companies"
      titleOf={(company) => company.name}
      rename={(company) => ({
        label: t("company.name"),
        onSave: (name) => void edit(company, { name }, t("company.name")),
      })}
    >
      {(company) => (
        <div className="grid items-start gap-4 md:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <CompanyFacts company={company} />
            <LaterCustomCard resource="companies" record={company} />
            <OrdersCard of="company_id" id={company.id} />
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <LaterSharingCard
              kind="company"
              record={company}
              name={company.name}
              onAssign={(owner_id) => void edit(company, { owner_id }, t("contact.owner"))}
            />
            <People company={company} />
            <NotesCard key={company.id} subject={{ kind: "company", id: company.id }} />
          </div>
        </div>
      )}
    </RecordPage>
  );
}

function CompanyFacts({ company }: { company: Company }) {
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("companies");
  const countries = useCountryOptions();
  const save = (change: CompanyPatch, what: string) => void edit(company, change, what);
  const ruled = (name: string, label: string, value: ReactNode) => (
    <Ruled kind="company" field={name}>
      <Fact label={label}>{value}</Fact>
    </Ruled>
  );
  const field = (name: string, label: string, text: string | null, change: (text: string) => CompanyPatch) =>
    ruled(
      name,
      label,
      <InlineField label={label} text={text ?? ""} onSave={(next) => save(change(next), label)} />,
    );
  const choice = (
    name: string,
    label: string,
    value: string | null,
    options: { value: string; label: string }[],
    change: (value: string | null) => CompanyPatch,
  ) =>
    ruled(
      name,
      label,
      <InlineChoice
        label={label}
        value={value}
        options={options}
        onSave={(next) => save(change(next), label)}
      />,
    );
  return (
    <Card className="p-4">
      <Facts>
        {field("domain", t("company.domain"), company.domain, (text) => ({ domain: orNull(text) }))}
        {field("industry", t("company.industry"), company.industry, (text) => ({ industry: orNull(text) }))}
        {ruled(
          "n_employees",
          t("company.nEmployees"),
          <InlineField
            label={t("company.nEmployees")}
            text={company.n_employees?.toString() ?? ""}
            refusal={(text) => (wholeNumber(text) === undefined ? t("edit.wholeNumber") : undefined)}
            onSave={(text) => save({ n_employees: wholeNumber(text) }, t("company.nEmployees"))}
          >
            {company.n_employees !== null && formats.number(company.n_employees)}
          </InlineField>,
        )}
        {field("address", t("contact.city"), company.address.city, (text) => ({
          address: { city: orNull(text) },
        }))}
        {choice("address", t("contact.country"), codeOf(company.address.country), countries, (country) => ({
          address: { country },
        }))}
      </Facts>
    </Card>
  );
}

function People({ company }: { company: Company }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const people = usePages(
    keys.peopleOf(company.id),
    (request) =>
      data.list(
        "contacts",
        { filter: [{ field: "company_id", op: "eq", value: company.id }], sort: "-total_spent" },
        request,
      ),
    20,
  );
  return (
    <Card>
      <CardTitle
        action={
          <Button asChild variant="ghost" size="sm">
            <Link to="/contacts" search={{ filter: [`company_id:eq:${company.id}`] }}>
              {t("segments.openInContacts")}
              <ArrowRight />
            </Link>
          </Button>
        }
      >
        {t("company.people")}
      </CardTitle>
      <Paged pages={people} isEmpty={people.rows.length === 0} empty={t("company.noPeople")}>
        <ul className="px-2 pb-2">
          {people.rows.map((contact) => (
            <li key={contact.id}>
              <ContactLine
                contact={contact}
                figure={contact.total_spent && formats.money(contact.total_spent, "whole")}
              />
            </li>
          ))}
        </ul>
      </Paged>
    </Card>
  );
}
