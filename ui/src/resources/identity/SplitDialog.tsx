import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Identity, Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { TextField } from "@/resources/pickers/fields";
import { useRefreshPeople } from "./useRefreshPeople";

interface SplitDialogProps {
  contact: Reference;
  identities: Identity[];
  /** The one that was pointed at. */
  chosen: string;
  onClose: () => void;
}

/** Splits some of a contact's sources off into a contact of their own. */
export default function SplitDialog({ contact, identities, chosen, onClose }: SplitDialogProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const refreshPeople = useRefreshPeople();
  const [goes, setGoes] = useState<ReadonlySet<string>>(new Set([chosen]));
  const [name, setName] = useState(contact.name);
  const [reason, setReason] = useState("");
  const isAll = goes.size === identities.length;
  const split = useMutation({
    mutationFn: () => data.splitContact(contact.id, [...goes], name.trim() || null, reason.trim() || null),
    onSuccess: ({ contact: made, n_ambiguous }) => {
      const open = () => void navigate({ to: "/contacts/$id", params: { id: made.id } });
      const text = formats.number(n_ambiguous);
      toast.success(t("identity.split", { name: made.name }), {
        ...(n_ambiguous > 0
          ? { description: t("identity.stayedAmbiguous", { count: n_ambiguous, text }) }
          : {}),
        action: { label: t("identity.open", { name: made.name }), onClick: open },
      });
      onClose();
      refreshPeople();
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
    },
  });

  function toggle(id: string, isOn: boolean) {
    const next = new Set(goes);
    if (isOn) next.add(id);
    else next.delete(id);
    setGoes(next);
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("identity.splitTitle", { name: contact.name })}
      description={t("identity.splitHint")}
    >
      <form
        className="scrollbar-thin grid grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), split.mutate())}
      >
        <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1.5">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t("identity.splitWhich")}</legend>
          {identities.map(({ id, source, profile_key, n_records }) => (
            <label key={id} className="flex items-center gap-2">
              <Checkbox
                aria-label={`${source.name}, ${profile_key}`}
                checked={goes.has(id)}
                onCheckedChange={(checked) => toggle(id, checked === true)}
              />
              <span className="min-w-0 truncate">
                {source.name} <span className="text-ink-2">{profile_key}</span>
              </span>
              <span className="ml-auto shrink-0 text-xs text-ink-3">
                {t("contact.nRecords", { count: n_records })}
              </span>
            </label>
          ))}
          {isAll && (
            <p role="alert" className="text-xs text-bad">
              {t("identity.splitAll")}
            </p>
          )}
        </fieldset>
        <TextField label={t("identity.newName")} value={name} onChange={setName} />
        <TextField label={t("identity.reason")} value={reason} onChange={setReason} />
        <Refusal error={split.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={goes.size === 0 || isAll || split.isPending}>
            {t("identity.splitAction")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
