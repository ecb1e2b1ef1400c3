import { lazy, Suspense } from "react";

import { loadTexts } from "@/i18n";
import { useMay } from "@/resources/session/useSession";

const SeenCard = lazy(async () => {
  await loadTexts("audit");
  return import("./SeenCard");
});

/** Who saw a record, for those who may read the audit; it comes after the page. */
export function LaterSeenCard({ id }: { id: string }) {
  if (!useMay("read_audit")) return null;
  return (
    <Suspense>
      <SeenCard key={id} id={id} />
    </Suspense>
  );
}
