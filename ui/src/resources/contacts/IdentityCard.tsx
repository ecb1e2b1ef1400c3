import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Contact, ContactPatch, ContactProfile } from "@/api/types";
import { orNull, splitTags } from "@/components/admin/columns";
import { InlineChoice, type Option } from "@/components/admin/InlineChoice";
import { InlineField } from "@/components/admin/InlineField";
import { InlinePicker } from "@/components/admin/InlinePicker";
import { useEdit } from "@/components/admin/useEdit";
import { Avatar, Badge, Fact, Facts } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { codeOf, useCountryOptions, useLanguageOptions } from "@/resources/pickers/options";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { Ruled } from "@/resources/session/Ruled";
import { CompanyReasonLine } from "./CompanyReasonLine";
import { MadeOf } from "./MadeOf";

/** Who the customer is, every field changeable in place, and from which sources that is known. */
export function IdentityCard({ profile }: { profile: ContactProfile }) {
  const { contact, identities } = profile;
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("contacts");
  const mayChange = useMay("write");
  const stateOf = useFieldState("contact");
  const countries = useCountryOptions();
  const languages = useLanguageOptions();
  const save = (change: ContactPatch, what: string) => void edit(contact, change, what);
  const ruled = (name: string, what: string, value: ReactNode) => (
    <Ruled kind="contact" field={name}>
      <Fact label={what}>{value}</Fact>
    </Ruled>
  );
  const field = (
    name: string,
    what: string,
    text: string | null,
    change: (text: string) => ContactPatch,
    type?: "email" | "tel",
  ) =>
    ruled(
      name,
      what,
      <InlineField
        label={what}
        text={text ?? ""}
        {...(type ? { type } : {})}
        onSave={(next) => save(change(next), what)}
      />,
    );

  const choice = (
    name: string,
    what: string,
    value: string | null,
    options: Option[],
    change: (value: string | null) => ContactPatch,
  ) =>
    ruled(
      name,
      what,
      <InlineChoice
        label={what}
        value={value}
        options={options}
        onSave={(next) => save(change(next), what)}
      />,
    );

  return (
    <>
      <div className="mb-4 flex items-center gap-3">
        <Avatar name={contact.name} size="lg" />
        <div className="min-w-0 flex-1">
          {contact.segment && (
            <Link
              to="/segments"
              search={{ segment: contact.segment.id }}
              className="flex min-h-6 items-center"
              title={formats.text(contact.segment.name)}
            >
              <Badge color={contact.segment.color}>{formats.text(contact.segment.name)}</Badge>
            </Link>
          )}
          {contact.company && (
            <Link
              to="/companies/$id"
              params={{ id: contact.company.id }}
              className="block truncate leading-6 text-ink-2 hover:underline"
            >
              {contact.company.name}
            </Link>
          )}
        </div>
      </div>
      <Totals contact={contact} />
      <Facts>
        {ruled(
          "company_id",
          t("contact.company"),
          <>
            <InlinePicker
              kind="company"
              label={t("contact.company")}
              value={contact.company}
              onSave={(company) => save({ company_id: company?.id ?? null }, t("contact.company"))}
            />
            <CompanyReasonLine
              contact={contact}
              reason={profile.company_reason}
              onSave={
                mayChange && stateOf("company_id") === "edit"
                  ? (company_id) => save({ company_id }, t("contact.company"))
                  : undefined
              }
            />
          </>,
        )}
        {field("title", t("contact.title"), contact.title, (text) => ({ title: orNull(text) }))}
        {field("email", t("contact.email"), contact.email, (text) => ({ email: orNull(text) }), "email")}
        {field("phone", t("contact.phone"), contact.phone, (text) => ({ phone: orNull(text) }), "tel")}
        {field("address", t("contact.city"), contact.address.city, (text) => ({
          address: { city: orNull(text) },
        }))}
        {choice("address", t("contact.country"), codeOf(contact.address.country), countries, (country) => ({
          address: { country },
        }))}
        {ruled(
          "tags",
          t("contact.tags"),
          <InlineField
            label={t("contact.tags")}
            text={contact.tags.join(", ")}
            onSave={(text) => save({ tags: splitTags(text) }, t("contact.tags"))}
          >
            {contact.tags.length > 0 && (
              <span className="flex flex-wrap gap-1">
                {contact.tags.map((tag) => (
                  <Badge key={tag}>{tag}</Badge>
                ))}
              </span>
            )}
          </InlineField>,
        )}
        {choice("language", t("contact.language"), contact.language, languages, (language) => ({
          language,
        }))}
      </Facts>
      <MadeOf contact={contact} identities={identities} />
    </>
  );
}

function Totals({ contact }: { contact: Contact }) {
  const t = useT();
  const formats = useFormats();
  const totals = [
    [t("contact.nOrders"), formats.number(contact.n_orders)],
    [
      t("contact.totalSpent"),
      contact.total_spent
        ? formats.money(
            contact.total_spent,
            contact.total_spent.amount_minor > 9_999_99 ? "compact" : "whole",
          )
        : "—",
    ],
    [
      t("contact.lastOrder"),
      contact.last_order_at ? formats.ago(contact.last_order_at, Date.now(), "narrow") : "—",
    ],
  ];
  return (
    <dl className="mb-4 grid grid-cols-[auto_auto_minmax(0,1fr)] divide-x rounded-lg border">
      {totals.map(([label, value]) => (
        <div key={label} className="min-w-0 px-2.5 py-2">
          <dt className="truncate text-2xs text-ink-3">{label}</dt>
          <dd className="numeric truncate text-base font-semibold tracking-tight" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
