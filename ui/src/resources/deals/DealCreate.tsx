import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Pipeline, Reference } from "@/api/types";
import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Field } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { ChoiceField, TextField } from "@/resources/pickers/fields";
import { useOwnerOptions } from "@/resources/pickers/options";
import { useUser } from "@/resources/session/useSession";
import { currencyOptions, stageOptions, SureChoice } from "./DealInputs";
import { amountOf } from "./dealModel";
import { Settable } from "@/resources/session/Ruled";
import { pipelinesQuery } from "./useBoard";

interface DealCreateProps {
  /** The pipeline that is open. */
  pipeline: Pipeline;
  onClose: () => void;
}

export default function DealCreate({ pipeline: open, onClose }: DealCreateProps) {
  const t = useT();
  const data = useData();
  const formats = useFormats();
  const owners = useOwnerOptions();
  const user = useUser();
  const pipelines = useQuery(pipelinesQuery(data)).data ?? [open];
  const currencies = currencyOptions(formats.currency);
  const [values, setValues] = useState({
    name: "",
    amount: "",
    currency: currencies[0]!,
    expected_close_on: "",
    owner_id: user?.id ?? "",
    pipeline_id: open.id,
    stage_id: open.stages[0]?.id ?? "",
  });
  const [company, setCompany] = useState<Reference | null>(null);
  const [contact, setContact] = useState<Reference | null>(null);
  const amount = amountOf(values.amount, values.currency);
  const pipeline = pipelines.find(({ id }) => id === values.pipeline_id);

  return (
    <CreateDialog
      resource="deals"
      title={t("deals.new")}
      submit={t("deals.create")}
      values={() => ({
        name: values.name.trim(),
        pipeline_id: values.pipeline_id,
        stage_id: values.stage_id,
        amount: amount ?? null,
        expected_close_on: orNull(values.expected_close_on),
        owner_id: orNull(values.owner_id),
        company_id: company?.id ?? null,
        contact_id: contact?.id ?? null,
      })}
      isWrong={amount === undefined}
      onCreated={(deal) => {
        toast.success(t("deals.created", { name: deal.name }));
        onClose();
      }}
      onClose={onClose}
    >
      {(errorOf) => {
        const bind = (key: keyof typeof values) => ({
          value: values[key],
          error: errorOf(key),
          onChange: (value: string) => setValues({ ...values, [key]: value }),
        });
        return (
          <>
            <TextField label={t("deal.name")} {...bind("name")} required autoFocus />
            <div className="grid gap-4 sm:grid-cols-2">
              <Settable kind="deal" field="amount">
                <div className="grid grid-cols-[minmax(0,1fr)_5.5rem] items-start gap-2">
                  <TextField
                    label={t("deal.amount")}
                    {...bind("amount")}
                    error={amount === undefined ? t("deal.notAnAmount") : errorOf("amount")}
                  />
                  <SureChoice
                    label={t("deal.currency")}
                    {...bind("currency")}
                    options={currencies.map((value) => ({ value, label: value }))}
                  />
                </div>
              </Settable>
              <Settable kind="deal" field="expected_close_on">
                <TextField label={t("deal.closeOn")} {...bind("expected_close_on")} type="date" />
              </Settable>
              <SureChoice
                label={t("deal.pipeline")}
                {...bind("pipeline_id")}
                options={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(id) =>
                  setValues({
                    ...values,
                    pipeline_id: id,
                    stage_id: pipelines.find((one) => one.id === id)?.stages[0]?.id ?? "",
                  })
                }
              />
              <SureChoice label={t("deal.stage")} {...bind("stage_id")} options={stageOptions(pipeline)} />
              <Settable kind="deal" field="company_id">
                <Field label={t("contact.company")} error={errorOf("company_id")}>
                  {(props) => (
                    <RecordPicker {...props} kind="company" value={company} onChange={setCompany} />
                  )}
                </Field>
              </Settable>
              <Settable kind="deal" field="contact_id">
                <Field label={t("order.customer")} error={errorOf("contact_id")}>
                  {(props) => (
                    <RecordPicker {...props} kind="contact" value={contact} onChange={setContact} />
                  )}
                </Field>
              </Settable>
              <Settable kind="deal" field="owner_id">
                <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              </Settable>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
