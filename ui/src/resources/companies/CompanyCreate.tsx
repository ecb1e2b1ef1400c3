import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { useT } from "@/i18n";
import { ChoiceField, TextField } from "@/resources/pickers/fields";
import { Settable } from "@/resources/session/Ruled";
import { useCountryOptions, useOwnerOptions } from "@/resources/pickers/options";

const BLANK = {
  name: "",
  domain: "",
  industry: "",
  n_employees: "",
  city: "",
  country: "",
  owner_id: "",
};

export default function CompanyCreate({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const countries = useCountryOptions();
  const owners = useOwnerOptions();
  const [values, setValues] = useState(BLANK);

  return (
    <CreateDialog
      resource="companies"
      title={t("companies.new")}
      submit={t("companies.create")}
      values={() => ({
        name: values.name.trim(),
        domain: orNull(values.domain),
        industry: orNull(values.industry),
        // The browser lets only whole numbers through, though they may be written as 1e3.
        n_employees: values.n_employees === "" ? null : Number(values.n_employees),
        owner_id: orNull(values.owner_id),
        address: { city: orNull(values.city), country: orNull(values.country) },
      })}
      onCreated={(company) => {
        toast.success(t("companies.created", { name: company.name }));
        return navigate({ to: "/companies/$id", params: { id: company.id } });
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
            <TextField label={t("company.name")} {...bind("name")} required autoFocus />
            <div className="grid gap-4 sm:grid-cols-2">
              <Settable kind="company" field="domain">
                <TextField label={t("company.domain")} {...bind("domain")} inputMode="url" />
              </Settable>
              <Settable kind="company" field="industry">
                <TextField label={t("company.industry")} {...bind("industry")} />
              </Settable>
              <Settable kind="company" field="n_employees">
                <TextField label={t("company.nEmployees")} {...bind("n_employees")} type="number" min={0} />
              </Settable>
              <Settable kind="company" field="owner_id">
                <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              </Settable>
              <Settable kind="company" field="address">
                <TextField label={t("contact.city")} {...bind("city")} />
              </Settable>
              <Settable kind="company" field="address">
                <ChoiceField label={t("contact.country")} {...bind("country")} options={countries} />
              </Settable>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
