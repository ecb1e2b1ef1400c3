import { Copy, Tag } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import type { Contact } from "@/api/types";
import { useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Input } from "@/components/ui/fields";
import { Popover } from "@/components/ui/Popover";
import { useT } from "@/i18n";
import { emailsOf, withTag } from "./contactModel";

/** What can be done with the selected contacts. */
export function ContactSelection({ contacts, onDone }: { contacts: Contact[]; onDone: () => void }) {
  const t = useT();
  const edit = useEdit("contacts");
  const [tag, setTag] = useState("");

  function addTag() {
    const added = tag.trim();
    if (added === "") return;
    for (const contact of contacts.filter((known) => !known.tags.includes(added))) {
      void edit(contact, { tags: withTag(contact, added) }, `${t("contact.tags")} · ${contact.name}`);
    }
    onDone();
  }

  async function copyEmails() {
    await navigator.clipboard.writeText(emailsOf(contacts));
    toast.success(t("contacts.emailsCopied"));
  }

  return (
    <>
      <Popover
        label={t("contacts.addTag")}
        className="w-60"
        trigger={
          <Button>
            <Tag />
            {t("contacts.addTag")}
          </Button>
        }
      >
        <form className="flex gap-2" onSubmit={(event) => (event.preventDefault(), addTag())}>
          <Input
            aria-label={t("contacts.tagName")}
            placeholder={t("contacts.tagName")}
            value={tag}
            onChange={(event) => setTag(event.target.value)}
            autoFocus
          />
          <Button type="submit" variant="primary">
            {t("common.add")}
          </Button>
        </form>
      </Popover>
      <Button onClick={() => void copyEmails()}>
        <Copy />
        {t("contacts.copyEmails")}
      </Button>
    </>
  );
}
