import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import type { Reference } from "@/api/types";
import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Field } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { ChoiceField, TextField } from "@/resources/pickers/fields";
import { useCountryOptions, useLanguageOptions, useOwnerOptions } from "@/resources/pickers/options";
import { Settable } from "@/resources/session/Ruled";
import { renamed } from "./contactModel";

const BLANK = {
  name: "",
  email: "",
  phone: "",
  title: "",
  city: "",
  country: "",
  language: "",
  owner_id: "",
};

export default function ContactCreate({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const countries = useCountryOptions();
  const languages = useLanguageOptions();
  const owners = useOwnerOptions();
  const [values, setValues] = useState(BLANK);
  const [company, setCompany] = useState<Reference | null>(null);

  return (
    <CreateDialog
      resource="contacts"
      title={t("contacts.new")}
      submit={t("contacts.create")}
      values={() => ({
        ...renamed(values.name),
        email: orNull(values.email),
        phone: orNull(values.phone),
        title: orNull(values.title),
        language: orNull(values.language),
        company_id: company?.id ?? null,
        owner_id: orNull(values.owner_id),
        address: { city: orNull(values.city), country: orNull(values.country) },
      })}
      onCreated={(contact) => {
        toast.success(t("contacts.created", { name: contact.name }));
        return navigate({ to: "/contacts/$id", params: { id: contact.id } });
      }}
      onClose={onClose}
    >
      {(errorOf) => {
        const bind = (key: keyof typeof BLANK) => ({
          value: values[key],
          error: errorOf(key),
          onChange: (value: string) => setValues({ ...values, [key]: value }),
        });
        return (
          <>
            <TextField label={t("contact.name")} {...bind("name")} required autoFocus />
            <div className="grid gap-4 sm:grid-cols-2">
              <Settable kind="contact" field="email">
                <TextField label={t("contact.email")} {...bind("email")} inputMode="email" />
              </Settable>
              <Settable kind="contact" field="phone">
                <TextField label={t("contact.phone")} {...bind("phone")} type="tel" />
              </Settable>
              <Settable kind="contact" field="company_id">
                <Field label={t("contact.company")} error={errorOf("company_id")}>
                  {(props) => (
                    <RecordPicker {...props} kind="company" value={company} onChange={setCompany} />
                  )}
                </Field>
              </Settable>
              <Settable kind="contact" field="title">
                <TextField label={t("contact.title")} {...bind("title")} />
              </Settable>
              <Settable kind="contact" field="address">
                <TextField label={t("contact.city")} {...bind("city")} />
              </Settable>
              <Settable kind="contact" field="address">
                <ChoiceField label={t("contact.country")} {...bind("country")} options={countries} />
              </Settable>
              <Settable kind="contact" field="language">
                <ChoiceField label={t("contact.language")} {...bind("language")} options={languages} />
              </Settable>
              <Settable kind="contact" field="owner_id">
                <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              </Settable>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
