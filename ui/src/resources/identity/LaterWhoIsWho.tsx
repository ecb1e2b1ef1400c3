import { lazy, Suspense } from "react";

import { loadTexts } from "@/i18n";

const WhoIsWho = lazy(async () => {
  await Promise.all([loadTexts("identity"), loadTexts("duplicates")]);
  return import("./WhoIsWho");
});

/** Possible duplicates of a contact and what was merged into it; it comes after the page. */
export function LaterWhoIsWho({ contactId }: { contactId: string }) {
  return (
    <Suspense>
      <WhoIsWho key={contactId} contactId={contactId} />
    </Suspense>
  );
}
