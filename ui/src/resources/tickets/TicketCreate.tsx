import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { Priority, Reference, TicketChannel } from "@/api/types";
import { orNull } from "@/components/admin/columns";
import { CreateDialog } from "@/components/admin/CreateDialog";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Field, Textarea } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { ChoiceField, RequiredChoiceField, TextField } from "@/resources/pickers/fields";
import { useOwnerOptions } from "@/resources/pickers/options";
import { Settable } from "@/resources/session/Ruled";
import { PRIORITIES } from "./TicketBadge";

const CHANNELS: TicketChannel[] = ["phone", "email", "chat", "web"];
const BLANK = { subject: "", body: "", owner_id: "" };

export default function TicketCreate({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const owners = useOwnerOptions();
  const [values, setValues] = useState(BLANK);
  const [priority, setPriority] = useState<Priority>("normal");
  const [channel, setChannel] = useState<TicketChannel>("phone");
  const [customer, setCustomer] = useState<Reference | null>(null);
  return (
    <CreateDialog
      resource="tickets"
      title={t("tickets.new")}
      submit={t("common.add")}
      values={() => ({
        subject: values.subject.trim(),
        body: values.body.trim(),
        owner_id: orNull(values.owner_id),
        contact_id: customer && customer.id,
        priority,
        channel,
      })}
      onCreated={({ id }) => navigate({ to: "/tickets/$id", params: { id } })}
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
            <TextField label={t("ticket.subject")} {...bind("subject")} required autoFocus />
            <Settable kind="ticket" field="body">
              <Field label={t("ticket.body")} error={errorOf("body")}>
                {(props) => (
                  <Textarea
                    {...props}
                    rows={4}
                    value={values.body}
                    onChange={(event) => setValues({ ...values, body: event.target.value })}
                  />
                )}
              </Field>
            </Settable>
            <div className="grid gap-4 sm:grid-cols-2">
              <Settable kind="ticket" field="contact_id">
                <Field label={t("order.customer")} error={errorOf("contact_id")}>
                  {(props) => (
                    <RecordPicker {...props} kind="contact" value={customer} onChange={setCustomer} />
                  )}
                </Field>
              </Settable>
              <Settable kind="ticket" field="channel">
                <RequiredChoiceField
                  label={t("ticket.channel")}
                  value={channel}
                  onChange={setChannel}
                  options={CHANNELS.map((value) => ({ value, label: t(`ticket.by.${value}`) }))}
                />
              </Settable>
              <Settable kind="ticket" field="priority">
                <RequiredChoiceField
                  label={t("ticket.priority")}
                  value={priority}
                  onChange={setPriority}
                  options={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
                />
              </Settable>
              <Settable kind="ticket" field="owner_id">
                <ChoiceField label={t("contact.owner")} {...bind("owner_id")} options={owners} />
              </Settable>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
