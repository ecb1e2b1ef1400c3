import { Eraser } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Contact } from "@/api/types";
import { IconButton } from "@/components/ui/Button";
import { loadTexts, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";

const EraseDialog = lazy(async () => {
  await Promise.all([loadTexts("audit"), loadTexts("access")]);
  return import("./EraseDialog");
});

/** The way to forget a person, for those who may; what it needs comes when it is opened. */
export function LaterErase({ contact }: { contact: Contact }) {
  const t = useT();
  const mayReadAudit = useMay("read_audit");
  const mayAdminister = useMay("administer");
  const [isOpen, setOpen] = useState(false);
  if (!mayReadAudit || !mayAdminister) return null;
  return (
    <>
      <IconButton label={t("contact.erase")} onClick={() => setOpen(true)}>
        <Eraser />
      </IconButton>
      {isOpen && (
        <Suspense>
          <EraseDialog contact={contact} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
