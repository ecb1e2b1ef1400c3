import { Copy, Tag } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import type { Contact } from "@/api/types";
import { useBulkEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Input } from "@/components/ui/fields";
import { Popover } from "@/components/ui/Popover";
import { useT } from "@/i18n";
import { LaterMerge } from "@/resources/identity/LaterMerge";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { emailsOf, withTag } from "./contactModel";

/** What can be done with the selected contacts. */
export function ContactSelection({ contacts, onDone }: { contacts: Contact[]; onDone: () => void }) {
  const t = useT();
  const stateOf = useFieldState("contact");
  const mayWrite = useMay("write", "contact") && stateOf("tags") === "edit";
  const edit = useBulkEdit("contacts");
  const [tag, setTag] = useState("");
  const [first, second] = contacts;

  function addTag() {
    const added = tag.trim();
    if (added === "") return;
    const without = contacts.filter(({ tags }) => !tags.includes(added));
    void edit(
      without,
      (contact) => ({ tags: withTag(contact, added) }),
      t("contacts.tagged", { tag: added }),
    );
    onDone();
  }

  async function copyEmails() {
    try {
      // Browsers offer the clipboard to secure pages only, and people can refuse it.
      await navigator.clipboard.writeText(emailsOf(contacts));
      toast.success(t("contacts.emailsCopied"));
    } catch {
      toast.error(t("contacts.notCopied"), { description: t("contacts.notCopiedHint") });
    }
  }

  return (
    <>
      {mayWrite && (
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
      )}
      {first && second && contacts.length === 2 && (
        <LaterMerge label={t("contacts.merge")} first={first} second={second} onMerged={onDone} />
      )}
      {stateOf("email") !== "hidden" && (
        <Button onClick={() => void copyEmails()}>
          <Copy />
          {t("contacts.copyEmails")}
        </Button>
      )}
    </>
  );
}
