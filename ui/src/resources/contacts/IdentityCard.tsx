import { Link } from "@tanstack/react-router";
import { Database } from "lucide-react";
import { useState } from "react";

import type { Contact, ContactPatch, Identity, ContactProfile } from "@/api/types";
import { orNull, splitTags } from "@/components/admin/columns";
import { InlineField } from "@/components/admin/InlineField";
import { useEdit } from "@/components/admin/useEdit";
import { Avatar, Badge, Fact, Facts } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { SourceRecords } from "./SourceRecords";

/** Who the customer is, every field changeable in place, and from which sources that is known. */
export function IdentityCard({ profile }: { profile: ContactProfile }) {
  const { contact, identities } = profile;
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("contacts");
  const save = (change: ContactPatch, what: string) => void edit(contact, change, what);
  const field = (
    what: string,
    text: string | null,
    change: (text: string) => ContactPatch,
    type?: "email" | "tel",
  ) => (
    <Fact label={what}>
      <InlineField
        label={what}
        text={text ?? ""}
        {...(type ? { type } : {})}
        onSave={(next) => save(change(next), what)}
      />
    </Fact>
  );

  return (
    <>
      <div className="mb-4 flex items-center gap-3">
        <Avatar name={contact.name} size="lg" />
        <div className="min-w-0 flex-1">
          <InlineField
            label={t("contact.name")}
            text={contact.name}
            isRequired
            onSave={(name) => save({ name: name.trim() }, t("contact.name"))}
          >
            <span className="block truncate text-base font-semibold">{contact.name}</span>
          </InlineField>
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
        {field(t("contact.title"), contact.title, (text) => ({ title: orNull(text) }))}
        {field(t("contact.email"), contact.email, (text) => ({ email: orNull(text) }), "email")}
        {field(t("contact.phone"), contact.phone, (text) => ({ phone: orNull(text) }), "tel")}
        {field(t("contact.city"), contact.address.city, (text) => ({ address: { city: orNull(text) } }))}
        <Fact label={t("contact.country")}>
          {contact.address.country ? formats.country(contact.address.country) : <None />}
        </Fact>
        <Fact label={t("contact.tags")}>
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
          </InlineField>
        </Fact>
        <Fact label={t("contact.owner")}>{contact.owner?.name ?? <None />}</Fact>
        <Fact label={t("contact.language")}>
          {contact.language ? formats.languageName(contact.language) : <None />}
        </Fact>
      </Facts>
      <Sources contactId={contact.id} identities={identities} />
    </>
  );
}

const None = () => <span className="text-ink-3">—</span>;

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
    <dl className="mb-4 grid grid-cols-3 divide-x rounded-lg border">
      {totals.map(([label, value]) => (
        <div key={label} className="min-w-0 px-2 py-1.5">
          <dt className="truncate text-2xs text-ink-3">{label}</dt>
          <dd className="numeric truncate text-xs font-semibold" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Sources({ contactId, identities }: { contactId: string; identities: Identity[] }) {
  const t = useT();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="mt-5">
      <h2 className="mb-1.5 text-xs font-medium text-ink-2">{t("contact.sources")}</h2>
      <ul className="divide-y rounded-lg border">
        {identities.map((identity) => (
          <li key={identity.id} className="px-3 py-2">
            <p className="flex items-baseline justify-between gap-2">
              <span className="truncate font-medium">{identity.source.name}</span>
              <span className="shrink-0 text-xs text-ink-3">
                {t("contact.nRecords", { count: identity.n_records })}
              </span>
            </p>
            <p className="truncate text-xs text-ink-2" title={identity.profile_key}>
              {identity.profile_key}
            </p>
            <p className="text-xs text-ink-3">
              {t(`contact.rule.${identity.rule}`)} · {formats.date(identity.linked_at)}
            </p>
          </li>
        ))}
      </ul>
      {identities.length > 0 && (
        <Button variant="ghost" size="sm" className="mt-1.5 -ml-2" onClick={() => setOpen(true)}>
          <Database />
          {t("contact.showRecords")}
        </Button>
      )}
      {isOpen && <SourceRecords contactId={contactId} onClose={() => setOpen(false)} />}
    </section>
  );
}
