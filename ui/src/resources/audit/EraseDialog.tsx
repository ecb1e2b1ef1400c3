import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Contact } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { useMay } from "@/resources/session/useSession";

interface EraseDialogProps {
  contact: Contact;
  onClose: () => void;
}

/** Says what is forgotten of a person and what stays, and does it where that is wanted. */
export default function EraseDialog({ contact, onClose }: EraseDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const formats = useFormats();
  const mayDelete = useMay("write", "contact");
  const [isDeleting, setDeleting] = useState(mayDelete);
  // The deletion comes first, for its entry tells all values; it is not done again where the rest fails.
  const [isDeleted, setDeleted] = useState(false);
  const erase = useMutation({
    mutationFn: async () => {
      if (isDeleting && !isDeleted) {
        await data.deleteContact(contact.id, contact.version);
        setDeleted(true);
      }
      return data.eraseAudit("contact", contact.id);
    },
    onSuccess: async ({ n_erased }) => {
      const text = formats.number(n_erased);
      toast.success(t("audit.erasure.done", { name: contact.name, count: n_erased, text }));
      onClose();
      if (isDeleting) await navigate({ to: "/contacts" });
      // It may stand in any list and on any page.
      await client.invalidateQueries();
    },
  });
  const goes = ["entries", "deliveries", ...(isDeleting ? (["contact"] as const) : [])] as const;
  const stays = ["acts", "others", ...(isDeleting ? [] : (["contact"] as const))] as const;
  const deleteToo = t("audit.erasure.deleteToo");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("audit.erasure.title", { name: contact.name })}
      description={t("audit.erasure.forGood")}
    >
      <div className="scrollbar-thin grid gap-4 overflow-y-auto p-5">
        <Listed
          title={t("audit.erasure.goes")}
          items={goes.map((what) => t(`audit.erasure.goesOf.${what}`))}
        />
        <Listed
          title={t("audit.erasure.stays")}
          items={stays.map((what) => t(`audit.erasure.staysOf.${what}`))}
        />
        {mayDelete && (
          <label className="flex items-center gap-2">
            <Checkbox
              aria-label={deleteToo}
              checked={isDeleting}
              disabled={isDeleted || erase.isPending}
              onCheckedChange={(checked) => setDeleting(checked === true)}
            />
            {deleteToo}
          </label>
        )}
        <Refusal error={erase.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="danger" disabled={erase.isPending} onClick={() => erase.mutate()}>
            {t("audit.erasure.action")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Listed({ title, items }: { title: string; items: string[] }) {
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 grid list-disc gap-1 pl-5 text-ink-2">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}
