import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import { keys } from "@/components/admin/caches";
import { orNull } from "@/components/admin/columns";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { splitName } from "./contactModel";

const BLANK = { name: "", email: "", phone: "", title: "", city: "", country: "" };

export default function ContactCreate({ onClose }: { onClose: () => void }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState(BLANK);

  const create = useMutation({
    mutationFn: () =>
      data.create("contacts", {
        name: values.name.trim(),
        ...splitName(values.name),
        email: orNull(values.email),
        phone: orNull(values.phone),
        title: orNull(values.title),
        address: { city: orNull(values.city), country: orNull(values.country) },
      }),
    onSuccess: async (contact) => {
      void client.invalidateQueries({ queryKey: keys.list("contacts") });
      toast.success(t("contacts.created", { name: contact.name }));
      await navigate({ to: "/contacts/$id", params: { id: contact.id } });
    },
  });
  const violations = create.error instanceof ApiError ? create.error.violations : [];
  const errorOf = (field: string) => {
    const violation = violations.find(({ pointer }) => pointer.endsWith(`/${field}`));
    return violation && problemText(violation);
  };

  const field = (key: keyof typeof BLANK, label: string, more: object = {}) => (
    <Field label={label} error={errorOf(key)}>
      {(props) => (
        <Input
          {...props}
          {...more}
          value={values[key]}
          onChange={(event) => setValues({ ...values, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  const submit = (event: FormEvent) => (event.preventDefault(), create.mutate());

  return (
    <Dialog open onOpenChange={onClose} title={t("contacts.new")}>
      <form onSubmit={submit} className="scrollbar-thin grid gap-4 overflow-y-auto p-5">
        {field("name", t("contact.name"), { required: true, autoFocus: true, autoComplete: "off" })}
        <div className="grid gap-4 sm:grid-cols-2">
          {field("email", t("contact.email"), { inputMode: "email", autoComplete: "off" })}
          {field("phone", t("contact.phone"), { type: "tel", autoComplete: "off" })}
          {field("title", t("contact.title"))}
          {field("city", t("contact.city"))}
          {field("country", t("contact.country"))}
        </div>
        {create.error && violations.length === 0 && (
          <p role="alert" className="text-bad">
            {messageOf(create.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={create.isPending}>
            {t("contacts.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
