import { lazy, Suspense, type ComponentProps } from "react";

import { loadTexts } from "@/i18n";

const SharingCard = lazy(async () => {
  await loadTexts("rights");
  return import("./SharingCard");
});

/** Who is in charge of a record and with whom it is shared, which comes after the page. */
export function LaterSharingCard(props: ComponentProps<typeof SharingCard>) {
  return (
    <Suspense>
      <SharingCard key={props.record.id} {...props} />
    </Suspense>
  );
}
