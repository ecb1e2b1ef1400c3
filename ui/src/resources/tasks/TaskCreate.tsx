import { useState } from "react";

import type { Priority, Reference } from "@/api/types";
import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Field } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { ChoiceField, RequiredChoiceField, TextField } from "@/resources/pickers/fields";
import { useOwnerOptions } from "@/resources/pickers/options";
import { Settable } from "@/resources/session/Ruled";
import { PRIORITIES } from "@/resources/tickets/TicketBadge";

const BLANK = { title: "", due_on: "", owner_id: "" };

interface TaskCreateProps {
  /** What is known of the task already. */
  title?: string;
  about?: Reference;
  onCreated?: () => void;
  onClose: () => void;
}

export default function TaskCreate({ title = "", about, onCreated, onClose }: TaskCreateProps) {
  const t = useT();
  const owners = useOwnerOptions();
  const [values, setValues] = useState({ ...BLANK, title });
  const [priority, setPriority] = useState<Priority>("normal");
  const [customer, setCustomer] = useState<Reference | null>(about ?? null);
  return (
    <CreateDialog
      resource="tasks"
      title={t("tasks.new")}
      submit={t("common.add")}
      values={() => ({
        title: values.title.trim(),
        due_on: orNull(values.due_on),
        owner_id: orNull(values.owner_id),
        priority,
        subject: customer && { kind: "contact", id: customer.id },
      })}
      onCreated={() => (onCreated?.(), onClose())}
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
            <TextField label={t("tasks.title")} {...bind("title")} required autoFocus />
            <div className="grid gap-4 sm:grid-cols-2">
              <Settable kind="task" field="due_on">
                <TextField label={t("tasks.dueOn")} {...bind("due_on")} type="date" />
              </Settable>
              <Settable kind="task" field="priority">
                <RequiredChoiceField
                  label={t("ticket.priority")}
                  value={priority}
                  onChange={setPriority}
                  options={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
                />
              </Settable>
              <Settable kind="task" field="subject">
                <Field label={t("order.customer")} error={errorOf("subject")}>
                  {(props) => (
                    <RecordPicker {...props} kind="contact" value={customer} onChange={setCustomer} />
                  )}
                </Field>
              </Settable>
              <Settable kind="task" field="owner_id">
                <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              </Settable>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
