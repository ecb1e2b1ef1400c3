import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { useT } from "@/i18n";
import { ChoiceField, TextField } from "@/resources/pickers/fields";
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
              <TextField label={t("company.domain")} {...bind("domain")} inputMode="url" />
              <TextField label={t("company.industry")} {...bind("industry")} />
              <TextField label={t("company.nEmployees")} {...bind("n_employees")} type="number" min={0} />
              <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              <TextField label={t("contact.city")} {...bind("city")} />
              <ChoiceField label={t("contact.country")} {...bind("country")} options={countries} />
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
